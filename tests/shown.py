"""What a page of text shows: files, command lines with their output, sessions of Python.

A block is fenced (``` to ```) or indented by four spaces. One whose first line is ``# NAME.py``
(or .json, .toml) is a file, and so is what ``$ cat NAME`` shows where there is none. A line
``$ COMMAND`` is run, and what follows it compared: spaces at ends and how many stand in a row
matter not, of long numbers the first digits count, ``...`` stands for anything, also for whole
lines. ``>>> `` lines are a doctest; all of a page share their names.

    python -m tests.shown README.md docs/*.md     what is shown and not so
    python -m tests.shown --write docs/my-lemma.md    outputs of commands brought up to date
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gembounds.cli import main
from gembounds.statements import library
from tests.command_line import said

ROOT = Path(__file__).parent.parent

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL

FILE = re.compile(r"# ([\w./-]+\.(?:py|json|toml))$")

SETTING_UP = re.compile(
    r"(make\b|source |git clone|python\S* -m (venv|pip) |\S*python -m pip |pip install)"
)
"""What CI does before a test: not run again, but the targets of make must exist."""

PROGRAM = re.compile(r"^(\.venv/bin/python -m )?gembounds ")

SHARED = {"check", "prove", "report", "tightness", "verify"}
"""Commands that share their work out. Tests run beside one another: here it stays in this process,
which finds the same (`tests/referee/test_check.py`)."""

DIGITS = 8
"""Of a longer number, those that count: the others move when an evaluator gets better."""


@dataclass
class Command:
    line: str
    first: int
    """The line of the page where its output begins."""
    output: list[str] = field(default_factory=list)


@dataclass
class Block:
    lines: list[str]
    at: int
    """The line of the page where it begins."""


def blocks(text: str) -> Iterator[Block]:
    """The fenced and the indented ones, in order."""
    lines = text.splitlines()
    k = 0
    while k < len(lines):
        fence = re.match(r"(`{3,})", lines[k])
        if fence:
            end = next(i for i in range(k + 1, len(lines)) if lines[i].strip() == fence[1])
            if not lines[k].startswith("```{"):
                yield Block(lines[k + 1 : end], k + 1)
            k = end + 1
        elif lines[k].startswith("    ") and (k == 0 or not lines[k - 1].strip()):
            end = k
            while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                end += 1
            yield Block([line[4:] for line in lines[k:end]], k)
            k = end
        else:
            k += 1


def commands(block: Block) -> list[Command]:
    """The command lines of a block, each with the output that is shown."""
    found: list[Command] = []
    for k, line in enumerate(block.lines):
        if line.startswith("$ "):
            found.append(Command(line[2:], block.at + k + 1))
        elif found and found[-1].line.endswith("\\") and not found[-1].output:
            found[-1].line = found[-1].line[:-1] + line.strip()
            found[-1].first += 1
        elif found:
            found[-1].output.append(line)
    for one in found:
        while one.output and not one.output[-1].strip():
            one.output.pop()
    return found


def run(line: str) -> str:
    """What the command writes, of its progress nothing, places in the repository from its root."""
    ours = PROGRAM.sub("gembounds ", line)
    words = shlex.split(ours, comments=True)
    if words[0] == "gembounds" and not {"|", ">", "<", "&&", ";"} & set(words):
        out = io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
            contextlib.suppress(SystemExit),
        ):
            main(words[1:] + ["--jobs", "1"] * (words[1] in SHARED and "--jobs" not in words))
        return _plain(out.getvalue())
    here = f'"{sys.executable}"'
    ours = re.sub(r"^(python|pytest)\b", lambda m: {"python": here}.get(m[1], f"{here} -m pytest"),
                  ours)  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", f'gembounds() {{ {here} -m gembounds "$@"; }}; {ours}'],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return _plain(done.stdout + done.stderr)


def _plain(text: str) -> str:
    return said(text).replace(f"{ROOT}/", "")


def agrees(expected: list[str], got: str) -> bool:
    """Whether ``got`` is what is expected, see the module."""
    want, have = (
        "\n".join(" ".join(_short(line).split()) for line in lines)
        for lines in (expected, got.strip().splitlines())
    )
    pattern = r"[\s\S]*?".join(re.escape(part) for part in want.split("..."))
    return re.fullmatch(pattern, have) is not None


def _short(line: str) -> str:
    """Without the digits that do not count."""
    return re.sub(r"\d+\.\d+", lambda m: m[0][: DIGITS + 2], line)


def failures(page: Path, folder: Path) -> list[str]:
    """What the page shows and is not so, run in ``folder``; one text each."""
    return [f"{page.name}: {what}" for what, _, _ in _differences(page, folder)]


def _differences(page: Path, folder: Path) -> Iterator[tuple[str, Command | None, str]]:
    """What is not so, the command, and its output."""
    names: dict[str, Any] = {}
    with contextlib.chdir(folder):
        for block in blocks(page.read_text(encoding="utf-8")):
            head = FILE.match(block.lines[0]) if block.lines else None
            if head:
                Path(head[1]).parent.mkdir(parents=True, exist_ok=True)
                whole = block.lines if head[1].endswith(".py") else block.lines[1:]
                Path(head[1]).write_text("\n".join(whole) + "\n", encoding="utf-8")
                library.collection.cache_clear()  # as if each command were a process
            elif any(line.startswith(">>> ") for line in block.lines):
                for told in _session(block, names, page):
                    yield told, None, ""
            else:
                for command in commands(block):
                    got = _command(command)
                    if got is not None:
                        shown = "\n".join(command.output)
                        told = f"$ {command.line}\n--- shown\n{shown}\n--- got\n{got}"
                        yield told, command, got


def _session(block: Block, names: dict[str, Any], page: Path) -> list[str]:
    parsed = doctest.DocTestParser().get_doctest(
        "\n".join(block.lines) + "\n", names, page.name, str(page), block.at
    )
    parsed.globs = names
    told: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(parsed, out=told.append, clear_globs=False)
    return ["".join(told)] if told else []


def _command(command: Command) -> str | None:
    """Its output where that is not what is shown."""
    words = command.line.split()
    if SETTING_UP.match(command.line):
        made = (ROOT / "Makefile").read_text(encoding="utf-8")
        known = words[0] != "make" or re.search(rf"^{words[1]}:", made, re.M)
        return None if known else f"the Makefile has no {words[1]}"
    if words[0] == "cat" and not Path(words[1]).exists():
        Path(words[1]).write_text("\n".join(command.output) + "\n", encoding="utf-8")
        return None
    got = run(command.line)
    return None if agrees(command.output, got) else got


def rewrite(page: Path) -> None:
    """The page with the outputs of today; those with ``...`` in them stay for the reader."""
    lines = page.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        found = list(_differences(page, Path(folder)))
    for told, command, got in reversed(found):
        if command is None or "..." in "".join(command.output):
            print(f"{page}: {told}")
        else:
            lines[command.first : command.first + len(command.output)] = got.rstrip().splitlines()
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write = "--write" in sys.argv
    for name in sys.argv[1:]:
        if name.startswith("--"):
            continue
        if write:
            rewrite(Path(name).resolve())
            continue
        with tempfile.TemporaryDirectory() as place:
            print(*failures(Path(name).resolve(), Path(place)), sep="\n")
