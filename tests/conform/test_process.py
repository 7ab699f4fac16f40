"""The core's process: what it does instead of computing is reported, and the run goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gembounds.conform import run
from gembounds.conform.core import GIVEN_UP, Core, as_core, load
from gembounds.conform.process.handle import Unruly
from gembounds.conform.process.wire import Garbled, packed, unpacked
from gembounds.tools.errors import InputError
from tests.conform import wrong_process
from tests.conform.wrong_core import right

SOFTMAX = """
import numpy as np
max_norm, min_weight = 10.0, 1e-6

def psi(x, means, weights):
    logits = x @ means.T - 0.5 * np.sum(means**2, axis=1) + np.log(weights)
    parts = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return parts / np.sum(parts, axis=1, keepdims=True)
"""

REPLACING = """
import gembounds.conform.check as check, gembounds.conform.checks.certified as certified
check.compared = certified.compared = lambda *_: check.Finding("passed")
"""


def written(place: Path, text: str, core: str = SOFTMAX) -> str:
    path = place / "some_core.py"
    path.write_text(core + text)
    return str(path)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (wrong_process.PsiThatExits, "psi ended its process with exit status 0"),
        (wrong_process.LossThatDies, "loss ended its process by SIGSEGV"),
        (
            wrong_process.LossWithoutEnd,
            "loss gave no answer within 0.5 s (an object is judged in a fork",
        ),
        (wrong_process.OverlapsThatAreAbandoned, "overlaps raised GeneratorExit"),
        (wrong_process.PsiThatPrints, "psi wrote to the standard streams: 'psi ("),
        (wrong_process.LossThatWritesFromC, "wrote to the standard streams: 'converged'"),
        (wrong_process.GradientThatClosesTheOutput, "closed or replaced sys.stdout"),
        (wrong_process.LossThatReplacesTheSuite, "replaced gembounds.conform.check"),
        (
            wrong_process.GradientThatReplacesAMethod,
            "gembounds.values.enclosure:Enclosure.contains",
        ),
        (wrong_process.PsiThatReplacesNumPy, "psi replaced numpy.isfinite"),
        (wrong_process.OverlapsThatReplaceABuiltin, "overlaps replaced builtins.max"),
        (wrong_process.StepThatForgesAnswers, "em_step wrote into the line to the judge"),
    ],
)
def test_what_it_did_is_said_and_the_run_goes_on(wrong: Any, said: str) -> None:
    report = run(wrong(), only=[wrong.caught_by, "psi-one-dimension", "loss-one-dimension"])
    found = {r.id: r for r in report.results}
    assert said in found[wrong.caught_by].message
    for function in ("psi", "loss"):
        if not wrong.caught_by.startswith(function):
            assert found[f"{function}-one-dimension"].status == "passed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print('hello')", "wrote to the standard streams: 'hello'"),
        ("import os; os.write(1, b'hello')", "wrote to the standard streams: 'hello'"),
        ("np.exp = np.expm1", "replaced numpy.exp"),
        ("import builtins; builtins.sum = np.sum", "replaced builtins.sum"),
        ("np.seterr(all='ignore')", "left np.geterr() as"),
        (REPLACING, "replaced gembounds.conform.check"),
        ("import sys; sys.stdout = sys.stderr", "closed or replaced sys.stdout"),
    ],
)
def test_what_importing_does_is_a_failure(tmp_path: Path, text: str, said: str) -> None:
    report = run(written(tmp_path, text), quick=True, only=["import", "psi-ordinary"])
    found = {r.id: r for r in report.results}
    assert found["import"].status == "failed" and said in found["import"].message
    right = "np.exp" not in text
    assert (found["psi-ordinary"].status == "passed") is right, found["psi-ordinary"].message


def test_a_right_core_is_imported_without_a_trace(tmp_path: Path) -> None:
    (found,) = run(written(tmp_path, ""), only="import").results
    assert found.status == "passed"
    (found,) = run(right, only="import").results
    assert found.status == "absent"  # an object: nothing is imported


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os; os._exit(0)", "as it is imported it ended its process with exit status 0"),
        ("import os; os.abort()", "ended its process by SIGABRT"),
        ("raise GeneratorExit", "importing it raised GeneratorExit"),
        ("raise KeyboardInterrupt('now')", "importing it raised KeyboardInterrupt: now"),
        ("raise SystemExit(0)", "importing it raised SystemExit: 0"),
        ("1/0", "importing it raised ZeroDivisionError"),
    ],
)
def test_what_cannot_be_imported_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load(written(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_an_import_without_end_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gembounds.conform.core.START", 1.0)
    with pytest.raises(InputError, match="as it is imported it gave no answer within 1 s"):
        load(written(tmp_path, "while True: pass"))


def test_a_core_that_replaces_the_suite_and_is_wrong_fails_everywhere(tmp_path: Path) -> None:
    wrong = "\nright = psi\ndef psi(*a): return right(*a) * 1.001\n"
    spec = written(tmp_path, wrong + REPLACING)
    only = [word for kind in ("ordinary", "generic", "far", "tiny-weights")
            for word in ("--only", f"psi-{kind}")]  # fmt: skip
    command = [sys.executable, "-m", "gembounds", "conform", spec, "--quick", *only]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    ends = [x.split()[2] for x in done.stdout.splitlines() if x.startswith("psi ")]
    assert len(ends) == 4 and "passed" not in ends


def test_the_judge_never_imports_the_core(tmp_path: Path) -> None:
    spec = written(
        tmp_path, f"import os; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    )
    assert run(spec, quick=True, only="psi-ordinary").passed
    assert int((tmp_path / "pid").read_text()) != os.getpid()
    assert "some_core" not in sys.modules and str(tmp_path) not in sys.path


def test_a_function_without_end_is_given_up() -> None:
    report = run(wrong_process.GradientWithoutEndInC(), quick=True, only="gradient-*")
    bad = [r.message for r in report.results if r.status == "failed"]
    waited = [m for m in bad if m.startswith("gradient gave no answer within 0.5 s")]
    assert len(waited) == GIVEN_UP < len(bad)
    assert all("gradient is not called any more" in m for m in bad if m not in waited)


def test_the_limit_of_the_run_comes_before_what_is_declared() -> None:
    assert as_core(wrong_process.LossWithoutEnd()).seconds("loss") == 0.5
    assert as_core(wrong_process.LossWithoutEnd(), seconds=2.0).seconds("loss") == 2.0
    assert as_core(right).seconds("loss") == 30.0


def test_a_process_that_is_killed_is_replaced() -> None:
    core = load("examples.cores.numpy_core")
    means, weights = np.ones((2, 1)), np.array([0.5, 0.5])
    core.call("loss", means, weights)
    core.close()
    assert core.call("loss", means, weights) == pytest.approx(0.5)


def test_nothing_is_left_running() -> None:
    core = as_core(wrong_process.LossThatDies())
    with pytest.raises(Unruly):
        core.call("loss", np.ones((1, 1)), np.ones(1))
    core.call("psi", np.ones((1, 1)), np.ones((1, 1)), np.ones(1))
    pid = core._handle._child._process.pid  # type: ignore[union-attr]
    del core
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(pid, 0)
            time.sleep(0.01)


def test_several_processes_find_the_same_as_one(tmp_path: Path) -> None:
    wrong = "\nright = psi\ndef psi(*a): return right(*a) * 1.001\n"
    spec = written(tmp_path, wrong)
    only = ["import", "psi-many", "psi-far", "loss-far", "psi-sums-to-one", "quiet-psi"]
    one, two = (run(spec, quick=True, seed=3, only=only, jobs=jobs) for jobs in (1, 2))
    assert {r.status for r in one.results} == {"passed", "failed", "absent"}
    assert [replace(r, seconds=0) for r in one.results] == [
        replace(r, seconds=0) for r in two.results
    ]
    with pytest.raises(InputError, match="is an object: give MODULE:OBJECT, or 1"):
        run(right, jobs=2)


def test_an_attribute_that_raises_and_a_value_without_end_are_no_trouble() -> None:
    class Odd:
        @property
        def licence(self) -> str:
            raise RuntimeError("none")

        def loss(self, means: Any, weights: Any) -> Any:
            return np.broadcast_to(0.5, (10**5, 10**5))

    (found,) = run(Odd(), only="loss-one-component", quick=True).results
    assert "loss returned array([" in found.message and "expected real numbers" in found.message


@pytest.mark.parametrize("ending", ["os._exit(0)", "pass"])
def test_what_it_started_ends_with_it(tmp_path: Path, ending: str) -> None:
    place = tmp_path / "pid"
    text = f"""
