"""What a store says in all: ``summary.json``, the same bytes wherever and whenever it was made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gembounds.referee.sweep.plan import Share
from gembounds.referee.sweep.store import Store
from gembounds.referee.sweep.tally import EDGES, Found, Tally

Sums = dict[tuple[str, str, str], Tally]
"""By paper, claim and source."""

OUTCOMES = ("holds", "refuted", "consistent", "undecided", "undefined", "outside")


def key_of(share: Share) -> tuple[str, str, str]:
    return share.paper, share.claim, share.source


def summary(store: Store, sums: Sums) -> dict[str, Any]:
    """Nothing of time or of the machine is in it."""
    claims = [claim(share, sums.get(key_of(share), Tally())) for share in store.shares]
    out: dict[str, Any] = {
        "seed": store.seed,
        "asked": sum(c["asked"] for c in claims),
        "points": sum(c["points"] for c in claims),
        "decided": sum(c["decided"] for c in claims),
        "refuted": [c["id"] for c in claims if c["outcomes"]["refuted"]],
        "undecided": sum(c["outcomes"]["undecided"] for c in claims),
        "edges": list(EDGES),
        "claims": claims,
    }
    if store.mixed:
        out = {"mixed": store.versions, **out}
    return out


def claim(share: Share, tally: Tally) -> dict[str, Any]:
    return {
        "id": share.claim,
        "paper": share.paper,
        "source": share.source,
        "asked": share.points,
        "points": tally.outcomes["asked"],
        "decided": tally.decided,
        "outcomes": {name: tally.outcomes[name] for name in OUTCOMES},
        "single": tally.outcomes["single"],
        "pushed": tally.outcomes["pushed"],
        "histogram": [tally.bins[k] for k in range(len(EDGES) + 1)],
        "refuted": _points(tally.refuted),
        "undecided": [json.loads(f.point) for f in tally.undecided],
        "nearest": _points(tally.nearest),
    }


def text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _points(found: Iterable[Found]) -> list[dict[str, Any]]:
    return [
        {"margin": f.margin, "log10_ratio": f.ratio, "point": json.loads(f.point)} for f in found
    ]
