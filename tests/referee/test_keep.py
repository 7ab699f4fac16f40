"""Evidence stays: certificates, verdicts and nearest misses outlive runs that see less."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gembounds
from gembounds.points.point import Point
from gembounds.proving.record import digest
from gembounds.referee import check, keep, recorded, tasks
from gembounds.referee.search import Findings
from gembounds.referee.verify.confirm import confirm_file
from gembounds.statements import library
from gembounds.tools.errors import InputError

COMMITTED = Path(gembounds.__file__).parent.parent / "reports"
CERTIFICATES = sorted((COMMITTED / "certificates").glob("*.json"))


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the committed verdicts and certificates."""
    reports = tmp_path / "reports"
    for folder in ("certificates", "proofs"):
        shutil.copytree(COMMITTED / folder, reports / folder)
    shutil.copy(COMMITTED / "verdicts.json", reports)
    monkeypatch.chdir(tmp_path)
    return reports


def few(*targets: str, **options: Any) -> list[dict[str, Any]]:
    return check.run(targets, points=1, seed=4242, jobs=1, evaluations=1, **options)


def contents(directory: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in directory.rglob("*.json")}


def known(directory: Path, claim_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "verdicts.json").read_text())[claim_id]
    return found


def test_no_refutation_is_lost_where_one_point_is_drawn(directory: Path) -> None:
    """``check --record --points 1 --seed 4242`` once replaced nine of these by "holds"."""
    cheap = ("eq-39c", "eq-16", "lemma-15", "eq-39a", "eq-15", "eq-18c", "fact-1", "lemma-9.1")
    before = contents(directory)
    results = few(*cheap)
    assert {r["verdict"] for r in results} == {"refuted"}
    assert all(r["stored"] >= 1 and r["checked"] >= 2 for r in results)
    said = keep.write(results)
    assert [line.split(":")[0] for line in said] == [r["id"] for r in results]
    assert all("its record, refuted at" in line and "is kept" in line for line in said)
    assert contents(directory) == before


def test_a_certificate_that_is_confirmed_is_not_removed(directory: Path) -> None:
    """Not even where a run comes to another verdict."""
    (result,) = few("eq-39c")
    path = directory / "certificates" / "eq-39c.json"
    before = path.read_bytes()
    result.update(verdict="holds", certificate=None, checked=160)
    assert "its certificate is confirmed still, and kept" in keep.write([result])[0]
    assert path.read_bytes() == before and result["recorded_verdict"] == "refuted"
    assert known(directory, "eq-39c")["digest"] == json.loads(before)["digest"]


def test_one_that_is_not_is_removed_with_the_verdict(directory: Path) -> None:
    (result,) = few("eq-39c")
    path = directory / "certificates" / "eq-39c.json"
    proof = json.loads(path.read_text())
    proof["point"]["parameters"]["d"] = 2  # where it holds
    path.write_text(json.dumps({**proof, "digest": digest(proof)}))
    result.update(verdict="holds", certificate=None, checked=1)
    keep.write([result])
    assert path.exists()  # with so few points nothing is recorded
    result.update(checked=160)
    keep.write([result])
    assert not path.exists() and known(directory, "eq-39c")["verdict"] == "holds"


def test_one_that_is_not_confirmed_does_not_replace_one_that_is(directory: Path) -> None:
    (result,) = few("lemma-15")
    path = directory / "certificates" / "lemma-15.json"
    before = path.read_bytes()
    proof = json.loads(before)
    proof["point"] = {"mixture": {"means": [["1"]], "weights": ["1"]}}
    result["certificate"] = {**proof, "digest": digest(proof)}
    assert "the one found is not confirmed" in keep.write([result])[0]
    assert path.read_bytes() == before and confirm_file(path) == []


def test_a_refutation_is_recorded_with_however_few_points(directory: Path) -> None:
    """The verdict of more points gives way to a certificate; their number stays."""
    path = directory / "verdicts.json"
    verdicts = json.loads(path.read_text())
    verdicts["eq-39c"].update(verdict="holds", digest=None, witness=None)
    path.write_text(json.dumps(verdicts))
    (result,) = few("eq-39c")
    keep.write([result])
    entry = known(directory, "eq-39c")
    assert entry["verdict"] == "refuted" and entry["checked"] == verdicts["eq-39c"]["checked"]
    assert confirm_file(directory / "certificates" / "eq-39c.json") == []


def test_few_points_record_nothing_new(directory: Path) -> None:
    path = directory / "verdicts.json"
    verdicts = json.loads(path.read_text())
    del verdicts["eq-39c-repaired"]
    path.write_text(json.dumps(verdicts))
    (result,) = few("eq-39c-repaired")
    assert result["min_recorded"] == 50
    assert keep.write([result]) == [
        "eq-39c-repaired: nothing is recorded: 1 decided now, 50 are the least"
    ]
    assert json.loads(path.read_text()) == verdicts
    (result,) = check.run(["eq-39c-repaired"], points=50, jobs=1, evaluations=1)
    assert keep.write([result]) == [] and known(directory, "eq-39c-repaired")["checked"] == 50


def test_the_nearest_miss_is_run_again(directory: Path) -> None:
    claim = library.get("eq-26a")
    verdicts = recorded.read(directory) or {}
    nearest = Point.from_json(verdicts["eq-26a"]["closest"])
    assert recorded.stored(claim, verdicts) == [nearest]
    (result,) = few("eq-26a")
    assert (result["stored"], result["checked"]) == (1, 2)
    assert result["closest"] == nearest.to_json()
    assert result["nearest_ratio"] == verdicts["eq-26a"]["nearest_ratio"]


