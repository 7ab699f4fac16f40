"""A paper as a package: its claims, and how its report is ordered."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gembounds.statements.chapter import Chapter
from gembounds.tools.errors import InputError

if TYPE_CHECKING:
    from gembounds.statements.claim import Claim


GROUP = "gembounds.papers"
"""Of entry points: each names a :class:`Paper`."""


@dataclass(frozen=True)
class Paper:
    """What an entry point of the group ``gembounds.papers`` names.

    Attributes
    ----------
    name : str
        As in ``gembounds check NAME``: the name of the entry point.
    title, authors, where : str
        As a reference gives them.
    claims : str
        A module with ``CLAIMS``, or a package of such modules: one a statement, in whose
        docstring the argument stands.
    order : tuple of str
        Modules of the package in the paper's order; others follow by the first number in their
        names: statements mostly share one numbering.
    reports : str
        The folder below ``reports`` where its verdicts are recorded: "" for ``reports`` itself,
        the paper's name if None.
    remarks : tuple of str
        Misprints without consequence, for the page to its authors.
    results : statement -> claims
        Its results, in order, each with the strongest claims that are known here: the first table
        of its report.
    asked : str
        What the paper asks and answers, in two or three sentences: how its report begins.
    chapters : tuple of Chapter
        What its report tells besides, with charts.
    figures : str
        A module with ``NAMES`` of figures and ``figures(out, only=, quick=, seed=, jobs=,
        progress=)``, which makes them and returns the names of those made; ``jobs`` are processes,
        or the workers of a cluster (:func:`gembounds.tools.workers.pool` takes both); "" for none.
    commands : tuple of str
        Modules with sub-commands that come with the paper.
    """

    name: str
    title: str
    claims: str
    authors: str = ""
    where: str = ""
    order: tuple[str, ...] = ()
    reports: str | None = None
    commands: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    results: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: str = ""
    chapters: tuple[Chapter, ...] = ()
    figures: str = ""

    @property
    def folder(self) -> str:
        return self.name if self.reports is None else self.reports

    @property
    def comes_with_gembounds(self) -> bool:
        """Whether it is part of this package, and not one that somebody installed."""
        return self.claims.startswith("gembounds.")

    def load(self) -> list[Claim]:
        """The claims, each with its ``home`` and ``module`` set."""
        return [
            claim
            for module in self.modules()
            for claim in claims_of(module, self.name, module.__name__.rpartition(".")[2])
        ]

    def modules(self) -> Iterator[ModuleType]:
        """The modules with claims, in the paper's order."""
        whole = importlib.import_module(self.claims)
        if not hasattr(whole, "__path__"):
            yield whole
            return
        names = [m.name for m in pkgutil.iter_modules(whole.__path__)]
        place = {name: k for k, name in enumerate(self.order)}
        for name in sorted(names, key=lambda n: (place.get(n, len(place)), *_numbered(n))):
            module = importlib.import_module(f"{self.claims}.{name}")
            if hasattr(module, "CLAIMS"):
                yield module

    def argument(self, module: str) -> str:
        """The docstring of a module of claims."""
        whole = importlib.import_module(self.claims)
        inner = hasattr(whole, "__path__")
        found = importlib.import_module(f"{self.claims}.{module}") if inner else whole
        return (found.__doc__ or "").strip()


def _numbered(name: str) -> tuple[int, str]:
    number = re.search(r"\d+", name)
    return (int(number[0]) if number else 10**6, name)


@cache
def papers() -> dict[str, Paper]:
    """The installed papers by name."""
    found = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        paper = entry.load()
        if not isinstance(paper, Paper) or paper.name != entry.name:
            raise InputError(f"the entry point {entry.name!r} of {GROUP} is no Paper of that name")
        found[entry.name] = paper
    return found


def claims_of(module: Any, home: str, name: str) -> list[Claim]:
    """``CLAIMS`` of a module, each with where it comes from; raises :class:`InputError` where
    that is no tuple or list of claims."""
    from gembounds.statements.claim import Claim

    place = getattr(module, "__file__", None) or module.__name__
    found = getattr(module, "CLAIMS", None)
    if not isinstance(found, (tuple, list)) or not found:
        what = "has no CLAIMS" if found is None else f"CLAIMS is {found!r:.60}"
        raise InputError(f"{place}: {what}: give a tuple of gembounds.Claim of that name")
    out = []
    for claim in found:
        if not isinstance(claim, Claim):
            raise InputError(f"{place}: CLAIMS has {claim!r:.60}, which is no gembounds.Claim")
        out.append(replace(claim, home=home, module=name))
    return out
