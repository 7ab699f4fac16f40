"""A sweep for the tests, and what is looked at in its store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gembounds.cli import main

CLAIMS = str(Path(__file__).with_name("claims.py"))
POINTS = "280"
ASKED = [CLAIMS, "--points", POINTS]


def sweep(out: Path, *more: str) -> int:
    return main(["sweep", *ASKED, "--out", str(out), "--jobs", "1", *more])


def summary_of(folder: Path) -> bytes:
    return (folder / "summary.json").read_bytes()


def parts_of(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.parquet"))


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if not re.match(r"gembounds: \d+/\d+", line)]
    assert out == "" and len(lines) == 1 and lines[0].startswith("gembounds: error: ")
    return lines[0]
