"""The map of the proofs as a graph: what rests on what, as blueprints of formal proofs draw it.

A box is a claim, or a statement with its steps. Its border says what was found of the statement
(true, refuted, open), its fill how its printed proof stands: sound, resting on something refuted
but carried by other forms, or carried by nothing. Lines lead down, or left, to what is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from gembounds.referee.report import svg
from gembounds.referee.report.text import title

Row = Mapping[str, Any]
Graph = dict[str, list[str]]

BORDER = {"refuted": "var(--bad, #a3231a)", "true": "var(--good, #14662f)",
          "open": "var(--open, #6b4a00)"}  # fmt: skip
FILL = {"sound": "var(--sound, #d8efdd)", "carried": "var(--carried, #fbe9c6)",
        "broken": "var(--broken, #f8d4d0)"}  # fmt: skip

TRUE = ("proved", "holds", "consistent")

SWEEPS = 6
"""Times that each column is put in the order of what its boxes are joined to (a choice)."""


def proofmap(rows: Sequence[Row]) -> str:
    """Both maps of ``rows``: by statement, narrow, and in full; "" where nothing uses anything."""
    ids = [r["id"] for r in rows]
    known = {r["id"]: r for r in rows}
    uses = {r["id"]: _resolved(r["uses"], ids) for r in rows}
    used = {k for ks in uses.values() for k in ks}
    shown = {k for k in ids if uses[k] or k in used}
    if not shown:
        return ""
    graph = {k: uses[k] for k in ids if k in shown}
    groups: dict[str, list[Row]] = {}
    for k in graph:
        groups.setdefault(known[k]["statement"], []).append(known[k])
    above = {m: list(dict.fromkeys(known[u]["statement"] for r in rs for u in graph[r["id"]]
                                   if known[u]["statement"] != m))
             for m, rs in groups.items()}  # fmt: skip
    boxes = {m: (title(m), f"#{rs[0]['id']}", _together(rs)) for m, rs in groups.items()}
    single = {k: (k, f"#{k}", _state(known[k])) for k in graph}
    return (
        f'{_legend()}<div class="statements">{_narrow(_without_circles(above), boxes)}</div>'
        f'<div class="scroll" tabindex="0">{_wide(graph, single)}</div>'
    )


def _resolved(uses: Iterable[str], ids: Sequence[str]) -> list[str]:
    """Links of a statement stand for it."""
    return [k for u in uses for k in ids if k == u or k.startswith(f"{u}.")]


def _state(row: Row) -> tuple[str, str]:
    """Of the statement, and of its proof."""
    found = row["verdict"]
    border = "refuted" if found == "refuted" else "true" if found in TRUE else "open"
    fill = "sound"
    if row["standing"] != "sound":
        fill = "carried" if row["carried_by"] and not row["open"] else "broken"
    return border, fill


def _together(rows: Sequence[Row]) -> tuple[str, str]:
    """The worst of its claims as printed."""
    own = [_state(r) for r in rows if r["repairs"] is None] or [_state(r) for r in rows]
    border = next(b for b in ("refuted", "open", "true") if any(o[0] == b for o in own))
    return border, next(f for f in ("broken", "carried", "sound") if any(o[1] == f for o in own))


def _without_circles(graph: Graph) -> Graph:
    """Statements may use each other's steps: an edge that would close a circle is left out."""
    out: Graph = {k: [] for k in graph}

    def reaches(a: str, b: str) -> bool:
        return a == b or any(reaches(c, b) for c in out[a])

    for k, used in graph.items():
        out[k] = [u for u in used if not reaches(u, k)]
    return out


def _depths(graph: Graph) -> dict[str, int]:
    """The longest way down from each."""
    found: dict[str, int] = {}

    def depth(k: str) -> int:
        if k not in found:
            found[k] = 1 + max((depth(u) for u in graph[k]), default=-1)
        return found[k]

    for k in graph:
        depth(k)
    return found


