"""Certificates forged at random, their digests made anew: the judge says confirmed, rejected, or
in one line that it is none; it never fails otherwise, and confirms nothing that was altered."""

from __future__ import annotations

import copy
import json
import os
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import gembounds
from gembounds import Mixture
from gembounds.points.point import Point
from gembounds.proving.record import digest
from gembounds.referee.certificate import certificate
from gembounds.referee.verify.confirm import confirm, read, remark
from gembounds.statements import U, const, exp, gradient_norm, library, mean_square, mu_max, real
from gembounds.statements.claim import Claim
from gembounds.statements.decide import decide
from gembounds.tools.errors import InputError
from tests.command_line import run

CERTIFICATES = Path(gembounds.__file__).parent.parent / "reports" / "certificates"
CHEAP = ("eq-39c", "eq-18c", "lemma-15", "eq-15", "lemma-12.1", "eq-29-case-a")
ROUNDS = int(os.environ.get("GEMBOUNDS_FORGED", "400"))
"""Forgeries (a choice: seconds; thousands were tried by hand)."""

OWN = (
    Claim("half", mean_square <= const("share", Fraction(1, 2)) * mu_max**2),
    Claim("rate", exp(-U) * gradient_norm + real("c", 0, 1) <= mean_square, when=U <= 3),
)

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 10**6, 10**30, 1.5, float("nan"), float("inf"), "", "x", "0",
    "1", "-1", "1/3", "1/0", "1e9", "1e99999", "-1e-99999", "1*2^3", "-1*2^5", "1*2^999999999999",
    "0" * 5000, [], {}, [[]], [1], ["1"], {"a": 1}, ["num", "1"], ["num", "1e9"], "\u2265",
    ["neg", ["num", "1"]], ["log", ["num", "0"]], ["/", ["num", "1"], ["num", "0"]], "lemma-15",
    ["exp", ["exp", ["num", "1000"]]], ["^", ["num", "3"], ["num", "100000"]], "arb", 64, "tree",
)  # fmt: skip


def genuine() -> list[dict[str, Any]]:
    found = [json.loads((CERTIFICATES / f"{name}.json").read_text()) for name in CHEAP]
    points = (Point(Mixture([[1], ["9/10"]])), Point(Mixture([[1], [0]]), {"c": Fraction(1)}))
    own = [certificate(c, p) for c, p in zip(OWN, points, strict=True)]
    return found + [json.loads(json.dumps(c)) for c in own]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else ()
    found = []
    for key, item in enumerate(value) if isinstance(value, list) else pairs:
        found += [(*path, key), *places(item, (*path, key))]
    return found


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def forged(rng: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """``data`` with one place changed: its value, its key, its order, what it is nested in."""
    new = copy.deepcopy(data)
    path = rng.choice([p for p in places(data) if p[0] != "digest"])
    path = path[: rng.randint(1, len(path))] if rng.random() < 0.5 else path
    parent, key, old = at(new, path[:-1]), path[-1], at(new, path)
    kind = rng.choice(("set", "set", "set", "delete", "twice", "digits", "deep", "other", "key"))
    if kind == "delete":
        del parent[key]
    elif kind == "twice" and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(old))
    elif kind == "digits" and isinstance(old, str):
        parent[key] = rng.choice((old + "0", "-" + old, old.replace("1", "2"), f"{old}/3"))
    elif kind == "deep":
        for _ in range(rng.choice((3, 100, 390, 440))):
            parent[key] = rng.choice(([parent[key]], ["neg", parent[key]], {"a": parent[key]}))
    elif kind == "other":
        parent[key] = copy.deepcopy(at(data, rng.choice(places(data))))
    elif kind == "key":
        inner = parent if isinstance(parent, dict) else new
        inner[rng.choice(("note", "paper", "tree", "x"))] = copy.deepcopy(rng.choice(VALUES))
    else:
        parent[key] = copy.deepcopy(rng.choice(VALUES))
    return new


def mathematics(data: dict[str, Any]) -> str:
    """What a certificate says, without who made it, by what, and how nobody's claim is called."""
    no_matter = ["versions", "digest", "form"] + ["claim"] * (data.get("paper") is None)
    return json.dumps({k: v for k, v in data.items() if k not in no_matter})


