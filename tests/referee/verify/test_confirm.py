"""Every certificate is confirmed, and none with a digit changed."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import gembounds
from gembounds import Mixture
from gembounds.cli import main
from gembounds.points.point import Point
from gembounds.proving.record import digest
from gembounds.referee import check, recorded
from gembounds.referee.certificate import certificate
from gembounds.referee.verify.confirm import confirm, confirm_file, read
from gembounds.statements import (
    MIXTURES,
    SEVERAL,
    L,
    U,
    Y,
    at_k,
    const,
    equals,
    gradient_norm,
    library,
    mean_square,
    mu_max,
    n,
    norms,
    overlaps,
    pi,
    real,
    sqrt,
)
from gembounds.statements.claim import Claim
from gembounds.statements.serial import claim_to_json
from gembounds.tools.errors import InputError

REPORTS = Path(gembounds.__file__).parent.parent / "reports"
REFUTED = sorted(k for k, v in (recorded.read(REPORTS) or {}).items() if v["verdict"] == "refuted")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A copy of the committed reports."""
    shutil.copytree(REPORTS / "certificates", tmp_path / "certificates")
    shutil.copy(REPORTS / "verdicts.json", tmp_path)
    return tmp_path


def test_something_is_refuted() -> None:
    assert REFUTED


@pytest.mark.parametrize("claim_id", REFUTED)
def test_every_recorded_refutation_is_confirmed(claim_id: str) -> None:
    assert confirm_file(recorded.certificate_path(claim_id, REPORTS)) == []


@pytest.mark.parametrize("claim_id", REFUTED)
def test_no_digit_can_be_changed(claim_id: str, reports: Path) -> None:
    path = recorded.certificate_path(claim_id, reports)
    whole = json.loads(path.read_text())
    changed = list(altered(whole))
    assert len(changed) > 10
    for data in changed:
        path.write_text(json.dumps(data))
        assert confirm_file(path), f"digest as it was: {data}"
        if data["digest"] != whole["digest"]:
            continue
        data["digest"] = digest(data)
        path.write_text(json.dumps(data))
        assert confirm_file(path), f"digest made anew: {data}"


def test_a_certificate_alone_has_no_digit_to_change_in_its_mathematics(tmp_path: Path) -> None:
    """Without a record beside it, and with its digest made anew."""
    known = json.loads(recorded.certificate_path("eq-6", REPORTS).read_text())
    whole = certificate(library.get("eq-6"), Point.from_json(known["point"]))
    assert whole is not None
    path = tmp_path / "alone.json"
    for data in altered({k: v for k, v in whole.items() if k not in ("versions", "digest")}):
        data["versions"] = whole["versions"]
        path.write_text(json.dumps({**data, "digest": digest(data)}))
        assert confirm_file(path), data