def _layers(graph: Graph) -> list[list[str]]:
    """By depth, each in an order that crosses few lines."""
    depths = _depths(graph)
    layers = [[k for k in graph if depths[k] == d] for d in range(max(depths.values()) + 1)]
    users: Graph = {k: [] for k in graph}
    for k, used in graph.items():
        for u in used:
            users[u].append(k)
    for sweep in range(SWEEPS):
        place = {k: j / len(layer) for layer in layers for j, k in enumerate(layer)}
        joined = users if sweep % 2 else graph
        for layer in layers:
            means = {k: sum(place[u] for u in joined[k]) / len(joined[k]) if joined[k]
                     else place[k] for k in layer}  # fmt: skip
            layer.sort(key=means.__getitem__)
    return layers


def _narrow(graph: Graph, boxes: Mapping[str, Any]) -> str:
    """Two boxes a row, from theorems down to what they rest on."""
    wide, high, step = 168.0, 24.0, 40.0
    places: dict[str, tuple[float, float]] = {}
    y = 4.0
    for layer in reversed(_layers(graph)):
        for k, name in enumerate(layer):
            places[name] = (6.0 + 180.0 * (k % 2), y + step * (k // 2))
        y += step * ((len(layer) + 1) // 2) + 8
    lines = [
        f"M{x + wide / 2:g} {top + high:g}L{places[u][0] + wide / 2:g} {places[u][1]:g}"
        for name, (x, top) in places.items() for u in graph[name]
    ]  # fmt: skip
    parts = [_edges(lines), *(_box(*places[k], wide, high, *boxes[k]) for k in places)]
    return _drawing(svg.WIDTH, y, "the proofs by statement", parts)


def _wide(graph: Graph, boxes: Mapping[str, Any]) -> str:
    """A column a depth, theorems to the right."""
    wide, high, across, down = 172.0, 19.0, 226.0, 24.0
    layers = _layers(graph)
    tall = max(map(len, layers))
    places = {
        name: (4 + across * d, 4 + down * (k + (tall - len(layer)) / 2))
        for d, layer in enumerate(layers)
        for k, name in enumerate(layer)
    }
    lines = []
    for name, (x, y) in places.items():
        for u in graph[name]:
            a, b = places[u][0] + wide, places[u][1] + high / 2
            bend = min(90.0, (x - a) / 2)
            lines.append(f"M{a:g} {b:g}C{a + bend:g} {b:g} {x - bend:g} {y + high / 2:g} "
                         f"{x:g} {y + high / 2:g}")  # fmt: skip
    parts = [_edges(lines), *(_box(*places[k], wide, high, *boxes[k]) for k in places)]
    return _drawing(8 + across * (len(layers) - 1) + wide, 8 + down * tall, "all proofs", parts)


def _edges(lines: Sequence[str]) -> str:
    style = f"fill:none;stroke:{svg.FAINT};stroke-width:.8;stroke-opacity:.65"
    return f'<path d="{"".join(lines)}" style="{style}"/>'


def _box(
    x: float, y: float, wide: float, high: float, name: str, link: str, state: tuple[str, str]
) -> str:
    border, fill = state
    dash = ' stroke-dasharray="4 2"' if border == "refuted" else ""
    return (
        f'<a href="{escape(link)}"><rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" '
        f'rx="4" fill="{FILL[fill]}" stroke="{BORDER[border]}" stroke-width="2"{dash}/>'
        f'<text x="{x + wide / 2:g}" y="{y + high / 2 + 4:g}" text-anchor="middle" '
        f'font-size="12" fill="{svg.INK}">{escape(name)}</text></a>'
    )


def _drawing(wide: float, high: float, label: str, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" '
        f'width="{wide:g}" height="{high:g}" role="group" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _legend() -> str:
    words = (
        ("true", "sound", "true, proof sound"),
        (
            "true",
            "carried",
            "true, printed proof rests on something refuted, other forms carry it",
        ),
        ("refuted", "carried", "refuted (dashed), a repaired form carries it"),
        ("true", "broken", "nothing carries it yet"),
    )
    rows = "".join(
        f'<li><svg width="30" height="16" aria-hidden="true"><rect x="1" y="1" width="28" '
        f'height="14" rx="3" fill="{FILL[fill]}" stroke="{BORDER[border]}" stroke-width="2"'
        f"{' stroke-dasharray=' + chr(34) + '4 2' + chr(34) if border == 'refuted' else ''}/>"
        f"</svg> {text}</li>"
        for border, fill, text in words
    )
    return f'<ul class="legend">{rows}</ul>'
