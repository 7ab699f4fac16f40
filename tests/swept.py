"""The tables of ``reports/sweep.md``: of a sweep's store, the records, the tables of costs.

``python -m tests.swept STORE`` puts those of today between the marks; without STORE, those of
costs alone. Why a claim is slow is written into the last table by hand, and kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gembounds.commands.work import warn
from gembounds.referee import recorded
from gembounds.referee.report.text import DASH
from gembounds.referee.report.text import point as point_text
from gembounds.referee.sweep.page import clock
from gembounds.referee.sweep.plan import table
from gembounds.referee.sweep.run import read
from gembounds.referee.sweep.store import Store
from gembounds.referee.sweep.summary import summary
from gembounds.statements.paper import papers

PAGE = Path(__file__).parent.parent / "reports" / "sweep.md"
SWEEP = "<!-- made by python -m tests.swept STORE -->\n", "<!-- end -->\n"
COSTS = "<!-- made by python -m tests.swept -->\n", "<!-- end of costs -->\n"

NEARER = 1e-4
"""By how much, relatively, a ratio must be below the recorded one to be told of."""

LEAST = 1e-300
"""Ratios below this are not told from 0 in float64."""

LACKS = "?"
"""In place of a reason."""

Rows = list[Sequence[str]]


def costs() -> dict[str, float]:
    """Microseconds a configuration, of every claim of the papers that has been measured."""
    return {k: x for name in papers() for k, x in table(name).items()}


def slowest() -> list[tuple[str, float]]:
    """The slowest tenth, the slowest first."""
    found = sorted(costs().items(), key=lambda kx: (-kx[1], kx[0]))
    return found[: -(-len(found) // 10)]


def reasons(text: str) -> dict[str, str]:
    """Why claims are slow, as the page says."""
    _, made, _ = _parts(text, COSTS)
    rows = (re.fullmatch(r"\| (\S+) \| [\d,.]+ \| (.+) \|", x) for x in made.splitlines())
    return {m[1]: m[2] for m in rows if m is not None and m[2] != LACKS}


def costs_text(text: str) -> str:
    """The page with what is slow today."""
    known, found = reasons(text), costs()
    quick = sum(x < 300 for x in found.values())
    rows: Rows = [("claim", "us", "why")]
    rows += [(k, _number(x), known.get(k, LACKS)) for k, x in slowest()]
    line = (
        f"Microseconds of processor time a configuration, of {len(found)} claims (`python -m tests"
        f".costs`); {quick} take less than 300. The slowest tenth, and why:\n\n"
    )
    return _put(text, COSTS, line + _markdown(rows))


def sweep_text(text: str, folder: Path) -> str:
    """The page with what a store has."""
    store = Store.read(folder)
    found = summary(store, read(store, warn))
    known = {k: r for p in papers().values()
             for k, r in (recorded.read(recorded.directory_of(p)) or {}).items()}  # fmt: skip
    body = "\n".join((*_totals(store, found), *_news(found, known), _claims(found, known)))
    return _put(text, SWEEP, body)


def _totals(store: Store, found: dict[str, Any]) -> Iterator[str]:
    files = [p.stat() for p in store.parts.directory.glob("[!.]*.parquet")]
    times, size = [f.st_mtime for f in files], sum(f.st_size for f in files)
    alone = sum(c["single"] for c in found["claims"])
    below = [c for c in found["claims"] if c["points"] < c["asked"]]
    yield (
        f"**{found['decided']:,} configurations decided** of {found['asked']:,} asked, of "
        f"{len(found['claims'])} claims; {alone:,} of them alone, up the ladder; "
        f"{found['undecided']:,} stayed undecided, {_sum(found, 'undefined'):,} have a side "
        f"without a value, {_sum(found, 'outside'):,} that were drawn are outside. "
        + (f"{len(below)} claims have fewer points than were asked. " if below else "")
        + f"The store: {len(files):,} parts, {size / 1e6:.1f} MB, written in "
        f"{clock(max(times) - min(times))} from the first to the last.\n"
    )


def _sum(found: dict[str, Any], outcome: str) -> int:
    return sum(c["outcomes"][outcome] for c in found["claims"])


def _news(found: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    """What the recorded points had not found."""
    before = {k for k, r in known.items() if r["verdict"] == "refuted"}
    again = [c["id"] for c in found["claims"] if c["refuted"] and c["id"] in before]
    yield f"Refuted, and refuted before: {', '.join(again) or 'none'}.\n"
    new = [c for c in found["claims"] if c["refuted"] and c["id"] not in before]
    yield f"Refuted, and not known to be: {', '.join(c['id'] for c in new) or 'none'}.\n"
    missed = sorted(before - set(again) & {c["id"] for c in found["claims"]})
    yield f"Refuted before, and not here: {', '.join(missed) or 'none'}.\n"
    nearer = [c for c in found["claims"] if _nearer(c, known)]
    yield (
        f"At {len(nearer)} claims the nearest miss, the least ratio of larger over smaller side, "
        "is below the recorded one, which some 160 points and the optimiser found, by more than a "
        f"share of {NEARER:g} (below 1 is a violation):\n"
    )
    rows: Rows = [("claim", "recorded", "sweep", "at")]
    rows += [
        (c["id"], _ratio(known[c["id"]]["nearest_ratio"]), _ratio(_least(c)),
         point_text(_at(c)).replace("|", "\\|"))
        for c in nearer
    ]  # fmt: skip
    yield _markdown(rows)


def _claims(found: dict[str, Any], known: dict[str, Any]) -> str:
    cost = costs()
    rows: Rows = [("claim", "points", "decided", "refuted", "undecided", "alone", "us each",
                   "nearest, recorded", "nearest, sweep", "")]  # fmt: skip
    for c in found["claims"]:
        counts = (c["points"], c["decided"], c["outcomes"]["refuted"], c["outcomes"]["undecided"])
        rows.append((
            c["id"], *(f"{x:,}" for x in (*counts, c["single"])), _number(cost.get(c["id"])),
            _ratio(known.get(c["id"], {}).get("nearest_ratio")), _ratio(_least(c)),
            "\\*" if _nearer(c, known) else "",
        ))  # fmt: skip
    return _markdown(rows)


def _found(c: dict[str, Any]) -> list[dict[str, Any]]:
    return [f for f in (*c["refuted"], *c["nearest"]) if f["log10_ratio"] is not None]


def _least(c: dict[str, Any]) -> float | None:
    """The least ratio; 0 below float64."""
    return min((10.0 ** min(300.0, f["log10_ratio"]) for f in _found(c)), default=None)


def _at(c: dict[str, Any]) -> Any:
    return min(_found(c), key=lambda f: float(f["log10_ratio"]))["point"]


def _nearer(c: dict[str, Any], known: dict[str, Any]) -> bool:
    before, now = known.get(c["id"], {}).get("nearest_ratio"), _least(c)
    return None not in (before, now) and before > LEAST and now < before * (1 - NEARER)


def _number(x: float | None) -> str:
    return DASH if x is None else f"{x:,.0f}" if x >= 1000 else f"{x:.3g}"


def _ratio(x: float | None) -> str:
    return DASH if x is None else f"{x:.7g}" if 1e-4 < x < 1e5 else f"{x:.3g}"


def _markdown(rows: Iterable[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---" if k == 0 or h in ("why", "at", "") else "---:"
                    for k, h in enumerate(head)], *body]  # fmt: skip
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _parts(text: str, marks: tuple[str, str]) -> tuple[str, str, str]:
    before, rest = text.split(marks[0])
    made, after = rest.split(marks[1])
    return before, made, after


def _put(text: str, marks: tuple[str, str], made: str) -> str:
    before, _, after = _parts(text, marks)
    return f"{before}{marks[0]}\n{made}\n{marks[1]}{after}"


def main(words: list[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    if words:
        text = sweep_text(text, Path(words[0]))
    PAGE.write_text(costs_text(text), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
