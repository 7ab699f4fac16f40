"""What the README and the docs show is so: files, command lines and their outputs, sessions."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from docs.made import API
from tests.shown import ROOT, agrees, blocks, commands, failures

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = [p for p in PAGES if any(s in p.read_text(encoding="utf-8") for s in ("\n$ ", "\n>>> "))]


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_a_page_shows_what_happens(page: Path, tmp_path: Path) -> None:
    assert not (found := failures(page, tmp_path)), "\n\n".join(found)


def test_the_pages_that_must_show_something_do() -> None:
    tutorials = {"my-lemma", "my-core-in-ci", "certified-integrals", "my-paper"}
    assert {"README", "start", "claims", "trajectories", *tutorials} <= {p.stem for p in RUN}


def test_the_first_screen_of_the_readme() -> None:
    """The problem, for whom, a picture, three findings, two commands, a lemma: in 60 lines."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    text = "\n".join(lines[:60])
    for part in ("| for whom |", "![", "**What was found**", "\n1. ", "\n3. ", "**Two commands**",
                 "$ make check ", "# lemmas.py", "$ gembounds check lemmas.py"):  # fmt: skip
        assert part in text, part


def test_the_api_has_every_public_name() -> None:
    for module in {module for module, _ in API.values()}:
        named = {name for place, names in API.values() if place == module for name in names}
        public = set(getattr(import_module(module), "__all__", named))
        assert public - {"__version__", "words"} == named, module


def test_a_difference_is_seen(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "```console\n$ gembounds --version\nanother\n```\n\n    $ gembounds show nothing\n"
        "    ...\n\n```pycon\n>>> 1 + 1\n3\n```\n\n```console\n$ make nothing\n```\n"
    )
    found = failures(tmp_path / "page.md", tmp_path)
    assert len(found) == 3 and "Expected:\n    3\nGot:\n    2" in found[1]


def test_what_agrees() -> None:
    assert agrees(["a  b", "...", "c 1.23456789012"], "a b\nx\ny\nc    1.2345678999")
    assert not agrees(["a b"], "a c") and not agrees(["1.5"], "1.6") and not agrees([], "x")
    (one,) = blocks("text\n\n    $ a \\\n      b\n    out\n\nmore\n")
    assert [(c.line, c.output) for c in commands(one)] == [("a b", ["out"])]
