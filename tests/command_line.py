"""What the tests of commands share: a mixture's text, and a call of the program."""

from __future__ import annotations

import re

import pytest

from gembounds.cli import main

GOOD = '{"means": [[1, "1/3"], [0.5, 2], ["1e-3", -1]], "weights": ["1/6", "1/3", "1/2"]}'


def said(errors: str) -> str:
    """What stands on stderr, without the lines that tell how far a slow run is."""
    return re.sub(r"^gembounds: \d+/\d+ .*\n", "", errors, flags=re.MULTILINE)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, said(err)
