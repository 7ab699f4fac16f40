"""Certificates of proofs over boxes: confirmed as they are, and by the script; rejected with
anything altered; and false statements are never shown."""

from __future__ import annotations

import base64
import copy
import json
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gembounds import Claim, Mixture
from gembounds.cli import main as command
from gembounds.points.point import Point
from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.workers import described
from gembounds.referee.proving import prove
from gembounds.referee.verify.box_proofs import WRONG, confirm_proof
from gembounds.referee.verify.boxes.check import check, digest_of
from gembounds.referee.verify.boxes.piece import Piece
from gembounds.referee.verify.boxes.problem import Proof
from gembounds.statements import (
    L,
    S,
    U,
    const,
    exp,
    largest,
    log,
    maximum,
    mean_square,
    mu_max,
    norms,
    pi,
    pi_max,
    real,
    sqrt,
)  # fmt: skip
from gembounds.statements.decide import decide
from gembounds.tools.errors import InputError
from gembounds.tools.kept import Results
from gembounds.tools.workers import processes

PLACE = Path(__file__).parents[3] / "reports" / "proofs" / "check_box_proof.py"

LINE = {"means": [[["-1", "1"]], [["-1", "1"]]], "weights": [["1/4", "3/4"], None]}
EQUAL = {"means": [[["-5/4", "5/4"]], [["-5/4", "5/4"]]], "weights": None}
PLANE = {
    "means": [[["1/2", "1"], ["-1/2", "1/2"]], [["-1/2", "1/2"], ["0", "1/2"]]],
    "weights": [["2/5", "3/5"], None],
}
THREE = {
    "means": [[["-1/2", "0"]], [["0", "1/2"]], ["1/4"]],
    "weights": [["1/4", "1/3"]] * 2 + [None],
}
NUMBER = {"means": [["0"]], "weights": ["1"], "parameters": {"c": ["0", "2"]}}
ALONE = {"means": [[["-1", "3/2"]]], "weights": ["1"]}


def redigested(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "digest": digest_of(data)}


def proved(claim: Claim, box: dict[str, Any]) -> dict[str, Any]:
    found = prove(claim, box)
    assert found.verdict == "proved" and found.certificate is not None
    return found.certificate


@pytest.fixture(scope="module")
def proof() -> dict[str, Any]:
    """Leaves of all kinds."""
    claim = Claim("lemma", const("share", "5/8") * mean_square >= L, when=mu_max >= Fraction(1, 2))
    made = proved(claim, EQUAL)
    assert set(made["leaves"]) >= set("omls") and len(made["leaves"]) < 100
    return made


c = real("c", 0, 2)


@pytest.mark.parametrize(
    ("claim", "box"),
    [
        (Claim("parameter", exp(-c) < 1 + U - c / 2 + c**2 / 2 + Fraction(1, 100)), NUMBER),
        (Claim("powers", (1 + c) ** c * sqrt(1 + c) <= U + 2 * (1 + c) ** Fraction(5, 2)), NUMBER),
        (Claim("plane", mean_square <= U * Fraction(3, 4) + Fraction(1, 10)), PLANE),
        (
            Claim("three", L < mean_square + largest(pi * norms) / 10, when=U >= Fraction(1, 8)),
            THREE,
        ),
        (Claim("tie", mean_square >= 0), LINE),
        (Claim("alone", maximum(L, mean_square) <= abs(mu_max) ** 2 + Fraction(1, 9)), ALONE),
        (Claim("weights", log(pi) >= -2, when=pi_max <= Fraction(7, 10)), LINE),
    ],
    ids=lambda x: getattr(x, "id", ""),
)
def test_what_is_proved_is_confirmed(claim: Claim, box: dict[str, Any]) -> None:
    made = proved(claim, box)
    assert confirm_proof(made, jobs=1) == []
    assert check(made, sample=3, seed=1) == []


# -- the script ------------------------------------------------------------------------------
def run(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PLACE), *arguments], capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_the_script_confirms_and_rejects_without_gembounds(
    proof: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof))
    count = len(proof["leaves"])
    assert run(str(file)) == (0, f"{count} of {count} leaves shown: {proof['text']}\n", "")
    assert run(str(file), "--sample", "5")[1].startswith(f"5 of {count} leaves shown")
    file.write_text(json.dumps(redigested({**proof, "constants": {"share": "9/16"}})))
    status, out, _ = run(str(file))
    assert status == 1 and "is not shown" in out
    for text in ("[]", "{", json.dumps({**proof, "rules": [1]}), "[" * 10**5, '{"digest": 1}'):
        file.write_text(text)
        status, out, err = run(str(file))
        assert status in (1, 2) and (out + err).count("\n") == 1 and "Traceback" not in err
    assert run(str(tmp_path / "none.json"))[0] == 2
    file.write_text(json.dumps(proof))
    assert run(str(file), "--sample", "0")[0] == 2


