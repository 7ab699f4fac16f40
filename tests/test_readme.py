"""The sessions of Python in the README give what it says."""

from __future__ import annotations

import doctest
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL


def test_the_readme() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    shown = "\n".join(line[4:] if line.startswith("    ") else "" for line in lines)
    found = doctest.DocTestParser().get_doctest(shown, {}, "README.md", str(README), 0)
    assert len(found.examples) > 15
    said: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(found, out=said.append)
    assert not said, "".join(said)