import os, subprocess
def loss(means, weights):
    child = subprocess.Popen(["sleep", "60"])
    open({str(place)!r}, "w").write(str(child.pid))
    {ending}
"""
    core = load(written(tmp_path, text, core=""))
    if ending == "pass":
        core.see("loss", np.ones((1, 1)), np.ones(1))
        core.close()
    else:
        with pytest.raises(Unruly):
            core.see("loss", np.ones((1, 1)), np.ones(1))
    state = Path(f"/proc/{place.read_text()}/stat")
    for _ in range(200):
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.01)
    raise AssertionError("it is still there")


def test_files_that_are_open_here_are_out_of_reach(tmp_path: Path) -> None:
    with open(tmp_path / "kept", "wb", buffering=0) as file:
        file.write(b"mine")

        class Writing:
            def loss(self, means: Any, weights: Any) -> float:
                os.write(file.fileno(), b"yours")
                return 0.0

        assert as_core(Writing()).call("loss", np.ones((1, 1)), np.ones(1)) == 0.0
    assert (tmp_path / "kept").read_bytes() == b"mine"


def read(data: bytes, key: bytes | None = None) -> Any:
    """Unpacks what is in ``data``; what is not there is none."""
    from io import BytesIO

    return unpacked(BytesIO(data).read, key)


def test_messages_come_back_as_they_were() -> None:
    arrays: list[Any] = [
        np.arange(6.0).reshape(2, 3),
        np.float64(2.5).reshape(()),
        np.array([1, 2]),
    ]
    key, head, found = read(packed(b"k" * 16, {"a": [1, "b"]}, arrays), b"k" * 16)
    assert key == b"k" * 16 and head["a"] == [1, "b"]
    for one, other in zip(arrays, found, strict=True):
        assert one.dtype == other.dtype and np.array_equal(one, other) and other.base is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda m: b"x" + m[1:],
        lambda m: m[:16] + b"\xff" * 8 + m[24:],
        lambda m: m.replace(b'"<f8"', b'"<O8"'),
        lambda m: m.replace(b"[2]", b"[3]"),
        lambda m: m.replace(b"[2]", b"[1]"),
        lambda m: m.replace(b'"arrays"', b'"arrayz"'),
        lambda m: m.replace(b'{"a"', b'["a"'),
    ],
)
def test_damaged_messages_are_none(damage: Any) -> None:
    message = packed(b"k" * 16, {"a": 1}, [np.ones(2)])
    assert read(message, b"k" * 16)
    with pytest.raises(Garbled):
        read(damage(message), b"k" * 16)


def test_core_is_what_as_core_gives() -> None:
    core = as_core(right)
    assert isinstance(core, Core) and as_core(core) is core
