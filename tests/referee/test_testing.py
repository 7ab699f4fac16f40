"""Claims as tests: the decorator, and files that pytest collects itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gembounds as gb
from gembounds.referee.testing import bound, relative_to
from gembounds.statements import Y, equals, mu_max, n, norms, total

# the costs keep the optimiser short: what it finds has tests of its own
LEMMAS = """import gembounds as gb
from gembounds.statements import S, U, Y, equals, exp, mu_max, n, norms, total
CLAIMS = (
    gb.Claim("energy", Y <= mu_max**2, cost=5),
    gb.Claim("half", Y <= mu_max**2 / 2, expect="refuted"),
    gb.Claim("sum", equals(U, total(norms**2)), expect="holds", cost=5),
    gb.Claim("wrong", Y <= mu_max**2 / 4),
    gb.Claim("hoped", S <= 2 * Y, expect="refuted", cost=5),
    gb.Claim("open", exp(Y) <= exp(Y), when=Y >= 1, cost=5),
)
"""

DECORATED = """import gembounds as gb

@gb.parametrize_with_claims({targets})
def test_claim(claim):
    claim(points=20)
"""

ALONE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""The plugin is given by name: it may or may not be installed already."""

OUTCOMES = {
    "energy": "PASSED", "half": "PASSED", "sum": "PASSED", "wrong": "FAILED", "hoped": "FAILED",
    "open": "FAILED",
}  # fmt: skip


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-p", "gembounds.referee.plugin", "-p",
               "no:cacheprovider", "-rA", *arguments]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                          env=ALONE)  # fmt: skip
    return done.returncode, done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lemmas.py").write_text(LEMMAS)
    return tmp_path


def test_the_file_itself(folder: Path) -> None:
    status, said = run(folder, "lemmas.py")
    assert status == 1
    for claim, outcome in OUTCOMES.items():
        assert f"{outcome} lemmas.py::{claim}" in said
    assert "3 failed, 3 passed" in said
    assert "means [[1]]; weights [1]" in said  # the witness
    assert "1 <= 1/4  is false" in said
    assert "expected: refuted" in said
    assert "expected: anything but refuted or undecided" in said
    assert "Traceback" not in said


def test_one_claim_of_the_file(folder: Path) -> None:
    status, said = run(folder, "lemmas.py::half")
    assert status == 0
    assert "1 passed" in said
    status, said = run(folder, "lemmas.py", "-k", "energy")
    assert "1 passed, 5 deselected" in said


def test_other_files_and_folders_are_left_alone(folder: Path) -> None:
    (folder / "plain.py").write_text("def test_it():\n    pass\n")
    (folder / "test_plain.py").write_text("CLAIMS = 3\ndef test_it():\n    pass\n")
    status, said = run(folder)
    assert (status, "1 passed" in said) == (0, True)
    assert run(folder, "plain.py")[0] == 0


def test_a_file_with_tests_and_claims(folder: Path) -> None:
    text = LEMMAS.split("CLAIMS")[0] + 'CLAIMS = (gb.Claim("energy", Y <= mu_max**2, cost=5),)\n'
    (folder / "both.py").write_text(text + "def test_mine():\n    assert len(CLAIMS) == 1\n")
    status, said = run(folder, "both.py")
    assert status == 0
    assert "PASSED both.py::energy" in said and "PASSED both.py::test_mine" in said


MALFORMED = {
    "CLAIMS = (1,)": "CLAIMS has 1, which is no gembounds.Claim",
    "CLAIMS = ()": "give a tuple of gembounds.Claim",
    "import nothing_of_the_kind\nCLAIMS = ()": "nothing_of_the_kind",
}


def test_a_malformed_file_is_an_error_of_collection(folder: Path) -> None:
    names = [f"bad{k}.py" for k in range(len(MALFORMED))]
    for name, text in zip(names, MALFORMED, strict=True):
        (folder / name).write_text(text + "\n")
    status, said = run(folder, *names)
    assert status == 2 and f"{len(names)} errors" in said
    for message in MALFORMED.values():
        assert message in said


def test_the_decorator(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "lemmas.py").write_text(LEMMAS)
    text = DECORATED.format(targets='"lemmas.py"')
    (folder / "inner" / "test_lemmas.py").write_text(text)  # beside it, wherever pytest starts
    status, said = run(folder, "inner")
    assert status == 1
    for claim, outcome in OUTCOMES.items():
        assert f"{outcome} inner/test_lemmas.py::test_claim[{claim}]" in said
    assert "wrong  " in said and "is false" in said


def test_the_decorator_takes_targets(folder: Path) -> None:
    text = DECORATED.format(targets='"lemmas.py:half", "xu-fazel-du-2024:eq-16-repaired"')
    (folder / "test_some.py").write_text(text)
    status, said = run(folder, "test_some.py")
    assert "test_claim[half]" in said and "test_claim[eq-16-repaired]" in said
    assert status == 0 and "2 passed" in said


def test_targets_that_name_nothing(folder: Path) -> None:
    with pytest.raises(gb.InputError, match=r"no such file"):
        gb.parametrize_with_claims("nowhere.py")
    assert relative_to(folder, ["lemmas.py:a", "other.py", "theorem-2"]) == [
        f"{folder}/lemmas.py:a", "other.py", "theorem-2",
    ]  # fmt: skip


def test_a_claim_that_is_called() -> None:
    found = bound(gb.Claim("energy", Y <= mu_max**2))(points=20)
    assert (found.verdict, found.as_expected) == ("holds", True)
    assert found.checked + found.undecided == 20
    with pytest.raises(AssertionError, match="expected: anything but refuted"):
        bound(gb.Claim("quarter", Y <= mu_max**2 / 4))(points=20)
    assert bound(gb.Claim("same", equals(total(norms), total(norms)), when=n <= 1))(points=20)
