"""Where output goes: never onto an input, nowhere by halves, and one line where it cannot go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gembounds as gb
from gembounds.referee import check as checking
from gembounds.tools import files
from tests.command_line import run, said

ROOT = Path(gb.__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
CERTIFICATES = ROOT / "reports" / "certificates"


def shell(line: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """``line`` in bash, where ``gembounds`` is the program."""
    words = f'gembounds() {{ "{sys.executable}" -m gembounds "$@"; }}; set -o pipefail; {line}'
    done = subprocess.run(
        ["bash", "-c", words], capture_output=True, text=True, check=False, env=ENVIRONMENT,
        **options,
    )  # fmt: skip
    done.stderr = said(done.stderr)
    return done


# --- inputs and outputs -----------------------------------------------------------------------

CLAIMS = """from gembounds import Claim
from gembounds.statements import U
CLAIMS = (Claim("u", U >= 0),)
"""

ONTO = (
    ("eval", "good.json", "--json", "good.json"),
    ("eval", "good.json", "--json", "./sub/../good.json"),
    ("eval", "good.json", "--json", "link.json"),
    ("eval", "link.json", "--json", "good.json"),
    ("eval", "good.json", "--json", "hard.json"),
    ("em", "good.json", "--json", "good.json"),
    ("em", "good.json", "--checkpoint", "good.json", "--resume"),
    ("em", "good.json", "--checkpoint", "new", "--json", "new"),
    ("em", "good.json", "--checkpoint", "new", "--json", "sub/../new"),
    ("rate", "good.json", "--json", "good.json"),
    ("verify", "proof.json", "--json", "reports/certificates/eq-39c.json"),
    ("check", "eq-26a", "--json", "reports/verdicts.json"),
    ("check", "eq-39c", "--json", "reports/certificates/eq-39c.json"),
    ("check", "claims.py", "--json", "claims.certificates/u.json"),
    ("check", "claims.py", "--out", "sub", "--json", "sub/u.json"),
    ("tightness", "eq-26a", "--json", "reports/report.json"),
    ("report", "claims.py", "--against", "reports/report.json"),
    ("conform", "gembounds.conform.ours", "--json", "new", "--html", "new"),
)


@pytest.mark.parametrize("words", ONTO, ids=" ".join)
def test_no_output_goes_onto_an_input_or_another_output(
    here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    (here / "sub").mkdir()
    (here / "claims.certificates").mkdir()
    (here / "link.json").symlink_to("good.json")
    (here / "hard.json").hardlink_to("good.json")
    (here / "claims.py").write_text(CLAIMS)
    (here / "reports" / "certificates").mkdir(parents=True)
    proof = (CERTIFICATES / "eq-39c.json").read_text()
    for name in ("proof.json", "reports/certificates/eq-39c.json"):
        (here / name).write_text(proof)
    (here / "reports" / "verdicts.json").write_text("{}")
    (here / "reports" / "report.json").write_text('{"claims": []}')
    (here / "claims.certificates" / "u.json").write_text("{}")
    (here / "sub" / "u.json").write_text("{}")
    before = {p: p.read_bytes() for p in here.rglob("*") if p.is_file()}
    status, out, err = run(capsys, *words)
    if words[0] == "verify":  # what follows --json is a certificate too
        assert status == 0 and "confirmed" in out
    else:
        assert (status, out) == (2, "") and err.count("\n") == 1
        assert "is an input" in err or "would be replaced" in err or " goes; name another" in err
    assert {p: p.read_bytes() for p in here.rglob("*") if p.is_file()} == before


def test_standard_output_is_an_output_too(here: Path) -> None:
    before = (here / "good.json").read_bytes()
    done = shell("gembounds eval good.json --json out.json > out.json", cwd=here)
    assert done.returncode == 2 and "out.json: is where standard output goes" in done.stderr
    done = shell("gembounds eval - --json good.json < good.json", cwd=here)
    assert done.returncode == 2 and "good.json: is an input" in done.stderr
    assert (here / "good.json").read_bytes() == before


def test_json_to_what_is_no_file(here: Path) -> None:
    done = shell("gembounds eval good.json --json /dev/stdout | cat", cwd=here)
    document, end = json.JSONDecoder().raw_decode(done.stdout)
    assert document["n"] == 3 and "n = 3, d = 2" in done.stdout[end:] and done.stderr == ""
    done = shell("gembounds eval good.json --json >(cat >&2); wait $!", cwd=here)
    assert json.loads(done.stderr) == document and done.stdout.startswith("n = 3, d = 2")
    assert shell("gembounds eval good.json --json /dev/null", cwd=here).returncode == 0
    assert [p.name for p in here.iterdir()] == ["good.json"]


def test_a_result_of_verify_is_replaced_by_the_next(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = str(CERTIFICATES / "eq-39c.json")
    for _ in range(2):
        status, out, _ = run(capsys, "verify", proof, "--json", "out.json")
        assert status == 0 and "confirmed" in out
    (result,) = json.loads((here / "out.json").read_text())
    assert result["file"] == proof and result["confirmed"] is True
    (here / "out.json").write_text('{"claim": "damaged')
    assert run(capsys, "verify", proof, "--json", "out.json")[0] == 2  # perhaps a certificate
    assert (here / "out.json").read_text() == '{"claim": "damaged'


def test_a_long_run_tries_its_places_first(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(*_: object, **__: object) -> None:
        raise AssertionError("it has begun")

    monkeypatch.setattr(checking, "run", started)
    (here / "file").write_text("")
    Path("claims.py").write_text(CLAIMS)
    Path("other.py").write_text(CLAIMS)
    (here / "claims.certificates").write_text("no directory")
    for words in (
        ("check", "eq-26a", "--json", "no/out.json"),
        ("check", "eq-26a", "--out", "file"),
        ("check", "eq-26a", "--out", "/proc/here"),
        ("check", "claims.py"),
        ("check", "claims.py", "other.py", "--out", "sub"),
        ("report", "claims.py", "--out", "file"),
    ):
        status, out, err = run(capsys, *words)
        assert (status, out) == (2, "") and err.count("\n") == 1, words


def test_a_damaged_certificate_is_one_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "reports" / "certificates").mkdir(parents=True)
    for text in ("{", "[]", "{}", "[" * 100_000):
        (here / "reports" / "certificates" / "eq-39c.json").write_text(text)
        status, out, err = run(capsys, "show", "eq-39c")
        assert (status, out) == (2, "") and "eq-39c.json: " in err and err.count("\n") == 1


# --- input without end --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("eval", "/dev/zero"),
        ("em", "good.json", "--resume", "--checkpoint", "huge"),
        ("verify", "/dev/zero"),
        ("report", "eq-26a", "--against", "huge"),
        ("rate", "huge"),
    ],
    ids=" ".join,
)
def test_input_without_end_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:  # fmt: skip
    monkeypatch.setattr(files, "MOST_BYTES", 1 << 20)
    (here / "huge").touch()
    os.truncate(here / "huge", 1 << 36)
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and "longer than 1 MiB" in err and err.count("\n") == 1


# --- standard output that is full or closed -----------------------------------------------------

LINES = (
    "gembounds --help",
    "gembounds --version",
    "gembounds list",
    "gembounds show eq-26a",
    "gembounds eval good.json --json",
    "gembounds check eq-26a --points 1 --jobs 1",
    f"gembounds verify {CERTIFICATES / 'eq-39c.json'}",
    "gembounds em good.json --steps 2",
    "gembounds trap --d 3 --n 3",
    "gembounds rate good.json --steps 16",
    "gembounds conform --list",
)


@pytest.mark.parametrize("line", LINES)
def test_a_full_standard_output_is_one_line(here: Path, line: str) -> None:
    done = shell(f"{line} > /dev/full", cwd=here)
    assert done.returncode == 2
    assert done.stderr == (
        "gembounds: error: standard output: cannot be written (No space left on device)\n"
    )


@pytest.mark.parametrize(
    ("end", "status", "message"),
    [
        (">&-", 2, "standard output is closed"),
        ("| head -0", 2, "standard output: cannot be written (Broken pipe)"),
        ("2>&-", 0, ""),
        ("2> /dev/full", 0, ""),
        ("> /dev/full 2>&-", 2, ""),
        ("> /dev/full 2> /dev/full", 2, ""),
        (">&- 2>&-", 2, ""),
        ("<&-", 0, ""),
    ],
)
def test_streams_that_are_closed(here: Path, end: str, status: int, message: str) -> None:
    line = f"gembounds list {end}" if "head" not in end else (
        f"(sleep 0.1; gembounds list) {end}"  # its reader has left by then
    )  # fmt: skip
    done = shell(line, cwd=here)
    assert done.returncode == status
    assert done.stderr.count("\n") == bool(message) and message in done.stderr


def test_a_closed_stream_lends_its_number_to_no_file(here: Path) -> None:
    done = shell("gembounds eval good.json --json out.json >&- 2>&- <&-", cwd=here)
    assert done.returncode == 2 and not (here / "out.json").exists()
    done = shell("gembounds eval good.json --json out.json 2>&- <&-", cwd=here)
    assert done.returncode == 0 and json.loads((here / "out.json").read_text())["n"] == 3


def test_a_character_that_the_encoding_lacks_is_one_line(here: Path) -> None:
    done = shell("PYTHONIOENCODING=ascii gembounds show theorem-14.1", cwd=here)
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr


# --- the working directory ----------------------------------------------------------------------


CHARACTERS = """from dataclasses import replace
from hypothesis import strategies as st
from gembounds import Claim
from gembounds.statements import MIXTURES, U
named = replace(MIXTURES, draw=lambda: st.characters().flatmap(lambda _: MIXTURES.draw()))
CLAIMS = (Claim("u", U >= 0, over=named),)
"""
"""For them Hypothesis keeps a table of all characters, whatever else it keeps."""


def test_nothing_is_left_in_the_working_directory(here: Path, tmp_path_factory: Any) -> None:
    cache = tmp_path_factory.mktemp("cache")
    claims = cache / "claims.py"
    claims.write_text(CHARACTERS)
    for line, said_so in (
        ("check eq-39c --points 2 --jobs 1", "refuted: eq-39c"),
        ("conform gembounds.conform.own --quick --only psi-ordinary", "1 passed"),
        (f"check {claims} --points 5 --jobs 1", "1 holds"),
    ):
        unset = "unset HYPOTHESIS_STORAGE_DIRECTORY"
        done = shell(f"{unset}; export XDG_CACHE_HOME={cache}; gembounds {line}", cwd=here)
        assert done.returncode in (0, 1) and said_so in done.stdout
        assert [p.name for p in here.iterdir()] == ["good.json"]
    assert any((cache / "gembounds" / "hypothesis").rglob("*charmap*"))
