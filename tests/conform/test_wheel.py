"""Someone's own repository, made from nothing: the package from a wheel, five lines of test.

The wheel goes into a fresh environment, to which a .pth file lends the packages that are installed
here: no network is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAIN = Path(__file__).with_name("plain.py")

Done = subprocess.CompletedProcess[str]

FIVE_LINES = """\
from gembounds.conform import parametrize_with_checks

@parametrize_with_checks("mycore", only=["gradient-*", "psi-far"], quick=True)
def test_core(check):
    check()
"""

WRONG = '''

_right = gradient


def gradient(means, weights):
    """Only beyond norm 2, only in the ninth digit."""
    found = _right(means, weights)
    return found * (1 + 3e-9) if np.abs(means).max() > 2 else found
'''


def environment(place: Path, wheel: Path) -> Path:
    """A fresh virtual environment with the wheel in it; its Python."""
    venv.EnvBuilder(with_pip=False, symlinks=True).create(place)
    python = place / "bin" / "python"
    purelib = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    Path(purelib, "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip(["install", "--no-deps", "--no-index", "--target", purelib, str(wheel)])
    return python


def pip(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    pip(["wheel", ".", "--no-deps", "--no-build-isolation", "--wheel-dir", str(place)])
    (wheel,) = place.glob("gembounds-*.whl")
    return environment(place / "environment", wheel)


def run(python: Path, repository: Path) -> Done:
    """pytest in the repository, alone there."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON", "CI"))}
    return subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=repository, capture_output=True, text=True, check=False, env=kept,
    )  # fmt: skip


def repository(place: Path, core: str) -> Path:
    (place / "mycore.py").write_text(core)
    (place / "test_mycore.py").write_text(FIVE_LINES)
    return place


def test_it_is_the_wheel_that_is_imported(python: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [python, "-c", "import gembounds; print(gembounds.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
    )  # fmt: skip
    assert where.stdout.startswith(str(python.parents[1]))


def test_a_right_core_passes(python: Path, tmp_path: Path) -> None:
    done = run(python, repository(tmp_path, PLAIN.read_text()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "certified digits of mycore" in done.stdout  # by the plugin, from its entry point


@pytest.fixture(scope="module")
def wrong(python: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The repository of a wrong core, and its run."""
    place = repository(tmp_path_factory.mktemp("wrong"), PLAIN.read_text() + WRONG)
    return place, run(python, place)


def test_a_wrong_core_fails_and_says_why(wrong: tuple[Path, Done]) -> None:
    done = wrong[1]
    assert done.returncode == 1, done.stdout + done.stderr
    assert "test_core[gradient-" in done.stdout
    message = done.stdout[done.stdout.index("gradient-") :]
    for part in (
        "the core gives 3.00000000900", "certified [2.99999999",
        "error 9e-09 where 3.2e-10 is allowed", "8.5 digits are right",
        'point: {"means": [[3]], "weights": [1]',
        "reproduce: gembounds conform mycore --only gradient-",
    ):  # fmt: skip
        assert part in message, message
    assert "Traceback" not in message


def test_the_line_to_paste_reproduces_the_failure(python: Path, wrong: tuple[Path, Done]) -> None:
    place, done = wrong
    line = next(x for x in done.stdout.splitlines() if "reproduce: " in x)
    command = line.split("reproduce: ", 1)[1].replace("gembounds ", f"{python} -m gembounds ", 1)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    pasted = subprocess.run(
        command, shell=True, cwd=place, capture_output=True, text=True, check=False, env=kept
    )
    assert pasted.returncode == 1, pasted.stdout + pasted.stderr
    said = next(x for x in pasted.stdout.splitlines() if "the core gives" in x)
    assert said.strip() in done.stdout
