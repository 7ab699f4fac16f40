"""``gembounds conform``: statuses, JSON, the page, bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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
    assert "conforms: 7 passed; not offered: loss_over, " in out
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


SLOW = f"""
import importlib.util, time
_found = importlib.util.spec_from_file_location("right_core", {PLAIN!r})
_right = importlib.util.module_from_spec(_found)
_found.loader.exec_module(_right)
max_rank, max_norm, min_weight = _right.max_rank, _right.max_norm, _right.min_weight
rtol = 1e-5

def loss(means, weights):
    time.sleep(0.05)
    return _right.loss(means, weights) * (1 + 1e-6)
"""


def test_against_an_earlier_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    core, old = tmp_path / "some_core.py", tmp_path / "old.json"
    common = ("--only", "loss-ordinary", "--quick")
    core.write_text(SLOW.replace("    time.sleep(0.05)\n", "").replace(" * (1 + 1e-6)", ""))
    assert run(capsys, str(core), *common, "--seed", "7", "--json", str(old))[0] == 0
    status, out, _ = run(capsys, str(core), *common, "--against", str(old), "--slower", "1000")
    assert status == 0, out
    assert "nothing got worse" in out and "--seed 7 " in out
    core.write_text(SLOW)
    status, out, _ = run(capsys, str(core), *common, "--against", str(old))
    assert status == 1
    assert re.search(r"loss-ordinary: \d+\.\d digits before, now (5\.9|6\.0)", out), out
    assert "loss: " in out and "times our own core's time before" in out


@pytest.mark.parametrize("text", ["{", "[]", "{}", '[{"core": 1}]'])
def test_what_is_no_earlier_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    old = tmp_path / "old.json"
    old.write_text(text)
    status, _, err = run(capsys, PLAIN, "--against", str(old))
    assert status == 2 and "--against" in err and err.count("\n") == 1


def test_junit(capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "junit.xml"
    status, *_ = run(capsys, PLAIN, wrong, "--quick", "--only", "loss-ordinary", "--only",
                     "psi-ordinary", "--junit", str(path))  # fmt: skip
    assert status == 1
    root = ElementTree.parse(path).getroot()
    suites = root.findall("testsuite")
    assert root.tag == "testsuites" and len(suites) == 2
    for suite, outcomes in zip(suites, ([], ["skipped", "failure"]), strict=True):
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases)) == "2"
        assert sorted(child.tag for c in cases for child in c) == sorted(outcomes)
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert suite.get(count) == str(len(suite.findall(f"testcase/{tag}")))
        assert all(c.get("name") and c.get("classname") and float(str(c.get("time"))) >= 0
                   for c in cases)  # fmt: skip
    failure = suites[1].find("testcase/failure")
    assert failure is not None and "reproduce: " in str(failure.text)