def test_the_optimiser_does_not_start_where_it_ended(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearest = Point.from_json(known(directory, "eq-37")["closest"])
    starts: list[Point] = []

    def push(task: tuple[Any, Point, int]) -> Findings:
        starts.append(task[1])
        return Findings()

    monkeypatch.setattr(tasks, "push", push)
    (result,) = check.run(["eq-37"], points=40, jobs=1, evaluations=1)
    assert result["closest"] == nearest.to_json()
    assert starts and nearest not in starts


def test_a_stored_point_of_another_statement_is_no_point(directory: Path) -> None:
    """What is kept under a claim's name may be of before it was changed."""
    path = directory / "certificates" / "eq-39c.json"
    proof = json.loads(path.read_text())
    points: list[Any] = [
        {},
        {"parameters": {"x": 1}},
        {"parameters": {"d": "1/2"}},
        [],
        {"mixture": 3},
    ]
    for point in points:
        path.write_text(json.dumps({**proof, "point": point}))
        (result,) = few("eq-39c")
        assert result["stored"] <= 1 and result["outside"] == 0


def emptied(path: Path) -> None:
    """A certificate without leaves, of a digest that fits."""
    proof = json.loads(path.read_text())
    path.write_text(json.dumps({**proof, "covers": [], "digest": digest({**proof, "covers": []})}))


def test_a_proof_that_is_not_the_recorded_one_is_checked_leaf_by_leaf(directory: Path) -> None:
    path = directory / "proofs" / "eq-28.4.json"
    before = path.read_bytes()
    (result,) = check.run(["eq-28.4"], points=160, jobs=1, evaluations=1)
    assert result["by"] == "arithmetic" and result["basis"] == json.loads(before)["digest"]
    keep.write([result])
    assert known(directory, "eq-28.4")["basis"] == result["basis"]
    emptied(path)
    (result,) = check.run(["eq-28.4"], points=160, jobs=1, evaluations=1)
    assert (result["verdict"], result["by"]) == ("holds", None)
    assert "its certificate is not confirmed" in result["unproved"]
    assert check.exit_status([result]) == 1
    (above,) = few("eq-28.2")  # rests on it, and what is recorded is another certificate
    assert above["unproved"] == "its argument rests on what is not proved: eq-28.4"
    keep.write([result])
    assert known(directory, "eq-28.4")["verdict"] == "holds"
    path.write_bytes(before)
    (result,) = check.run(["eq-28.4"], points=160, jobs=1, evaluations=1)
    assert result["by"] == "arithmetic"


def test_another_certificate_than_the_recorded_one_is_not_as_recorded(directory: Path) -> None:
    verdicts = json.loads((directory / "verdicts.json").read_text())
    verdicts["eq-28.4"]["basis"] = "0" * 64
    (directory / "verdicts.json").write_text(json.dumps(verdicts))
    (result,) = check.run(["eq-28.4"], points=160, jobs=1, evaluations=1)
    assert result["by"] == "arithmetic" and check.exit_status([result]) == 1


def test_a_refuted_step_is_recorded_with_however_few_points(directory: Path) -> None:
    (result,) = few("eq-26b")
    assert result["verdict"] == "proved"
    keep.write([result | {"verdict": "holds", "by": None, "void": True}])
    entry = known(directory, "eq-26b")
    assert (entry["verdict"], entry["by"], entry["void"]) == ("holds", None, True)
    assert known(directory, "eq-27")["verdict"] == "holds"  # rests on it


def test_a_files_stored_witness_counts(tmp_path: Path) -> None:
    file = tmp_path / "lemmas.py"
    file.write_text(
        "from gembounds.statements import integer\nfrom gembounds import Claim\n"
        "d = integer('d', 1, 1000)\nCLAIMS = (Claim('far', d <= 300),)\n"
    )
    claim = library.select([str(file)])[0]
    found = check.run([str(file)], jobs=1)[0]
    assert found["verdict"] == "refuted" and found["certificate"] is not None
    place = recorded.place_of(claim)
    assert place == tmp_path / "lemmas.certificates" / "far.json"
    assert keep.keep(found, place) == []
    (again,) = few(str(file))
    assert again["verdict"] == "refuted" and again["stored"] == 1
    before = place.read_bytes()
    keep.keep({**again, "certificate": None}, place)
    assert place.read_bytes() == before


WRITER = """
import sys
from gembounds.referee import keep
for k in range(10):
    name = f"claim-{sys.argv[1]}-{k}"
    keep.write([dict(
        id=name, paper="xu-fazel-du-2024", form="printed", verdict="holds", checked=60,
        points=60, min_recorded=50, certificate=None, witness=None,
    )])
"""


def test_two_that_record_at_once_lose_nothing(directory: Path) -> None:
    before = set(recorded.read(directory) or {})
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(k)]) for k in range(3)]
    assert [w.wait() for w in writers] == [0, 0, 0]
    added = {f"claim-{a}-{k}" for a in range(3) for k in range(10)}
    assert set(recorded.read(directory) or {}) == before | added


def test_where_nothing_can_be_written_all_stays(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    before = contents(directory)
    results = check.run(["eq-39c", "eq-26a"], points=60, jobs=1, evaluations=1)
    (directory / "certificates" / "eq-39c.json").unlink()
    for call in ("fsync", "replace"):

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            with pytest.raises(InputError, match="cannot be written"):
                keep.write(results)
    after = contents(directory)
    del before["eq-39c.json"]
    assert after == before
