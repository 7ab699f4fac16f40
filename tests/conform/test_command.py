"""``gembounds conform``: statuses, JSON, the page, bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gembounds import conform
from gembounds.cli import main
from gembounds.conform.page import mark
from tests.conform import plain

PLAIN = str(Path(__file__).with_name("plain.py"))

WRONG = f"""
import importlib.util
_found = importlib.util.spec_from_file_location("right_core", {PLAIN!r})
_right = importlib.util.module_from_spec(_found)
_found.loader.exec_module(_right)
max_rank, max_norm, min_weight = _right.max_rank, _right.max_norm, _right.min_weight
gradient = _right.gradient

def loss(means, weights):
    return -_right.loss(means, weights)
"""


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    path = tmp_path / "wrong_sign.py"
    path.write_text(WRONG)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["conform", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_right_core(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, PLAIN, "--quick", "--only", "*-generic")
    assert status == 0
    assert "conforms: 6 passed" in out
    assert out.splitlines()[0].split() == [
        "function", "domain", "status", "worst", "median", "points", "worst", "point"
    ]  # fmt: skip


def test_a_wrong_core_its_page_and_its_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: str
) -> None:
    page, data = tmp_path / "page.html", tmp_path / "found.json"
    status, out, _ = run(capsys, PLAIN, wrong, "--quick", "--only", "loss-*", "--html", str(page),
                         "--json", str(data))  # fmt: skip
    assert status == 1
    assert "loss-ordinary: failed" in out
    text = page.read_text()
    assert wrong in text and "does not conform" in text and "src=" not in text
    right, found = json.loads(data.read_text())
    assert right["passed"] and not found["passed"]
    assert {"python", "platform", "numpy", "gembounds"} <= set(found["versions"])
    bad = next(r for r in found["results"] if r["id"] == "loss-ordinary")
    assert bad["status"] == "failed" and bad["digits_worst"] < 1 and bad["worst_point"]


def test_a_check_that_raised_is_an_error_on_the_page() -> None:
    class Third:
        max_rank, max_norm, min_weight = 1, 10.0, 1e-6

        def loss(self, means: Any, weights: Any) -> Any:
            if means[0, 0] > 0.5:
                raise OSError("no licence")
            return plain.loss(means, weights)

    (found,) = conform.run(Third(), only="loss-generic").results
    assert found.digits_worst is not None and mark(found) == "error"


def test_the_line_to_paste_runs(capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    import shlex

    _, out, _ = run(capsys, wrong, "--quick", "--only", "loss-ordinary")
    line = next(x for x in out.splitlines() if "reproduce: " in x)
    words = shlex.split(line.split("reproduce: ", 1)[1])
    assert words[:2] == ["gembounds", "conform"]
    status, again, _ = run(capsys, *words[2:])
    assert status == 1
    assert "loss-ordinary: failed" in again


def test_expected_failures(capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: str) -> None:
    reasons = tmp_path / "reasons.json"
    reasons.write_text(json.dumps({"loss-generic": "the sign"}))
    common = (wrong, "--quick", "--only", "loss-generic", "--expected-failures", str(reasons))
    assert run(capsys, *common)[0] == 0
    status, out, _ = run(capsys, PLAIN, *common[1:])
    assert status == 1
    assert "listed as an expected failure (the sign): remove it" in out


def test_several_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, PLAIN, "--seeds", "3", "--points", "1", "--only", "psi-*")
    assert status == 0
    assert "3 seeds from 0" in out


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--list", "--only", "paper-lemma-11")
    assert status == 0
    assert out.startswith("paper-lemma-11 ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no core: give MODULE"),
        (("no_such_core_anywhere",), "no such module"),
        ((PLAIN, "--only", "nothing-like-it"), "no check 'nothing-like-it'"),
        ((PLAIN, "--seed", "-1"), "seed is -1"),
        ((PLAIN, "--points", "0"), "points is 0"),
        ((PLAIN, "--seeds", "0"), "--seeds is 0"),
        ((PLAIN, "--seconds", "0"), "seconds is 0: give a positive number"),
        ((PLAIN, "--jobs", "0"), "jobs is 0"),
        ((PLAIN, "--at", "{"), "--at: is no JSON"),
        ((PLAIN, "--at", '{"weights": [1]}'), "has no means"),
        ((PLAIN, "--html", "/no/such/place/page.html"), "--html"),
        ((PLAIN, "--expected-failures", "/no/such/file"), "cannot be read"),
    ],
)
def test_bad_input(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert said in err and err.count("\n") == 1
