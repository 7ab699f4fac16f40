"""A sweep's summary as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gembounds.referee import recorded
from gembounds.referee.report.text import no_point, no_value
from gembounds.referee.report.text import point as point_text
from gembounds.statements.claim import Claim
from gembounds.statements.paper import papers
from gembounds.tools.tables import table

NEAREST = 5
"""Nearest misses that are shown."""


Proofs = dict[tuple[str, str], tuple[Path, dict[str, Any]]]
"""Of refuted claims, by paper and id: where a certificate is, and the certificate."""


def page(found: dict[str, Any], proofs: Proofs | None = None) -> str:
    """A row a claim, what is refuted with a point, that of a certificate where there is one, and
    the counts."""
    rows = [("claim", "points", "decided", "refuted", "undecided", "nearest")]
    for c in found["claims"]:
        outcomes = c["outcomes"]
        rows.append((
            c["id"], str(c["points"]), str(c["decided"]), str(outcomes["refuted"]),
            str(outcomes["undecided"]), nearest(c),
        ))  # fmt: skip
    return table(rows) + remarks(found, proofs) + counted(found)


def progress_lines(status: dict[str, Any]) -> str:
    """How far it is, what is refuted, the nearest misses."""
    found = status["summary"]
    left = "" if status["eta"] is None else f", about {clock(status['eta'])} left"
    rate = "" if status["rate"] is None else f", {status['rate']:.3g} a second{left}"
    chunks = f"{status['chunks']} of {status['chunks'] + status['chunks_left']} chunks"
    lines = [f"{status['done']} points done, {status['left']} left ({chunks}){rate}\n"]
    if status["idle"] is not None:
        lines.append(f"the last chunk {clock(status['idle'])} ago\n")
    near = sorted(
        ((c["nearest"][0]["margin"], c["id"], c) for c in found["claims"] if c["nearest"]),
        key=lambda x: x[:2],
    )
    misses = [x for x in near if not x[2]["outcomes"]["refuted"]][:NEAREST]
    lines += [
        f"nearest miss: {name}, {nearest(c)}, at {point_text(c['nearest'][0]['point'])}\n"
        for _, name, c in misses
    ]
    return "".join(lines) + remarks(found) + counted(found)


def remarks(found: dict[str, Any], proofs: Proofs | None = None) -> str:
    """What is refuted, where a side has no value, and where no point was in the domain."""
    lines = []
    for c in found["claims"]:
        if proof := (proofs or {}).get((c["paper"], c["id"])):
            place, certificate = proof
            lines.append(f"refuted: {c['id']} at {point_text(certificate['point'])} ({place})\n")
        elif c["refuted"]:
            lines.append(f"refuted: {c['id']} at {point_text(c['refuted'][0]['point'])}\n")
        if c["outcomes"]["undefined"]:
            lines.append(no_value(c["id"], c["outcomes"]["undefined"], c["points"]))
        if c["points"] and c["outcomes"]["outside"] == sum(c["outcomes"].values()):
            lines.append(no_point(c["id"]))
    return "".join(lines)


def counted(found: dict[str, Any]) -> str:
    words = f"{found['points']} of {found['asked']} points, {found['decided']} decided"
    if "mixed" in found:
        words += f", of {len(found['mixed'])} versions (mixed)"
    return f"{len(found['claims'])} claims: {words}, {len(found['refuted'])} refuted\n"


def nearest(c: dict[str, Any]) -> str:
    """The least ratio of larger over smaller side."""
    if not c["nearest"]:
        return "-"
    ratio = c["nearest"][0]["log10_ratio"]
    return "-" if ratio is None else f"{10**ratio:.6g}" if abs(ratio) < 6 else f"10^{ratio:.1f}"


def clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def unexpected(claims: Sequence[Claim], found: dict[str, Any]) -> list[str]:
    """Those of the claims that are refuted here and neither recorded nor expected to be."""
    refuted = {(c["id"], c["paper"]) for c in found["claims"] if c["outcomes"]["refuted"]}
    out = []
    for claim in claims:
        before: Any = {}
        if claim.home in papers():
            place = recorded.directory_of(papers()[claim.home])
            before = (recorded.read(place) or {}).get(claim.id, {})
        known = "refuted" in (before.get("verdict"), claim.expect)
        if not known and (claim.id, Path(claim.home).name) in refuted:
            out.append(claim.id)
    return out