# -- tampering -------------------------------------------------------------------------------
def at(*path: Any, put: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = put

    return change


def recoded(field: str, f: Callable[[bytes], bytes]) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        raw = base64.b64decode(data[field])
        data[field] = base64.b64encode(f(raw)).decode()

    return change


def dual_bytes(f: Callable[[bytes], bytes]) -> Callable[[dict[str, Any]], None]:
    return recoded("duals", lambda raw: zlib.compress(f(zlib.decompress(raw))))


def relabelled(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        data["leaves"] = data["leaves"].replace(old, new, 1)

    return change


def a_step(data: dict[str, Any]) -> None:
    for r in data["rules"]:
        r["step"] = str(4 * Fraction(r["step"]))


def without_factor(raw: bytes) -> bytes:
    """y and B are 0: one dual point a leaf, of two variables."""
    return b"".join(raw[k : k + 1] + bytes(9) for k in range(0, len(raw), 10))


ALTERED = {
    "box": at("box", "means", 0, 0, put=["-2", "2"]),
    "a little more box": at("box", "means", 0, 0, put=["-5/4", "4/3"]),
    "another mirror": at("box", "means", 0, 0, put=["-6/5", "5/4"]),
    "no interval": at("box", "means", 0, 0, put=["5/4", "-5/4"]),
    "float": at("box", "means", 0, 0, put=[-1.25, 1.25]),
    "huge number": at("box", "means", 0, 0, put=["-1e999999", "1"]),
    "rows": at("box", "means", 0, put=[["0", "1"], ["0", "1"]]),
    "weights": at("box", "weights", put=["1/3", "2/3"]),
    "weights that do not add up": at("box", "weights", put=["1/2", "1/3"]),
    "free weights": at("box", "weights", put=[["1/4", "3/4"], ["1/4", "3/4"]]),
    "rest": at("box", "rest", put=7),
    "constant": at("constants", "share", put="9/16"),
    "condition": at("tree", "when", 0, 2, put=["num", "0"]),
    "no condition": at("tree", "when", put=[]),
    "sign": at("tree", "relation", 0, put="<="),
    "equality": at("tree", "relation", 0, put="=="),
    "no sign": at("tree", "relation", 0, put="!="),
    "symbol": at("tree", "relation", 1, 2, 2, put="S"),
    "symbol of a paper": at("tree", "relation", 1, 2, 1, put="xu-fazel-du-2024"),
    "no symbol": at("tree", "relation", 1, 2, 2, put="overlaps"),
    "no operation": at("tree", "relation", 1, 0, put="%"),
    "steps": a_step,
    "count": lambda data: [r.update(count=3) for r in data["rules"]],
    "huge count": lambda data: [r.update(count=10**9) for r in data["rules"]],
    "distance": lambda data: [r.update(distance="64") for r in data["rules"]],
    "no rules": at("rules", put=[]),
    "o to m": relabelled("o", "m"), "o to f": relabelled("o", "f"),
    "m to o": relabelled("m", "o"), "l to o": relabelled("l", "o"), "l to m": relabelled("l", "m"),
    "l to f": relabelled("l", "f"), "s to o": relabelled("s", "o"), "s to m": relabelled("s", "m"),
    "s to l": relabelled("s", "l"), "s to f": relabelled("s", "f"),
    "unknown": relabelled("l", "x"),
    "one leaf less": lambda data: data.update(leaves=data["leaves"][:-1]),
    "one leaf more": lambda data: data.update(leaves=data["leaves"] + "m"),
    "one leaf": lambda data: data.update(splits="AA==", leaves="l"),
    "first split": recoded("splits", lambda raw: bytes([raw[0] ^ 0x80]) + raw[1:]),
    "first axis": recoded("splits", lambda raw: bytes([raw[0] ^ 0x40]) + raw[1:]),
    "cut tree": recoded("splits", lambda raw: raw[:-1]),
    "longer tree": recoded("splits", lambda raw: raw + b"\0"),
    "dual points": dual_bytes(without_factor),
    "cut duals": dual_bytes(lambda raw: raw[:-1]),
    "longer duals": dual_bytes(lambda raw: raw + b"\0"),
    "cut stream": recoded("duals", lambda raw: raw[:-1]),
    "no stream": recoded("duals", lambda raw: b"no"),
    "no base64": at("duals", put="%%%"),
    "no base64 tree": at("splits", put="%%%"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERED)
def test_a_proof_that_is_altered_is_rejected(name: str, proof: dict[str, Any]) -> None:
    """By its digest; and with a new one, because a leaf is not shown or nothing is said."""
    altered = copy.deepcopy(proof)
    ALTERED[name](altered)
    assert altered != proof
    assert check(altered) == ["the digest is not that of the content"]
    with suppress(*WRONG):
        assert check(redigested(altered)) != []


def test_what_is_said_is_what_the_trees_say(proof: dict[str, Any]) -> None:
    """A constant is in the text as it is; what is decided in place of a relation is not
    trusted."""
    assert proof["text"] == "mu_max >= 1/2: 5/8 E|psi~|^2 >= L"
    weaker = {**proof, "constants": {"share": "7"}}
    assert confirm_proof(redigested(weaker)) == [
        "its text is not that of the claim: mu_max >= 1/2: 7 E|psi~|^2 >= L"
    ]
    for name, value in (("text", "U >= 0"), ("statement", "0" * 64), ("gembounds", 2)):
        wrong = confirm_proof(redigested({**proof, name: value}))
        assert wrong[0].startswith(f"its {name} is not that of the claim")
    other = copy.deepcopy(proof)
    other["tree"] |= {"decided_by": other["tree"]["relation"]}
    other["tree"]["relation"] = ["<=", ["num", "1"], ["num", "0"]]
    other["text"] = "mu_max >= 1/2: 1 <= 0"
    assert confirm_proof(redigested(other)) == ["it is about 5/8 E|psi~|^2 >= L, not about 1 <= 0"]
    assert "not installed" in confirm_proof(redigested({**proof, "paper": "none"}))[0]
    paper = redigested({**proof, "paper": "xu-fazel-du-2024"})
    assert "has no claim lemma" in confirm_proof(paper)[0]


def deep(levels: int) -> Any:
    tree: Any = ["num", "1"]
    for _ in range(levels):
        tree = ["neg", tree]
    return tree


TREE = {"relation": ["<=", ["num", "1"], ["num", "2"]], "decided_by": None, "over": "mixtures"}
DEEP, RATHER_DEEP = (["<", deep(k), deep(1)] for k in (900, 390))

MALFORMED: dict[str, dict[str, Any]] = {
    "number": {"leaves": 7}, "a field more": {"x": 1}, "list": {"box": {"means": 3}},
    "rules": {"rules": [None]}, "tree": {"tree": {}}, "constants": {"constants": {"share": []}},
    "duals": {"duals": "AAAA"}, "claim": {"claim": "../x"}, "splits": {"splits": ""},
    "weights": {"box": {"means": [], "weights": ["1"]}}, "parameters": {"box": {"parameters": 1}},
    "deep": {"tree": {**TREE, "when": [DEEP]}},
    "rather deep": {"tree": {**TREE, "when": [RATHER_DEEP]}},
    "power": {"tree": {**TREE, "when": [["<", ["^", deep(2), ["num", "1000000000"]], deep(1)]]}},
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_proof_is_told_in_one_line(
    name: str, proof: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(redigested({**proof, **MALFORMED[name]})))
    status = command(["verify", str(file)])
    found = capsys.readouterr()
    assert status in (1, 2) and "Traceback" not in found.out + found.err
    assert found.out.count("\n") + found.err.count("\n") <= 2


def test_what_cannot_be_done_is_not_said_of_the_proof(
    proof: dict[str, Any], tmp_path: Path
) -> None:
    """As where no result can be kept."""
    (tmp_path / "file").touch()
    with processes(1) as workers:
        workers.kept = Results(tmp_path / "file" / "keep", {}, pytest.fail)
        with pytest.raises(InputError, match="cannot be written"):
            confirm_proof(proof, workers)


# -- false statements ------------------------------------------------------------------------
def forged(claim: Claim, box: dict[str, Any], rules: list[Any]) -> dict[str, Any]:
    return {**described(claim, Box.from_json(box)), "rules": rules}


def shown(data: dict[str, Any], most: int) -> list[list[tuple[int, int]]]:
    """The pieces that the checker would take, halving every other one by its widest side."""
    proof, found, looked = Proof(data), [], 0
    waiting = [[(0, 0)] * proof.count]
    while waiting and looked < most:
        cell, looked = waiting.pop(0), looked + 1
        piece = Piece(proof, cell)
        if piece.is_outside() or piece.is_mirrored() or piece.by_lemma() or piece.by_forms([]):
            found.append(cell)
        elif proof.count:
            widths = [b - a for a, b in piece.ends]
            axis = max(range(proof.count), key=lambda k: (widths[k], -k))
            a, k = cell[axis]
            halves = [(2 * a, k + 1), (2 * a + 1, k + 1)]
            waiting += [[*cell[:axis], half, *cell[axis + 1 :]] for half in halves]
    return [] if waiting or not proof.count else found


TINY = Fraction(1, 2000)
SPIKE = exp(-10000 * ((c - Fraction(7, 9)) / TINY) ** 2 / 10000)
STEP = exp(-exp(400 * (pi - Fraction(4, 25)))) + exp(-exp(-400 * (pi - Fraction(3, 10))))
CUT = {"means": [["0"], ["1"]], "weights": [["1/20", "19/20"], ["9/50", "1/5"]]}

FALSE = [
    (Claim("constant", L <= Fraction(9, 16) * mean_square), LINE),
    (Claim("everywhere", L <= 0), LINE),
    (Claim("strict", mean_square > mean_square), LINE),
    (Claim("strict-at-0", U > 0), LINE),
    (Claim("strict-at-an-end", c**2 < 4 + U), NUMBER),
    (Claim("narrow", SPIKE <= U + Fraction(99, 100)), NUMBER),
    (Claim("end-of-the-condition", mu_max > Fraction(1, 2), when=mu_max >= Fraction(1, 2)), LINE),
    (Claim("end-of-a-weight", pi_max < Fraction(3, 4)), LINE),
    (Claim("entry", norms <= Fraction(1, 8)), THREE),
    (Claim("nest", maximum(abs(L - mean_square), -U) < Fraction(1, 8)), LINE),
    (Claim("undefined-root", sqrt(U - 1) >= -1), LINE),
    (Claim("undefined-logarithm", log(U - 1) <= 5), LINE),
    (Claim("division", 1 / (mean_square - Fraction(1, 4)) <= 10), LINE),
    (Claim("divided", -1 / const("k", 1) <= U).with_constants(k=Fraction(-4)), LINE),
    (Claim("rest-outside", STEP >= Fraction(1, 2)), CUT),
    (Claim("turned", mean_square <= Fraction(1, 2)), PLANE),
    (Claim("alone", L < mean_square / 2), ALONE),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "box"), FALSE, ids=lambda x: getattr(x, "id", ""))
def test_no_false_statement_is_shown(
    claim: Claim, box: dict[str, Any], proof: dict[str, Any]
) -> None:
    """Not on all of the box, by any reasons and pieces of equal sides."""
    assert shown(forged(claim, box, proof["rules"]), 40) == []


def drawn(made: Box, reading: Proof, piece: Piece, rng: random.Random) -> Point | None:
    """A point of the piece, often at its ends; None where the rest's weight is outside."""
    value = {
        (v.kind, v.key): low
        + (high - low) * Fraction(rng.choice([0, 100, rng.randint(1, 99)]), 100)
        for v, (low, high) in zip(reading.variables, piece.ends, strict=True)
    }
    numbers = {k: value.get(("parameter", k), x[0]) for k, x in made.parameters.items()}
    if not made.n:
        return Point(None, numbers)
    weights = [value.get(("weight", i), w[0]) for i, w in enumerate(made.weights)]
    if made.rest is not None:
        others = [w for i, w in enumerate(weights) if i != made.rest]
        weights[made.rest] = 1 - sum(others, Fraction(0))
        low, high = made.weights[made.rest]
        if not low <= weights[made.rest] <= high:
            return None
    rows = [[value.get(("mean", i), x[0])] for i, x in enumerate(reading.means)]
    if reading.turned:
        rows = [[*row, value["offset", None]] for row in rows]
    return Point(Mixture(rows, weights), numbers)


@pytest.mark.parametrize(
    ("relation", "box"),
    [
        (lambda t: L <= t * mean_square, LINE), (lambda t: maximum(L, S / 4) <= t * U, THREE),
        (lambda t: mean_square <= t * exp(mu_max), PLANE),
        (lambda t: (2 + c) ** c <= U + 9 * t, NUMBER),
        (lambda t: pi * norms <= t, THREE),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_piece_holds_there(
    relation: Any, box: dict[str, Any], proof: dict[str, Any]
) -> None:
    """Of statements with all sorts of constants, at the corners and inside."""
    rng, made, taken = random.Random(4), Box.from_json(box), 0
    for k in (2, 3, 4, 5, 8, 12):
        claim = Claim("x", relation(Fraction(k, 8)))
        data = forged(claim, box, proof["rules"])
        reading = Proof(data)
        for _ in range(6):
            cell = [(rng.randrange(4), 2) for _ in range(reading.count)]
            piece = Piece(reading, cell)
            if not (piece.by_lemma() or piece.by_forms([])):
                continue
            taken += 1
            for _ in range(3):
                point = drawn(made, reading, piece, rng)
                if point is not None:
                    assert decide(claim, point).outcome != "refuted"
    assert taken > 3
