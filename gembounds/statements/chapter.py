"""What a paper's report tells beside its claims: chapters of a few sentences, with charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Chart:
    """Columns of a CSV file in the paper's folder of reports, drawn over another column.

    ``ys`` are columns with what each is called; one may be the logarithm of what is meant
    (``log10_columns``). ``where`` keeps the rows that have these entries. Axes are logarithmic
    unless ``log_x`` or ``log_y`` is false.
    """

    file: str
    x: str
    ys: Mapping[str, str]
    x_words: str
    y_words: str
    title: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    log10_columns: tuple[str, ...] = ()
    log_x: bool = True
    log_y: bool = True


@dataclass(frozen=True)
class Chapter:
    """A title, sentences in which ids of claims become links, and charts."""

    title: str
    text: str
    charts: tuple[Chart, ...] = ()
