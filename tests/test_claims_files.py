"""Files of claims through the command line, as a user has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import run

HEAD = "import gembounds as gb\nfrom gembounds.statements import *\n"

LEMMAS = '''"""Two lemmas on the energy."""
import gembounds as gb
from gembounds.statements import equals, mean_square, mu_max, n, vector, norm, const, posterior
x = vector("x")
CLAIMS = (
    gb.Claim("energy", mean_square <= mu_max**2, source="Lemma 1"),
    gb.Claim("half", mean_square <= const("factor", "1/2") * mu_max**2, expect="refuted"),
    gb.Claim("ball", posterior(x) < 1, when=(norm(x) <= 1, n <= 3), expect="refuted"),
)
'''

FIELDS = {
    "id", "paper", "form", "verdict", "recorded_verdict", "checked", "undecided", "max_ratio",
    "nearest_ratio", "witness", "seconds",
}  # fmt: skip

Capture = pytest.CaptureFixture[str]
QUICK = ("--points", "20", "--jobs", "1")


@pytest.fixture
def lemmas(here: Path) -> Path:
    path = here / "lemmas.py"
    path.write_text(LEMMAS)
    return path


def checked(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    status, out, _ = run(capsys, "check", *words, "--json", *QUICK)
    return status, {r["id"]: r for r in json.loads(out)}


def test_check_shows_verdicts_witnesses_and_counts(lemmas: Path, capsys: Capture) -> None:
    status, out, _ = run(capsys, "check", "lemmas.py", *QUICK)
    assert status == 0
    assert "nearest" in out.splitlines()[0]
    assert "refuted: half at means [[1]]; weights [1]: 1 <= 1/2 is false" in out
    assert out.splitlines()[-1] == "3 claims: 2 refuted, 1 holds"
    assert sorted(p.name for p in lemmas.with_suffix(".certificates").iterdir()) == [
        "ball.json", "half.json",
    ]  # fmt: skip


def test_json_has_the_fields_of_a_papers_claims(lemmas: Path, capsys: Capture) -> None:
    status, found = checked(capsys, "lemmas.py")
    assert status == 0
    for result in found.values():
        assert result.keys() >= FIELDS
        assert (result["paper"], result["recorded_verdict"]) == (None, None)
        assert result["outside"] == 0
    energy, half = found["energy"], found["half"]
    assert (energy["verdict"], energy["form"], energy["witness"]) == ("holds", "stated", None)
    assert energy["checked"] + energy["undecided"] == 20
    assert energy["nearest_ratio"] >= 1
    assert energy["max_ratio"] is None or energy["max_ratio"] > 1  # null where no float64 holds it
    assert half["verdict"] == "refuted"
    assert half["nearest_ratio"] == pytest.approx(0.5)
    assert Path(half["witness"]) == lemmas.parent / "lemmas.certificates" / "half.json"


def test_one_claim_of_a_file_and_ids_after_it(lemmas: Path, capsys: Capture) -> None:
    assert set(checked(capsys, "lemmas.py:energy")[1]) == {"energy"}
    assert list(checked(capsys, "lemmas.py", "half", "energy")[1]) == ["half", "energy"]
    status, _, err = run(capsys, "check", "lemmas.py:halve")
    assert status == 2
    assert "did you mean half?" in err


def test_json_before_a_file_of_claims_does_not_overwrite_it(lemmas: Path, capsys: Capture) -> None:
    for command in (["check", *QUICK], ["list"], ["tightness", "--quick", "--jobs", "1"]):
        status, out, _ = run(capsys, *command, "--json", "lemmas.py")
        assert status == 0
        assert {r.get("id") or r["claim"] for r in json.loads(out)} >= {"half", "energy"}
        assert lemmas.read_text() == LEMMAS
    status, out, _ = run(capsys, "list", "lemmas.py", "--json", "found.json")
    assert len(json.loads(Path("found.json").read_text())) == 3


def test_certificates_go_to_out_and_are_verified_without_the_file(
    lemmas: Path, capsys: Capture
) -> None:
    status, found = checked(capsys, "lemmas.py", "--out", "kept")
    assert status == 0
    assert not lemmas.with_suffix(".certificates").exists()
    assert found["half"]["witness"] == "kept/half.json"
    lemmas.unlink()
    status, out, _ = run(capsys, "verify", "kept/half.json", "kept/ball.json")
    assert status == 0
    assert out.splitlines() == [
        "kept/half.json: confirmed (half)", "kept/ball.json: confirmed (ball)",
    ]  # fmt: skip
    data = json.loads(Path("kept/half.json").read_text())
    assert data["paper"] is None
    data["point"]["mixture"]["means"] = [["2"]]
    Path("kept/half.json").write_text(json.dumps(data))
    status, out, _ = run(capsys, "verify", "kept/half.json")
    assert status == 1
    assert "REJECTED" in out


def test_out_that_is_no_directory(lemmas: Path, capsys: Capture) -> None:
    Path("kept").write_text("a file")
    status, _, err = run(capsys, "check", "lemmas.py", "--out", "kept", *QUICK)
    assert status == 2
    assert err == "gembounds: error: --out kept: is no directory; give one\n"


# -- what is expected -----------------------------------------------------------------
TRUE, FALSE, SAME = "mean_square <= mu_max**2", "L <= Y / 4", "equals(U, total(norms**2))"
OPEN = "exp(1 + Y) <= exp(1 + Y)"
"""Both sides are one enclosure, at a point as at the next."""


@pytest.mark.parametrize(
    ("relation", "expect", "status"),
    [
        (TRUE, None, 0), (TRUE, "holds", 0), (TRUE, "refuted", 1), (TRUE, "consistent", 1),
        (TRUE, "proved", 1), (TRUE, "undecided", 1),
        (FALSE, None, 1), (FALSE, "refuted", 0), (FALSE, "holds", 1), (FALSE, "undecided", 1),
        (SAME, None, 0), (SAME, "consistent", 0), (SAME, "holds", 0), (SAME, "refuted", 1),
        (OPEN, None, 3), (OPEN, "undecided", 0), (OPEN, "holds", 1), (OPEN, "refuted", 1),
    ],
)  # fmt: skip
def test_exit_status(
    relation: str, expect: str | None, status: int, here: Path, capsys: Capture
) -> None:
    """The cost keeps the optimiser short: what it finds has tests of its own."""
    claim = f'gb.Claim("it", {relation}, when=n >= 2, expect={expect!r}, cost=10)'
    (here / "one.py").write_text(f"{HEAD}CLAIMS = ({claim},)\n")
    assert run(capsys, "check", "one.py", *QUICK)[0] == status


def test_unexpected_comes_before_undecided(here: Path, capsys: Capture) -> None:
    (here / "two.py").write_text(
        f'{HEAD}CLAIMS = (gb.Claim("a", {OPEN}, when=n >= 2), gb.Claim("b", {FALSE}))\n'
    )
    assert run(capsys, "check", "two.py", *QUICK)[0] == 1
    assert run(capsys, "check", "two.py:a", *QUICK)[0] == 3


def test_conditions_that_nothing_meets_decide_nothing(here: Path, capsys: Capture) -> None:
    (here / "none.py").write_text(f'{HEAD}CLAIMS = (gb.Claim("a", {TRUE}, when=n <= 0),)\n')
    status, found = checked(capsys, "none.py")
    assert (status, found["a"]["verdict"], found["a"]["checked"]) == (3, "undecided", 0)


# -- the other commands ---------------------------------------------------------------
def test_list_and_show(lemmas: Path, capsys: Capture) -> None:
    status, out, _ = run(capsys, "list", "lemmas.py")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["ball", "energy", "half"]
    assert "Lemma 1" in out
    checked(capsys, "lemmas.py:half")
    status, out, _ = run(capsys, "show", "lemmas.py:half")
    assert status == 0
    assert "E|psi~|^2 <= 1/2 mu_max^2" in out
    assert "factor = 1/2" in out
    assert "witness: means [[1]]; weights [1]" in out


def test_tightness(lemmas: Path, capsys: Capture) -> None:
    status, out, _ = run(
        capsys, "tightness", "lemmas.py", "half", "energy", "--quick", "--json", "--jobs", "1"
    )
    rows = {row["claim"]: row for row in json.loads(out)}
    assert status == 0
    assert rows["half"]["constant"] == "factor"
    assert (rows["half"]["paper"], rows["half"]["claimed_exact"]) == (None, "1/2")
    assert rows["half"]["certified_lower"] == pytest.approx(1)
    assert rows["energy"]["certified_lower"] == pytest.approx(1)


def test_report(lemmas: Path, capsys: Capture) -> None:
    status, _, err = run(capsys, "report", "lemmas.py", "--quick", "--out", "page", "--jobs", "1")
    assert (status, err) == (0, "")
    html = (lemmas.parent / "page" / "report.html").read_text()
    data = json.loads((lemmas.parent / "page" / "report.json").read_text())
    text = (lemmas.parent / "page" / "report.md").read_text()
    for claim in ("energy", "half", "ball"):
        assert claim in html and claim in text and claim in json.dumps(data)
    assert "Two lemmas on the" in html and "Two lemmas on the energy" in text
    assert not (lemmas.parent / "reports").exists()


PAIRS = """CLAIMS = (
    gb.Claim("pairs", overlaps <= expected_posterior),
    gb.Claim("both-ways", L - S >= U - Y),
    gb.Claim("parameter", mean_square <= t**2, when=equals(t, mu_max)),
)
"""


def test_tightness_of_pairs_and_of_factors_that_act_both_ways(here: Path, capsys: Capture) -> None:
    (here / "pairs.py").write_text(f'{HEAD}t = real("t", 0)\n{PAIRS}')
    status, out, err = run(capsys, "tightness", "pairs.py", "--quick", "--json", "--jobs", "1")
    assert status == 0, err
    rows = {row["claim"]: row["certified_lower"] for row in json.loads(out)}
    assert rows == {
        "pairs": pytest.approx(1), "both-ways": None, "parameter": pytest.approx(1, rel=1e-3),
    }  # fmt: skip


CONDITIONS = {
    "equals(S, 4)": "L <= 1",
    "equals(mu_max, 1)": "mean_square <= const('c', '9/10')",
    "equals(S, 2 * Y), equals(n, 2)": "mean_square <= mu_max**2 / 2",
    "equals(norms, 2), n >= 3": "S <= 6",
    "equals(norm(x), 1), equals(norm(y), 1)": "dot(x, y) < 1",
    "equals(dot(x, y), 0), dot(x, x) >= 1": "norm(x - y) <= 1",
    "equals(total(x), 0), d >= 2": "norm(x) <= 1 / n",
    "equals(t, mu_max), L >= 1": "t <= 2",
    "t * n <= 1, t >= pi_min": "t < pi_max",
    "k <= n": "k < n",
    "n >= 10": "n <= 12",
    "d >= 1000, mu_max <= 1": "L <= const('c', '1/5')",
    "norm(e) <= 1, S >= 1": "moved(S, e) <= S",
    "equals(total(norm(e)**2), 1)": "moved(U, e) <= U",
}
NAMES = """x, y, e = vector("x"), vector("y"), displacement("e")
t, k = real("t", 0), integer("k", 1)
"""


def test_conditions_are_met_and_false_claims_under_them_refuted(
    here: Path, capsys: Capture
) -> None:
    claims = "".join(
        f'    gb.Claim("c{k}", {relation}, when=({when},), expect="refuted"),\n'
        for k, (when, relation) in enumerate(CONDITIONS.items())
    )
    (here / "conditions.py").write_text(f"{HEAD}{NAMES}CLAIMS = (\n{claims})\n")
    # with 40 points the smallest witness of c0 has a weight of 1e-100, out of reach of verify
    status, out, _ = run(
        capsys, "check", "conditions.py", "--points", "30", "--jobs", "1", "--json"
    )
    found = json.loads(out)
    assert {r["id"]: r["verdict"] for r in found if r["verdict"] != "refuted"} == {}
    assert all(r["checked"] + r["undecided"] >= 15 and not r["outside"] for r in found)
    assert status == 0
    paths = [r["witness"] for r in found]
    status, out, _ = run(capsys, "verify", *paths)
    assert (status, out.count(": confirmed (")) == (0, len(CONDITIONS))
