"""The command line: output, exit status, and one line for every mistake."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gembounds as gb
from gembounds.referee import check as checking
from gembounds.referee import show
from gembounds.statements import library
from gembounds.values.configuration import read_mixture
from tests.command_line import GOOD, run


def program(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gembounds", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


# --- eval -------------------------------------------------------------------------------------


@pytest.mark.parametrize("evaluator", ["float64", "arb", "qmc"])
def test_eval_json_holds_the_certified_values(
    here: Path, capsys: pytest.CaptureFixture[str], evaluator: str
) -> None:
    status, out, err = run(capsys, "eval", "good.json", "--json", "--evaluator", evaluator)
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert (document["n"], document["d"], document["evaluator"]) == (3, 2, evaluator)
    mix = read_mixture("good.json")
    for name in ("loss", "gradient", "psi_tilde_norm2", "overlaps", "expected_posterior", "U",
                 "mu_max", "pi_min"):  # fmt: skip
        exact = getattr(gb, name)(mix, evaluator="arb", bits=100)
        found = document[name]
        assert np.shape(found["lower"]) == exact.shape
        assert np.all(found["lower"] <= exact.upper) and np.all(exact.lower <= found["upper"])
        assert np.all(np.asarray(found["lower"]) <= np.asarray(found["upper"]))


def test_eval_over_data(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data.json").write_text('{"means": [["1/3", 2], [-1, 0.5]], "weights": ["1/4", "3/4"]}')
    Path("line.json").write_text('{"means": [["1/3"], [2]]}')
    status, out, _ = run(capsys, "eval", "good.json", "--data", "data.json", "--json")
    document, mix = json.loads(out), read_mixture("good.json")
    assert status == 0
    for name in ("loss", "gradient", "psi_tilde_norm2", "overlaps", "expected_posterior"):
        exact = getattr(gb, name)(mix, data=read_mixture("data.json"), evaluator="arb", bits=100)
        assert np.all(document[name]["lower"] <= exact.upper)
        assert np.all(exact.lower <= document[name]["upper"])
    status, _, err = run(capsys, "eval", "good.json", "--data", "line.json")
    assert (status, err) == (
        2, "gembounds: error: --data line.json: has 1 coordinates, the model 2\n",
    )  # fmt: skip
    status, _, err = run(capsys, "eval", "-", "--data", "-")
    assert (status, err) == (
        2, "gembounds: error: --data -: standard input is the model; give the data in a file\n",
    )  # fmt: skip
    status, _, err = run(capsys, "eval", "good.json", "--data", "data.json", "--json", "data.json")
    assert status == 2 and "is an input of this command" in err


def test_eval_of_an_expression(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "psi[0]*log(psi[1]) - x[1]/3"
    status, out, _ = run(capsys, "eval", "good.json", "--json", "--expect", text)
    exact = gb.expect(text, read_mixture("good.json"), evaluator="arb")
    found = json.loads(out)["expect"][text]
    assert status == 0 and found["lower"] <= float(exact.lower)
    assert float(exact.upper) <= found["upper"] < found["lower"] + 1e-9
    status, out, _ = run(capsys, "eval", "good.json", "--expect", text)
    assert f"E {text}" in out
    for words, message in (
        (["--expect", "log(x[0])"], "--expect log(x[0]): log(x[0]) cannot be certified"),
        (["--expect", "psi[7]"], "--expect psi[7]: psi[7]: the model has 3 components"),
        (["--expect", "x[0]", "--evaluator", "qmc"], "--expect does nothing for evaluator qmc"),
    ):
        status, out, err = run(capsys, "eval", "good.json", *words)
        assert (status, out, err.count("\n")) == (2, "", 1) and message in err


def test_eval_with_mpmath(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("line.json").write_text('{"means": [["1/3"], [2]], "weights": ["1/4", "3/4"]}')
    words = ("eval", "line.json", "--json", "--evaluator", "mpmath", "--digits", "20")
    status, out, _ = run(capsys, *words)
    assert status == 0
    exact = gb.loss(read_mixture("line.json"), evaluator="arb", bits=100)
    assert abs(Fraction(json.loads(out)["loss"]["estimate"]) / Fraction(float(exact.mid)) - 1) < (
        Fraction(1, 10**15)
    )


def test_eval_table_rounds_outward(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "eval", "good.json")
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "n = 3, d = 2, by float64"
    label, _, interval = lines[1].partition(" ")
    low, high = (Fraction(x) for x in interval.strip(" []").split(", "))
    loss = gb.loss(read_mixture("good.json"))
    assert label == "L"
    assert low <= Fraction(float(loss.lower)) and Fraction(float(loss.upper)) <= high
    assert high - low <= 2 * (Fraction(float(loss.upper)) - Fraction(float(loss.lower)))
    assert [line.split("  ")[0] for line in lines if not line.startswith(" ")][1:] == [
        "L", "grad L", "E|psi~|^2", "E psi_i psi_k", "E psi_i", "U", "mu_max", "pi_min",
    ]  # fmt: skip


def test_eval_abbreviates_wide_rows_in_the_table_only(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("wide.json").write_text(json.dumps({"means": [[0.5] * 1000, [0.25] * 1000]}))
    _, out, _ = run(capsys, "eval", "wide.json", "--json", "out.json")
    assert "... 994 more, see --json" in out and max(map(len, out.splitlines())) < 400
    assert np.shape(json.loads(Path("out.json").read_text())["gradient"]["lower"]) == (2, 1000)


def test_eval_keeps_what_lies_beyond_float64(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Near 0 the third component has all the weight, the product of the others exp(-10000)."""
    Path("far.json").write_text('{"means": [[100], [-100], [0]]}')
    _, out, _ = run(capsys, "eval", "far.json", "--json", "--evaluator", "arb")
    found = json.loads(out)["overlaps"]
    assert found["lower"][0][1] == 0.0
    assert float(found["balls"][0][1].split("e-")[1].split(" ")[0]) > 2000


