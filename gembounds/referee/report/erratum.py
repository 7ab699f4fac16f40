"""A page for a paper's authors: its slips, each with its smallest witness, and what to write.

Everything comes from claims, recorded verdicts and certificates, so that no number can drift.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gembounds.points.point import Point
from gembounds.points.shrink import size
from gembounds.referee import recorded
from gembounds.referee.report.render import environment
from gembounds.referee.verify.confirm import read
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.paper import Paper
from gembounds.statements.slip import SEVERITIES, Slip

Data = dict[str, Any]


def gathered(paper: Paper) -> Data:
    """What the page says, from the records of ``paper``: counts, points (one a slip, the gravest
    first), and the results that are not refuted as printed."""
    claims = library.collection(paper.name)
    form = "printed" if any(c.form == "printed" for c in claims.values()) else "stated"
    known = recorded.read(recorded.directory_of(paper)) or {}
    refuted = [c for c in claims.values() if _verdict(known, c, form) == "refuted"]
    slips = dict.fromkeys(c.slip for c in refuted if c.slip is not None)
    order = sorted(slips, key=lambda s: -SEVERITIES.index(s.severity))
    holding = []
    for name in paper.results:
        links = library.matching(claims, name)
        if all(_verdict(known, c, form) in ("holds", "proved", "consistent") for c in links):
            holding.append(name)
    return {
        "paper": paper,
        "statements": sum(c.form == form for c in claims.values()),
        "how": "as printed" if form == "printed" else "in our words",
        "refuted": len(refuted),
        "points": [_point(slip, [c for c in refuted if c.slip is slip]) for slip in order],
        "holding": holding,
    }


def _verdict(known: Mapping[str, Any], claim: Claim, form: str) -> str | None:
    return None if claim.form != form else known.get(claim.id, {}).get("verdict")


def _point(slip: Slip, claims: list[Claim]) -> Data:
    """The slip, where it stands, and the certificate of the smallest witness."""
    proofs = [read(path) for c in claims if (path := recorded.place_of(c)) is not None]
    proof = min(proofs, key=lambda p: size(Point.from_json(p["point"])))
    return {
        "slip": slip,
        "where": [c.source for c in claims],
        "claim": next(c for c in claims if c.id == proof["claim"]),
        "proof": proof,
    }


def pages(paper: Paper) -> tuple[str, str]:
    """The page as Markdown and as HTML."""
    data = gathered(paper)
    found = [environment().get_template(f"erratum.{kind}.j2") for kind in ("md", "html")]
    text, html = (page.render(**data) for page in found)
    return text.strip() + "\n", html
