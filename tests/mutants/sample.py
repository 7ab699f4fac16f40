"""A seeded sample of mutants, stratified by module: mutmut's operators, one bug at a time."""

from __future__ import annotations

import difflib
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from mutmut.mutation.file_mutation import create_mutations, deep_replace

LEAST = 4
"""Mutants of a module at least."""


class Mutant(NamedTuple):
    """Bug ``number`` of the file ``path``: its source, and the lines that differ."""

    path: str
    number: int
    code: str
    change: str


class Source:
    """A file and all bugs that can be planted in it."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.module, self.mutations, _, _ = create_mutations(path, text)

    def __len__(self) -> int:
        return len(self.mutations)

    def mutant(self, number: int) -> Mutant:
        """The file with one bug."""
        bug: Any = self.mutations[number]
        changed: Any = deep_replace(self.module, bug.original_node, bug.mutated_node)
        code = changed.code
        lines = difflib.unified_diff(self.text.splitlines(), code.splitlines(), n=0, lineterm="")
        shown = [x for x in lines if x[:1] in "+-" and not x.startswith(("+++", "---"))]
        return Mutant(self.path, number, code, "\n".join(shown))


def shares(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of ``size`` mutants fall to each module: in proportion, ``LEAST`` at least."""
    total = sum(sizes.values())
    return {
        path: min(count, max(LEAST, round(size * count / total))) for path, count in sizes.items()
    }


def drawn(sources: Mapping[str, Source], size: int, seed: int) -> list[tuple[str, int]]:
    """File and number of each mutant of the sample, the modules in turn, so that the first half of
    it is a sample too; which mutants of a module are drawn does not depend on the others."""
    wanted = shares({path: len(source) for path, source in sources.items()}, size)
    out = []
    for path, source in sources.items():
        order = list(range(len(source)))
        random.Random(f"{seed} {path}").shuffle(order)
        count = wanted[path]
        out += [((k + 0.5) / count, path, number) for k, number in enumerate(order[:count])]
    return [(path, number) for _, path, number in sorted(out)]