def test_eval_reads_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    status, out, _ = run(capsys, "eval", "-")
    assert status == 0 and out.startswith("n = 3, d = 2")


def test_eval_json_before_the_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json good.json` alone does not overwrite the mixture."""
    status, out, _ = run(capsys, "eval", "--json", "good.json")
    assert status == 0 and json.loads(out)["n"] == 3
    assert (here / "good.json").read_text() == GOOD


def test_json_file_is_replaced_whole(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "out.json").write_text("x" * 10**6)
    (here / "link.json").symlink_to("out.json")
    status, out, _ = run(capsys, "eval", "good.json", "--json", "link.json")
    assert status == 0 and out.startswith("n = 3")
    assert json.loads((here / "out.json").read_text())["n"] == 3
    assert (here / "link.json").is_symlink()
    assert sorted(p.name for p in here.iterdir()) == ["good.json", "link.json", "out.json"]
    (here / "plain").touch()  # as any other file, not private as temporary files are
    assert (here / "out.json").stat().st_mode == (here / "plain").stat().st_mode


# --- list and check ---------------------------------------------------------------------------


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "list")
    ids = [claim.id for claim in library.select()]
    assert status == 0 and [line.split()[0] for line in out.splitlines()] == ids
    status, out, _ = run(capsys, "list", "--json")
    rows = json.loads(out)
    assert [row["id"] for row in rows] == ids
    assert all(row["form"] and row["source"] and row["text"] for row in rows)


def test_check(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("check", "eq-26a", "--points", "30", "--jobs", "1", "--json")
    status, out, err = run(capsys, *words)
    result = json.loads(out)[0]
    assert err == "" and result["id"] == "eq-26a"
    for key in ("form", "verdict", "recorded_verdict", "checked", "undecided", "max_ratio",
                "witness", "seconds"):  # fmt: skip
        assert key in result
    assert status == checking.exit_status([result])
    assert result["checked"] + result["undecided"] <= 30 + result["stored"]
    again = json.loads(run(capsys, *words)[1])[0]
    assert {k: v for k, v in again.items() if k != "seconds"} == {
        k: v for k, v in result.items() if k != "seconds"
    }


def test_check_writes_the_table_and_a_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", "eq-26a", "--points", "10", "--jobs", "1", "--json", "v.json")
    assert out.splitlines()[0].split()[:3] == ["claim", "statement", "verdict"]
    assert json.loads((here / "v.json").read_text())[0]["id"] == "eq-26a"


def test_check_a_claim_after_json_is_no_file(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "check", "--points", "10", "--jobs", "1", "--json", "eq-26a")
    assert json.loads(out)[0]["id"] == "eq-26a"
    assert not (here / "eq-26a").exists()


def test_every_claim_is_a_target() -> None:
    assert all(library.is_target(claim.id) for claim in library.select())


@pytest.mark.parametrize(
    ("results", "status"), [("holds", 0), ("differs", 1), ("undecided", 3)]
)  # fmt: skip
def test_check_passes_the_exit_status_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, results: str, status: int
) -> None:
    found = [{"id": results, "certificate": None}]
    monkeypatch.setattr(checking, "run", lambda *_, **__: found)
    monkeypatch.setattr(show, "format_results", lambda _: "")
    monkeypatch.setattr(checking, "exit_status", lambda _: status)
    assert run(capsys, "check", "eq-26a")[0] == status


# --- mistakes ---------------------------------------------------------------------------------

FILES = {
    "shape.json": '{"means": [[1], [2]], "weights": [1]}',
    "ragged.json": '{"means": [[1, 2], [3]]}',
    "empty.json": '{"means": []}',
    "nan.json": '{"means": [[NaN]]}',
    "infinity.json": '{"means": [[1e999]]}',
    "zero.json": '{"means": [[1], [2]], "weights": [1, 0]}',
    "negative.json": '{"means": [[1], [2]], "weights": [2, -1]}',
    "sum.json": '{"means": [[1], [2]], "weights": [0.5, 0.6]}',
    "word.json": '{"means": [["one"]]}',
    "missing.json": "{}",
    "unknown.json": '{"means": [[1]], "colour": 1}',
    "twice.json": '{"means": [[1]], "means": [[1]]}',
    "text.json": "hello",
    "void.json": "",
    "broken.py": "x = 1\ny = x / 0",
    "none.py": "x = 1",
    "chained.py": "from gembounds.statements import U\nCLAIMS = (1 < U < 2,)",
}

MISTAKES = {
    ("eval", "shape.json"): "weights has 1 entries for 2 means",
    ("eval", "ragged.json"): "means[1] has 1 entries",
    ("eval", "empty.json"): "means is empty",
    ("eval", "nan.json"): "NaN is not a number",
    ("eval", "infinity.json"): "means[0][0] is 1e999",
    ("eval", "zero.json"): "weights[1] is 0.0: weights must be positive",
    ("eval", "negative.json"): "weights[1] is -1.0: weights must be positive",
    ("eval", "sum.json"): "weights sum to 1.1",
    ("eval", "word.json"): "means[0][0] is 'one'",
    ("eval", "missing.json"): 'no key "means"',
    ("eval", "unknown.json"): "unknown key 'colour'",
    ("eval", "twice.json"): "'means' is given twice",
    ("eval", "text.json"): "not JSON at line 1",
    ("eval", "void.json"): "empty: give",
    ("eval", "absent.json"): "absent.json: cannot be read (no such file",
    ("eval", "."): "cannot be read (is a directory)",
    ("eval",): "no FILE: name a JSON file",
    ("eval", "--json"): "no FILE: name a JSON file",
    ("eval", "good.json", "good.json"): "unrecognized arguments: good.json",
    ("eval", "good.json", "--evaluator", "magic"): "evaluator is 'magic': choose one of",
    ("eval", "good.json", "--rtol", "1"): "rtol is 1.0: choose it from",
    ("eval", "good.json", "--rtol", "nan"): "rtol is nan: choose it from",
    ("eval", "good.json", "--rtol=-1e-3"): "rtol is -0.001: choose it from",
    ("eval", "good.json", "--rtol", "small"): "--rtol: invalid float value: 'small'",
    ("eval", "good.json", "--evaluator", "arb", "--bits", "1"): "bits is 1: choose a whole",
    ("eval", "good.json", "--evaluator", "arb", "--bits", "1.5"): "invalid int value: '1.5'",
    ("eval", "good.json", "--evaluator", "mpmath", "--digits", "-1"): "digits is -1: choose",
    ("eval", "good.json", "--evaluator", "qmc", "--samples", "3"): "samples is 3: give",
    ("eval", "good.json", "--bits", "64"): "--bits does nothing for evaluator float64",
    ("eval", "good.json", "--failure-probability", "1e-3"): "--failure-probability does nothing",
    ("eval", "good.json", "--json", "no/such/out.json"): "no directory no/such; make it first",
    ("eval", "good.json", "--json", "."): "--json .: is a directory; give a file",
    ("eval", "good.json", "--jso"): "unrecognized arguments: --jso",
    ("check", "lemma-99"): "unknown claim 'lemma-99'",
    ("check", "--json", "lemma-99"): "unknown claim 'lemma-99'",
    ("check", "lemma-99", "--json", "out.json"): "unknown claim 'lemma-99'",
    ("check", "--points", "0"): "--points is 0: give a positive integer",
    ("check", "--points", "many"): "--points: invalid int value: 'many'",
    ("check", "--jobs", "-2"): "--jobs is -2: give a positive integer",
    ("check", "--seed", "-1"): "--seed is -1: give an integer that is not negative",
    ("check", "--json", "no/out.json"): "no directory no; make it first",
    ("list", "all"): "unknown claim 'all'",
    ("list", "xu-fazel-du-2024:all"): "unknown claim 'all' in xu-fazel-du-2024",
    ("check", "absent.py"): "absent.py: no such file",
    ("check", "broken.py"): "broken.py:2: ZeroDivisionError",
    ("check", "broken.py:one"): "broken.py:2: ZeroDivisionError",
    ("tightness", "none.py"): "none.py: has no CLAIMS",
    ("report", "none.py"): "none.py: has no CLAIMS",
    ("check", "chained.py"): "chained.py:2: U > 1 has no truth value",
    ("show", "lemma-99"): "unknown claim 'lemma-99'",
    ("show",): "the following arguments are required: TARGET",
    ("check", "eq-26a", "--out", "good.json"): "--out good.json: is no directory; give one",
    ("list", "--json", "no/out.json"): "no directory no; make it first",
    ("dance",): "invalid choice: 'dance'",
    (): "the following arguments are required: COMMAND",
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_line_and_status_2(
    here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    for name, text in FILES.items():
        (here / name).write_text(text)
    before = sorted(here.iterdir())
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert err.startswith("gembounds: error: ") and MISTAKES[words] in err
    assert err.endswith("\n") and err.count("\n") == 1 and len(err) < 300
    assert sorted(here.iterdir()) == before


def test_a_file_that_cannot_be_written(here: Path, capsys: pytest.CaptureFixture[str],
                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    status, _, err = run(capsys, "eval", "good.json", "--json", "out.json")
    assert status == 2 and "cannot be written (No space left on device)" in err
    assert [p.name for p in here.iterdir()] == ["good.json"]


# --- the process ------------------------------------------------------------------------------


def test_the_program_ends_with_the_status_and_no_traceback(here: Path) -> None:
    root = Path(gb.__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = program("eval", "absent.json", env=environment)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and done.stdout == ""
    done = program("--help", env=environment)
    assert done.returncode == 0 and "check" in done.stdout


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_leaves_is_one_line(here: Path, unbuffered: str) -> None:
    root = Path(gb.__file__).resolve().parent.parent
    Path("wide.json").write_text(json.dumps({"means": [[0.5] * 50_000]}))
    with subprocess.Popen(
        [sys.executable, "-m", "gembounds", "eval", "wide.json", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": unbuffered},
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.read(10) == b'{\n  "n": 1'
        process.stdout.close()
        assert process.wait() == 2
        *before, last = process.stderr.read().splitlines()
        assert last == b"gembounds: error: standard output: cannot be written (Broken pipe)"
        assert all(re.match(rb"gembounds: \d+/\d+ ", x) for x in before)  # where it took a second


def test_ctrl_c(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "run", interrupted)
    status, out, err = run(capsys, "check")
    assert (status, out, err) == (130, "", "gembounds: interrupted\n")
