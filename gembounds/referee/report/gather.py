"""The data of the report: one JSON object of verdicts, constants, witnesses and the proof map."""

from __future__ import annotations

import importlib
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from gembounds.referee import proof_map
from gembounds.statements import library

Result = dict[str, Any]

FORMAT = 2
"""Changes when the meaning of a key changes."""

LOOSEST = 6
"""Constants that the summary names, of numbered statements."""


def gather(
    results: Sequence[Result],
    constants: Sequence[Result],
    atlas: Mapping[str, Result],
    how: Mapping[str, Any],
) -> dict[str, Any]:
    """The report's data.

    ``results`` are :func:`gembounds.referee.check.run`'s, ``constants`` are
    :func:`gembounds.referee.tightness.run.run`'s objects, ``atlas`` is :func:`gembounds.referee.atlas.run.run`'s,
    ``how`` says with what options. Nothing that depends on the clock is kept.
    """
    claims = {c.id: c for c in library.select()}
    verdicts = {r["id"]: r["verdict"] for r in results}
    standings = proof_map.standings(claims, verdicts)
    tight: dict[str, list[Result]] = {}
    for constant in constants:
        kept = {key: value for key, value in constant.items() if key != "seconds"}
        tight.setdefault(constant["claim"], []).append(kept)
    rows = []
    for result in results:
        claim = claims[result["id"]]
        standing = standings[claim.id]
        rows.append(
            {
                "id": claim.id,
                "statement": library.module_of(claim.id),
                "form": claim.form,
                "source": claim.source,
                "text": claim.text,
                "relation": claim.sign,
                "constants": {k: str(v) for k, v in sorted(claim.constants.items())},
                "uses": list(claim.uses),
                "repairs": claim.repairs,
                "verdict": result["verdict"],
                "checked": result["checked"],
                "undecided": result["undecided"],
                "smallest_ratio": result["min_ratio"],
                "largest_ratio_log10": result["max_ratio_log10"],
                "standing": standing.status,
                "broken": list(standing.broken),
                "carried_by": list(standing.carried_by),
                "open": list(standing.open),
                "tightness": tight.get(claim.id, []),
                "witness": _witness(result),
                "closest": result["closest"],
                "atlas": atlas.get(claim.id),
                "command": f"gembounds check {claim.id} --seed {result['seed']}",
            }
        )
    return {
        "format": FORMAT,
        "how": dict(how),
        "versions": {
            "gembounds": version("gembounds"),
            "python": platform.python_version(),
            "python-flint": version("python-flint"),
            "numpy": version("numpy"),
        },
        "summary": _summary(rows),
        "claims": rows,
        "arguments": {name: _argument(name) for name in sorted({r["statement"] for r in rows})},
    }


def _argument(module: str) -> str:
    return (
        importlib.import_module(f"gembounds.papers.xu_fazel_du_2024.old_claims.{module}").__doc__ or ""
    ).strip()


def _witness(result: Result) -> Result | None:
    proof = result["certificate"]
    if proof is None:
        return None
    return {key: proof[key] for key in ("point", "lhs", "rhs", "entry", "evaluator", "bits")}


def _summary(rows: Sequence[Result]) -> Result:
    printed = [r for r in rows if r["form"] == "printed"]
    count = Counter(r["verdict"] for r in printed)
    loose = sorted(
        (
            c
            for r in rows
            if not r["id"].startswith("eq-") and r["form"] != "sharpened"
            for c in r["tightness"]
            if c["slack"] is not None
        ),
        key=lambda c: (-c["slack"], c["claim"], c["constant"]),
    )
    return {
        "printed": len(printed),
        "verdicts": dict(sorted(count.items())),
        "refuted": [r["id"] for r in printed if r["verdict"] == "refuted"],
        "affected": [r["id"] for r in printed if r["standing"] == "affected"],
        "open": [r["id"] for r in printed if r["open"]],
        "loosest": [
            {k: c[k] for k in ("claim", "constant", "claimed_exact", "slack")}
            for c in loose[:LOOSEST]
        ],
    }