def altered(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Copies with one digit changed: the last one of every number or text that has digits."""
    for path, value in leaves(whole):
        text = str(value)
        found = list(re.finditer(r"\d", text))
        if not found:
            continue
        at = found[-1].start()
        other = str((int(text[at]) + 1) % 10)
        new: Any = text[:at] + other + text[at + 1 :]
        data = copy.deepcopy(whole)
        place: Any = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = int(new) if isinstance(value, int) else new
        yield data


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for k, item in enumerate(value):
            yield from leaves(item, (*path, k))
    elif not isinstance(value, bool) and value is not None:
        yield path, value


@pytest.fixture
def proof() -> dict[str, Any]:
    found = certificate(library.get("eq-39c"), Point(parameters={"d": 17}))
    assert found is not None
    return found


def resigned(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    new = {**data, **changes}
    return {**new, "digest": digest(new)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"point": {"parameters": {"d": 0}}}, "not in the domain"),
        ({"point": {"parameters": {"d": 16}}}, "evaluate to something else"),
        ({"point": {"parameters": {"d": "17/1"}}}, "shortest form"),
        ({"point": {"parameters": {"e": 17}}}, "not in the domain"),
        ({"point": {"mixture": {}}}, "the point is none"),
        ({"claim": "eq-39d"}, "has no claim 'eq-39d'"),
        ({"paper": "another"}, "the paper 'another' is not installed"),
        ({"paper": None}, "the domain 'dimensions' is none of"),
        ({"tree": {}}, "tree is"),
        ({"statement": "1 <= 2"}, "statement is"),
        ({"claim": "eq-39c-repaired"}, "form is 'printed'"),
        ({"relation": "<"}, "relation is '<'"),
        ({"constants": {"radius": "3", "rate": "1"}}, "constants is"),
        ({"domain": []}, "evaluate to something else"),
        ({"entry": 1}, "entry is 1"),
        ({"entry": -1}, "entry is -1"),
        ({"bits": 65}, "no evaluator"),
        ({"evaluator": "mpmath"}, "no evaluator"),
        ({"lhs": {"lower": "1*2^-30", "upper": "3*2^-30"}}, "lhs is not certainly"),
        ({"rhs": {"lower": "0", "upper": "0"}}, "rhs is not certainly"),
        ({"rhs": {"lower": "0", "upper": "1"}}, "rhs is not an exact number or a cell"),
    ],
)
def test_what_is_wrong_is_named(
    proof: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    assert confirm(proof) == []
    wrong = confirm(resigned(proof, **changes))
    assert wrong
    assert message in " ".join(wrong)


C = real("c", 0, "1/3")
OWN = {
    "half": Claim("half", mean_square <= mu_max**2 / 2),
    "rate": Claim("rate", C * gradient_norm**2 + 1 <= const("two", 2) * L, when=(U <= 3, C > 0)),
    "overlaps": Claim("overlaps", overlaps >= pi * at_k(pi) - Fraction(1, 10), when=equals(n, 2)),
    "norms": Claim("norms", sqrt(2) * norms <= mu_max * at_k(norms), over=SEVERAL),
}


@pytest.mark.parametrize("name", OWN)
def test_a_claim_of_ones_own_is_rebuilt_from_its_trees(name: str) -> None:
    (result,) = check.run(claims=[OWN[name]], points=40)
    proof = json.loads(json.dumps(result["certificate"]))
    assert proof["paper"] is None and confirm(proof) == []
    for data in altered({k: v for k, v in proof.items() if k not in ("versions", "digest")}):
        assert confirm(resigned({**data, "versions": proof["versions"]})), data


@pytest.mark.parametrize("key", ["relation", "when", "over", "decided_by"])
def test_trees_that_are_none_are_named(key: str, proof: dict[str, Any]) -> None:
    own = certificate(OWN["half"], Point(Mixture([[1]])))
    assert own is not None and confirm(own) == []
    relation = ["<=", ["num", "1"], ["symbol", "", "import os"]]
    junk: tuple[Any, ...] = ({}, 7, ["<=", 1], relation, [relation], "mine.py")
    for wrong in junk:
        assert confirm(resigned(own, tree={**own["tree"], key: wrong})), wrong
    assert confirm(resigned(own, tree={k: v for k, v in own["tree"].items() if k != key}))


def test_a_point_where_a_side_has_no_value_is_named() -> None:
    own = certificate(Claim("inverse", 1 / U <= 1), Point(Mixture([["1/2"]])))
    assert own is not None and confirm(own) == []
    zero = Point(Mixture([[0]])).to_json()
    (line,) = confirm(resigned(own, point=zero))
    assert "cannot be evaluated at the point: a division by 0" in line


def test_a_claim_that_is_not_violated_is_not_confirmed(proof: dict[str, Any]) -> None:
    whole = resigned(proof, point={"parameters": {"d": 16}})
    whole["domain"][1]["left"] = "16"
    assert any("not certainly violated" in line for line in confirm(resigned(whole)))


def test_a_wrong_digest_is_named(proof: dict[str, Any]) -> None:
    (line,) = confirm({**proof, "digest": "0" * 64})
    assert "the digest is" in line


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not JSON"), ("[]", "no JSON object"), ("{}", "has no 'claim'"), (None, "cannot be")],
)
def test_files_that_are_no_certificates(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=message):
        read(path)
    assert main(["verify", str(path)]) == 2


def test_the_command(
    proof: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(proof))
    bad.write_text(json.dumps({**proof, "bits": 128}))
    assert main(["verify", str(good)]) == 0
    assert "good.json: confirmed (eq-39c)" in capsys.readouterr().out
    assert main(["verify", str(good), str(bad)]) == 1
    assert "bad.json: REJECTED (eq-39c)\n  the digest is" in capsys.readouterr().out
    assert main(["verify", str(good), str(bad), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["confirmed"] for row in rows] == [True, False]
    assert rows[0]["disagreements"] == []
    assert main(["verify", "--json", str(good)]) == 0  # read, not written to
    assert json.loads(capsys.readouterr().out)[0]["confirmed"]
    assert json.loads(good.read_text()) == proof
    assert main(["verify", str(good), "--json", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_text())[0]["claim"] == "eq-39c"
    assert main(["verify"]) == 2
    assert main(["verify", str(tmp_path / "none.json")]) == 2
    assert rows[1]["disagreements"]


def test_a_claim_is_not_refuted_by_another_relation() -> None:
    """Nobody knows that somebody's ``decided_by`` comes to the same: both must be violated."""
    true, false = L <= Y, L <= Y / 4
    point = Point(Mixture([[1]]))
    forged = certificate(Claim("own", false), point)
    assert forged is not None and confirm(forged) == []
    for relation, wrong in (
        (true, ["the relation itself is not certainly violated"]),
        (false, []),
    ):
        claim = Claim("own", relation, decided_by=false)
        forged |= {"tree": claim_to_json(claim), "statement": claim.text}
        forged["digest"] = digest(forged)
        assert confirm(forged) == wrong


def test_a_side_that_may_have_no_value_confirms_nothing() -> None:
    """The square root of a negative number that 256 bits do not tell from 0."""
    tiny = (sqrt(2) + Fraction(1, 10**200)) ** 2 - 2 - sqrt(8) / 10**200 - Fraction(1, 10**399)
    claim = Claim("own", sqrt(tiny) >= 1, over=MIXTURES)
    data = certificate(Claim("own", U >= 1), Point(Mixture([[0]])))
    assert data is not None
    data |= {"tree": claim_to_json(claim), "statement": claim.text}
    data["digest"] = digest(data)
    assert any("may have no value" in text for text in confirm(data))