@pytest.mark.parametrize("seed", [0])
def test_no_forgery_is_confirmed_and_none_fails_otherwise(seed: int) -> None:
    rng, known, seen = random.Random(seed), genuine(), Counter[str]()
    assert all(confirm(data) == [] for data in known)
    for _ in range(ROUNDS):
        data = rng.choice(known)
        new = forged(rng, data)
        if mathematics(new) == mathematics(data):
            continue
        new["digest"] = digest(new)
        try:
            wrong = confirm(new)
        except InputError as error:
            assert "\n" not in str(error) and len(str(error)) < 200
            seen["refused"] += 1
            continue
        if not wrong and "tree" not in new:  # as one made before there were trees
            assert new["claim"] == data["claim"] and new["point"] == data["point"]
            assert "as a point of: " in (remark(new) or "")
            continue
        if not wrong:  # a point that is another, at which the same is violated too
            assert mathematics({**new, "point": data["point"]}) == mathematics(data), new
            claim = next((c for c in OWN if c.id == data["claim"]), None)
            claim = library.get(data["claim"]) if claim is None else claim
            assert decide(claim, Point.from_json(new["point"])).outcome == "refuted", new
        seen["rejected" if wrong else "confirmed"] += 1
    assert min(seen["refused"], seen["rejected"]) > ROUNDS / 10 and seen["confirmed"] < ROUNDS / 50


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"point": []}, "point is []: give an object"),
        ({"rhs": "0"}, "rhs is '0': give an object of texts, lower and upper"),
        ({"rhs": {"lower": "0"}}, "rhs is {'lower': '0'}: give an object of texts"),
        ({"entry": False}, "entry is False: give a whole number"),
        ({"bits": 64.0}, "bits is 64.0: give a whole number"),
        ({"claim": ["eq-39c"]}, "claim is ['eq-39c']: give a text"),
        ({"paper": {}}, "paper is {}: give a text, or null"),
        ({"constants": {"rate": 1}}, "constants is {'rate': 1}: give an object of texts"),
        ({"domain": {}}, "domain is {}: give a list of objects"),
        ({"tree": []}, "tree is []: give an object"),
        ({"note": "mine"}, "has the unknown field 'note'"),
    ],
)
def test_what_is_none_by_its_form_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], message: str
) -> None:
    data = {**json.loads((CERTIFICATES / "eq-39c.json").read_text()), **changes}
    path = tmp_path / "forged.json"
    path.write_text(json.dumps({**data, "digest": digest(data)}))
    status, out, err = run(capsys, "verify", str(path))
    assert (status, out) == (2, "") and message in err and err.count("\n") == 1


@pytest.mark.parametrize("depth", [449, 500, 990, 100_000])
def test_deep_nesting_is_one_line(tmp_path: Path, depth: int) -> None:
    data = json.loads((CERTIFICATES / "eq-39c.json").read_text())
    text = json.dumps({**data, "tree": {"over": "DEEP"}})
    path = tmp_path / "deep.json"
    path.write_text(text.replace('"DEEP"', "[" * depth + "]" * depth))
    with pytest.raises(InputError, match=r"deep.json: is (nested more than|not JSON \(nested)"):
        read(path)


def test_a_field_given_twice_is_no_certificate(tmp_path: Path) -> None:
    text = (CERTIFICATES / "eq-39c.json").read_text()
    path = tmp_path / "twice.json"
    path.write_text(text.replace('"claim":', '"claim": "eq-39d", "claim":', 1))
    with pytest.raises(InputError, match="a key is given twice"):
        read(path)


def test_a_huge_mixture_is_no_point() -> None:
    data = json.loads((CERTIFICATES / "lemma-15.json").read_text())
    for repeats in ([10**12], [10**6, 10**9], [0], [True], ["1"], [-1], 3):
        columns = [["1", "2"]] * (len(repeats) if isinstance(repeats, list) else 1)
        mixture = {"columns": columns, "repeats": repeats, "weights": ["1/2", "1/2"]}
        new = {**data, "point": {"mixture": mixture}}
        (wrong,) = confirm({**new, "digest": digest(new)})
        assert wrong.startswith("the point is none: ")


def test_a_parameter_that_the_claim_has_not_is_named() -> None:
    data = json.loads((CERTIFICATES / "eq-39c.json").read_text())
    new = {**data, "point": {"parameters": {"d": 17, "e": 1}}}
    assert confirm({**new, "digest": digest(new)}) == [
        "the point has a parameter that the claim has not: e"
    ]
