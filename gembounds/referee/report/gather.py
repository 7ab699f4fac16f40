"""The data of the report: one JSON object of verdicts, constants, witnesses and the proof map."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gembounds.points.point import Point
from gembounds.referee import proof_map, recorded
from gembounds.referee.proofs import said
from gembounds.referee.report.story import chapters
from gembounds.referee.report.survives import survives
from gembounds.referee.through import through
from gembounds.statements import library
from gembounds.statements.claim import Claim
from gembounds.statements.paper import papers
from gembounds.statements.slip import SEVERITIES

Result = dict[str, Any]

FORMAT = 4
"""Changes when the meaning of a key changes."""

LOOSEST = 6
"""Constants that the summary names, of numbered statements."""


def gather(
    claims: Sequence[Claim],
    results: Sequence[Result],
    constants: Sequence[Result],
    atlas: Mapping[library.Ref, Result],
    how: Mapping[str, Any],
) -> dict[str, Any]:
    """The report's data.

    ``results`` are :func:`gembounds.referee.check.run`'s of ``claims``, ``constants`` are
    :func:`gembounds.referee.tightness.run.run`'s objects, ``atlas`` is
    :func:`gembounds.referee.atlas.run.run`'s, ``how`` says with what options. Nothing that
    depends on the clock is kept.
    """
    tight: dict[tuple[str | None, str], list[Result]] = {}
    for constant in constants:
        kept = {key: value for key, value in constant.items() if key != "seconds"}
        tight.setdefault((constant["paper"], constant["claim"]), []).append(kept)
    standings, keys = _standings(claims, results), _keys(claims)
    rows = []
    for claim, result in zip(claims, results, strict=True):
        standing = standings[library.ref(claim)]
        target = claim.id if result["paper"] else f"{Path(claim.home).name}:{claim.id}"
        rows.append(
            {
                "id": claim.id,
                "paper": result["paper"],
                "statement": keys[claim.home, claim.module],
                "form": claim.form,
                "numbered": numbered(claim),
                "source": claim.source,
                "text": claim.text,
                "latex": claim.latex,
                "relation": claim.relation.sign,
                "constants": {k: str(v) for k, v in sorted(claim.constants.items())},
                "uses": list(claim.uses),
                "repairs": claim.repairs,
                "verdict": result["verdict"],
                "severity": result["severity"],
                "slip": result["slip"],
                "by": result["by"],
                "own_argument": result["own_argument"],
                "argument": None if claim.proof is None else claim.proof.to_json(),
                "unproved": result["unproved"],
                "checked": result["checked"],
                "undecided": result["undecided"],
                "smallest_ratio": result["nearest_ratio"],
                "largest_ratio_log10": result["max_ratio_log10"],
                "standing": standing.status,
                "broken": list(standing.broken),
                "carried_by": list(standing.carried_by),
                "open": list(standing.open),
                "tightness": tight.get((result["paper"], claim.id), []),
                "witness": _witness(result),
                "line": _line(claim, result),
                "closest": result["closest"],
                "atlas": atlas.get(library.ref(claim)),
                "command": f"gembounds check {target} --seed {result['seed']}",
            }
        )
    return {
        "format": FORMAT,
        "how": dict(how),
        "sources": _sources(claims),
        "versions": {
            "gembounds": version("gembounds"),
            "python": platform.python_version(),
            "python-flint": version("python-flint"),
            "numpy": version("numpy"),
        },
        "summary": summary(rows, claims),
        "survives": _survives(claims, results, tight),
        "claims": rows,
        "arguments": _arguments(claims),
    }


def _standings(
    claims: Sequence[Claim], results: Sequence[Result]
) -> dict[library.Ref, proof_map.Standing]:
    """How the claims stand, those of each paper or file for themselves."""
    out = {}
    for home in dict.fromkeys(c.home for c in claims):
        own = {c.id: r["verdict"] for c, r in zip(claims, results, strict=True) if c.home == home}
        found = proof_map.standings(library.collection(home), own)
        out.update({(home, name): standing for name, standing in found.items()})
    return out


def _survives(
    claims: Sequence[Claim],
    results: Sequence[Result],
    tight: Mapping[tuple[str | None, str], list[Result]],
) -> list[dict[str, Any]]:
    """What survives of each paper, see :mod:`gembounds.referee.report.survives`."""
    out = []
    for home in dict.fromkeys(c.home for c in claims):
        paper = papers().get(home)
        if paper is not None:
            known = {r["id"]: r for r in results if r["paper"] == paper.name}
            constants = {name: found for (of, name), found in tight.items() if of == paper.name}
            rows = survives(paper.results, library.collection(home), known, constants)
            out += [{"paper": paper.name, **row} for row in rows]
    return out


def _keys(claims: Sequence[Claim]) -> dict[tuple[str, str], str]:
    """What each module of claims is called: its name, after that of its paper or file where
    there are several of these."""
    homes = {c.home: Path(c.home).stem for c in claims}
    return {
        (c.home, c.module): c.module if len(homes) == 1 else f"{homes[c.home]}.{c.module}"
        for c in claims
    }


def _sources(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """The papers and files that the claims come from, in order, with their modules."""
    keys = _keys(claims)
    out: dict[str, dict[str, Any]] = {}
    for claim in claims:
        paper = papers().get(claim.home)
        if claim.home not in out:
            names = (
                () if paper is None else (m.__name__.rpartition(".")[2] for m in paper.modules())
            )
            out[claim.home] = {
                "paper": None if paper is None else paper.name,
                "title": Path(claim.home).name if paper is None else paper.title,
                "authors": "" if paper is None else paper.authors,
                "where": "" if paper is None else paper.where,
                "asked": "" if paper is None else paper.asked,
                "chapters": [] if paper is None else chapters(paper, recorded.directory_of(paper)),
                "modules": [keys[claim.home, m] for m in names if (claim.home, m) in keys],
            }
        if keys[claim.home, claim.module] not in out[claim.home]["modules"]:
            out[claim.home]["modules"].append(keys[claim.home, claim.module])
    return list(out.values())


def _arguments(claims: Sequence[Claim]) -> dict[str, str]:
    """The docstring of each module of claims."""
    found = {}
    for (home, module), key in _keys(claims).items():
        paper = papers().get(home)
        found[key] = library.docstring(home) if paper is None else paper.argument(module)
    return dict(sorted(found.items()))


def _witness(result: Result) -> Result | None:
    proof = result["certificate"]
    if proof is None:
        return None
    return {key: proof[key] for key in ("point", "lhs", "rhs", "entry", "evaluator", "bits")}


def _line(claim: Claim, result: Result) -> Result | None:
    """Both sides along a line through the witness."""
    proof = result["certificate"]
    if proof is None:
        return None
    line = through(claim, Point.from_json(proof["point"]), proof["entry"])
    return None if line is None else line.to_json()


def numbered(claim: Claim) -> bool:
    """Whether it is a result of its paper, not a step of a proof; of a file every claim is."""
    paper = papers().get(claim.home)
    return paper is None or not paper.results or claim.id.partition(".")[0] in paper.results


def _slips(rows: Sequence[Result], claims: Sequence[Claim]) -> list[Result]:
    """The slips of what is refuted, the gravest first, each with its statements."""
    out: dict[str, Result] = {}
    for row, claim in zip(rows, claims, strict=True):
        if row["verdict"] == "refuted" and claim.slip is not None:
            slip = out.setdefault(claim.slip.name, {**asdict(claim.slip), "claims": []})
            slip["claims"].append(claim.id)
    return sorted(out.values(), key=lambda s: -SEVERITIES.index(s["severity"]))


def summary(rows: Sequence[Result], claims: Sequence[Claim]) -> Result:
    printed = [r for r in rows if r["form"] in ("printed", "stated")]
    count = Counter(r["verdict"] for r in printed)
    ways = Counter(said(r).removeprefix("proved ") for r in printed if r["by"])
    loose = sorted(
        (
            c
            for r in rows
            if r["numbered"] and r["form"] != "sharpened"
            for c in r["tightness"]
            if c["slack"] is not None
        ),
        key=lambda c: (-c["slack"], c["claim"], c["constant"]),
    )
    return {
        "printed": len(printed),
        "verdicts": dict(sorted(count.items())),
        "proved": dict(sorted(ways.items())),
        "refuted": [r["id"] for r in printed if r["verdict"] == "refuted"],
        "slips": _slips(rows, claims),
        "affected": [r["id"] for r in printed if r["standing"] == "affected"],
        "open": [r["id"] for r in printed if r["open"]],
        "loosest": [
            {k: c[k] for k in ("claim", "constant", "claimed_exact", "slack")}
            for c in loose[:LOOSEST]
        ],
    }
