"""Which proofs stand, and what a refutation does to them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gembounds.referee import check, keep, recorded, tasks
from gembounds.referee.proofs import basis, proved_by, resettle, said
from gembounds.referee.show import format_results
from gembounds.statements import U, equals, integer, library, mu_max, real, sqrt
from gembounds.statements.argument import Argument, Step
from gembounds.statements.claim import Claim
from gembounds.statements.displayed import displayed
from gembounds.statements.tree import Relation
from tests.command_line import run

ENERGY = mu_max**2 <= U
HALF = U <= mu_max**2
OURS = library.collection("xu-fazel-du-2024")
PLAIN = Argument(Step("One term of a sum of squares is no larger than the sum."))


def on(*ids: str) -> Argument:
    return Argument(Step("By what stands there.", by=ids))


def checked(*claims: Claim) -> dict[str, dict[str, Any]]:
    return {r["id"]: r for r in check.run(claims=claims, points=20, evaluations=20)}


def test_an_argument_turns_what_holds_at_points_into_proved() -> None:
    found = checked(
        Claim("energy", ENERGY, proof=PLAIN), Claim("same", equals(mu_max, mu_max), proof=PLAIN),
        Claim("bare", ENERGY, unproved="nobody wrote it down"),
    )  # fmt: skip
    assert {k: (r["verdict"], r["by"]) for k, r in found.items()} == {
        "energy": ("proved", "hand"), "same": ("proved", "hand"), "bare": ("holds", None),
    }  # fmt: skip
    assert found["bare"]["unproved"] == "nobody wrote it down"
    assert said(found["energy"]) == "proved by hand (the file's own argument)"
    text = format_results(list(found.values()))
    assert text.endswith("3 claims: 1 holds, 2 proved (2 by hand (the file's own argument))\n")


def test_a_refutation_overrides_the_argument_and_is_never_expected() -> None:
    (result,) = check.run(
        claims=[Claim("half", HALF, expect="refuted", proof=PLAIN)], points=20, evaluations=20
    )
    assert (result["verdict"], result["by"], result["void"]) == ("refuted", None, True)
    assert check.exit_status([result]) == 1


def test_what_rests_on_a_refuted_claim_is_not_proved_at_any_depth() -> None:
    found = checked(
        Claim("top", ENERGY, proof=on("middle")), Claim("middle", ENERGY, proof=on("half", "b")),
        Claim("half", HALF), Claim("b", ENERGY, proof=PLAIN),
    )  # fmt: skip
    assert {k: r["verdict"] for k, r in found.items()} == {
        "top": "holds", "middle": "holds", "half": "refuted", "b": "proved",
    }  # fmt: skip
    assert found["middle"]["unproved"] == "its argument rests on what is not proved: half"
    assert found["top"]["unproved"] == "its argument rests on what is not proved: middle"


def test_what_rests_on_a_claim_that_only_holds_only_holds() -> None:
    found = checked(Claim("top", ENERGY, proof=on("bare")), Claim("bare", ENERGY))
    assert {r["verdict"] for r in found.values()} == {"holds"}
    found = checked(Claim("top", ENERGY, proof=on("elsewhere")))
    assert found["top"]["verdict"] == "holds"
    assert (
        "not proved: top: its argument rests on what is not proved: elsewhere (not checked)"
        in (format_results(list(found.values())))
    )


@pytest.mark.parametrize("shows", [HALF, [ENERGY, HALF]])
def test_a_refuted_step_voids_the_argument(shows: Any) -> None:
    proof = Argument(Step("The sum is one term.", shows=shows))
    (result,) = check.run(claims=[Claim("energy", ENERGY, proof=proof)], points=20, evaluations=20)
    assert result["verdict"] == "holds"
    assert result["void"] and "a step of its argument is refuted: energy+1" in result["unproved"]
    assert check.exit_status([result]) == 1
    assert "refuted: energy+1" in format_results([result])


def test_undecided_stays_undecided() -> None:
    claim = Claim("open", sqrt(2) + sqrt(3) <= sqrt(5 + 2 * sqrt(6)), proof=PLAIN)
    (result,) = check.run(claims=[claim], points=20, evaluations=20)
    assert (result["verdict"], result["by"]) == ("undecided", None)


@pytest.mark.parametrize(
    ("relation", "when", "verdict"),
    [
        (integer("k", 1, 500) * 2 >= 2, None, "proved"),
        (integer("k", 1, 500) <= 499, None, "refuted"),
        (integer("k", 1, 500) <= 3, integer("k", 1, 500) <= 3, "proved"),
        (integer("k", 1, 20_000) >= 1, None, "holds"),  # too many
        (integer("k", 1) >= 1, None, "holds"),
        (real("x", 1, 2) >= 1, None, "holds"),
        (equals(integer("k", 1, 3), integer("k", 1, 3)), None, "consistent"),
    ],
)
def test_finite_domains_are_enumerated(relation: Relation, when: Any, verdict: str) -> None:
    (result,) = check.run(claims=[Claim("few", relation, when=when)], points=50)
    assert result["verdict"] == verdict
    assert result["outside"] == 0
    assert (result["by"] == "enumeration") is (verdict == "proved")


def test_an_undecided_point_of_a_finite_domain_leaves_it_unproved() -> None:
    k = integer("k", 1, 9)
    claim = Claim("few", sqrt(k) * sqrt(k + 1) + (sqrt(2) + sqrt(3)) ** 2 <= 5 + 2 * sqrt(6) + k)
    (result,) = check.run(claims=[claim])
    assert result["verdict"] != "proved"
    k = integer("k", 0, 9)
    claim = Claim("touch", (sqrt(2) + sqrt(3)) ** 2 - k <= 5 + 2 * sqrt(6))
    (result,) = check.run(claims=[claim])
    assert (result["verdict"], result["undecided"]) == ("holds", 1)
    assert "1 of the points of its domain stay undecided" in result["unproved"]


def test_recorded_runs_are_finite_domains() -> None:
    for name in ("section-5-weights", *(f"section-5-rate.{k}" for k in range(1, 5))):
        assert proved_by(library.get(name)) == "enumeration", name


def test_what_is_recorded_counts_for_claims_that_are_not_in_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below, above = "theorem-14.1", "theorem-14.2"
    claims = {**library.collection("xu-fazel-du-2024")}
    claims[below] = replace(claims[below], proof=PLAIN)
    claims[above] = replace(claims[above], proof=on(below))
    whole = library.collection
    monkeypatch.setattr(
        library, "collection", lambda home: claims if home == "xu-fazel-du-2024" else whole(home)
    )
    monkeypatch.chdir(tmp_path)
    Path("reports").mkdir()
    (alone,) = check.run([above], points=60, jobs=1, evaluations=20)
    assert alone["verdict"] == "holds"
    keep.write([alone])
    said_now = keep.write(check.run([below], points=60, jobs=1, evaluations=20))
    assert said_now == [f"{above}: recorded as proved now, by what it rests on"]
    both = check.run([below, above], points=60, jobs=1, evaluations=20)
    assert [said(r) for r in both] == ["proved by hand"] * 2
    keep.write(both)
    assert json.loads(Path("reports/verdicts.json").read_text())[above]["by"] == "hand"
    (alone,) = check.run([above], points=60, jobs=1, evaluations=20)
    assert alone["verdict"] == "proved" and check.exit_status([alone]) == 0
    monkeypatch.setitem(claims, "lowest", Claim("lowest", HALF))
    claims[below] = replace(claims[below], proof=on("lowest"))
    found = check.run(claims=[replace(claims["lowest"], home=alone["paper"]), claims[above]],
                      points=60, evaluations=20, jobs=1)  # fmt: skip
    assert [r["verdict"] for r in found] == ["refuted", "holds"]  # through one that is not checked
    claims[below] = replace(claims[below], proof=None)  # what is recorded is stale
    (alone,) = check.run([above], points=60, jobs=1, evaluations=20)
    assert alone["verdict"] == "holds" and check.exit_status([alone]) == 1


def test_what_is_recorded_of_another_argument_or_domain_proves_nothing() -> None:
    few = Claim("few", integer("k", 1, 9) >= 1)
    energy = Claim("energy", ENERGY, proof=PLAIN)
    for claim, way, other in (
        (few, "enumeration", replace(few, relation=integer("k", 1) >= 1)),
        (few, "enumeration", replace(few, relation=integer("k", 1, 99) >= 1)),
        (energy, "hand", replace(energy, proof=on("few"))),
        (energy, "hand", replace(energy, relation=HALF)),
    ):
        found = {"verdict": "proved", "by": way, "proof": way, "basis": basis(claim, way)}
        known = {claim.id: dict(found)}
        assert resettle({claim.id: claim}, known) == [] and known[claim.id] == found
        known |= {"few": known.get("few", {"verdict": "holds"})}
        assert resettle({"few": few, claim.id: other}, known) == [claim.id]
        assert (known[claim.id]["verdict"], known[claim.id]["by"]) == ("holds", None)


def test_every_record_is_of_the_proof_that_is_there() -> None:
    """A claim whose argument came later than its record is recorded again."""
    known = recorded.read() or {}
    assert {k: known[k].get("proof") for k in OURS} == {k: proved_by(c) for k, c in OURS.items()}


ARGUED = """
import gembounds as gb
from gembounds import Argument, Step, Theorem
from gembounds.statements import mean_square, mu_max
CLAIMS = (
    gb.Claim("energy", mean_square <= mu_max**2, expect="proved", proof=Argument(
        Step("psi~ is a mean of the means.", by=Theorem("Jensen", "f(EX) <= E f(X)", "Rudin 3.3")),
        Step("No mean is longer than mu_max.", shows=mean_square <= 2 * mu_max**2),
    )),
)
"""


def test_a_files_own_argument_is_called_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.py").write_text(ARGUED)
    status, out, _ = run(capsys, "check", "own.py", "--points", "20", "--jobs", "1")
    assert status == 0
    assert "proved by hand (the file's own argument)" in out
    status, out, _ = run(capsys, "show", "own.py")
    assert "  1. psi~ is a mean of the means." in out
    assert "         E|psi~|^2 <= 2 mu_max^2" in out
    assert "Jensen (Rudin 3.3): f(EX) <= E f(X)" in out
    status, out, _ = run(capsys, "list", "own.py", "--json")
    assert json.loads(out)[0]["proof"] == "hand"


def test_a_claim_of_a_file_alone_has_what_it_rests_on_checked_too(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = ARGUED.replace('"energy"', '"top"').replace("by=Theorem", 'by=("energy",) or Theorem')
    Path("own.py").write_text(ARGUED + last.replace("CLAIMS = (", "CLAIMS += ("))
    status, out, _ = run(capsys, "check", "own.py:top", "--points", "20", "--jobs", "1")
    assert status == 0 and "1 claim: 1 proved" in out
    Path("own.py").write_text(
        Path("own.py").read_text().replace("<= mu_max**2, exp", "<= 0, exp", 1)
    )
    library.collection.cache_clear()
    status, out, _ = run(capsys, "check", "own.py:top", "--points", "20", "--jobs", "1")
    assert status == 1 and "rests on what is not proved: energy" in out


def test_what_the_steps_of_our_arguments_show_is_true_at_points() -> None:
    """At few here; ``make arguments`` takes 1,000."""
    for claim in library.select():
        for found in tasks.steps((tasks.handle_of(claim), 3, 7)) if displayed(claim) else ():
            assert found["refuted"] is None, found
