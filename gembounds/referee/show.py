"""A claim in full, and the table and summary of many: text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from gembounds.referee import proof_map
from gembounds.referee.check import changed, unexpected
from gembounds.referee.proofs import said
from gembounds.referee.report.text import ends as side_ends
from gembounds.referee.report.text import interval, no_point, no_value, number
from gembounds.referee.report.text import point as point_text
from gembounds.statements.claim import Claim
from gembounds.statements.printing import printed
from gembounds.statements.theorems import Theorem
from gembounds.tools.files import typed
from gembounds.tools.tables import table

Result = dict[str, Any]

STATEMENT_WIDTH, WIDTH = 62, 90


def shown_side(side: Mapping[str, Any]) -> str:
    """A side of a certificate."""
    return side_ends(side)


def format_results(results: Sequence[Result]) -> str:
    """The table of verdicts, then what is refuted with its witness, then the counts."""
    rows = [("claim", "statement", "verdict", "decided", "undecided", "nearest", "loosest")]
    for r in results:
        text = r["text"]
        if len(text) > STATEMENT_WIDTH:
            text = text[: STATEMENT_WIDTH - 3] + "..."
        verdict = said(r)
        if r.get("statistical"):
            verdict += f": {r['statistical']} but for {r['failure_probability']:g}"
        if r["recorded"] and changed(r):
            before = {"verdict": r["recorded_verdict"] or "not recorded", "by": r["recorded_by"]}
            verdict += f" (was {said(before)})"
        elif r["expect"] and unexpected(r):
            verdict += f" ({r['expect']} expected)"
        ends = [r["nearest_ratio_log10"], r["max_ratio_log10"]]
        nearest, loosest = ("-" if x is None else _power(x) for x in ends)
        counts = str(r["checked"]), str(r["undecided"])
        rows.append((r["id"], text, verdict, *counts, nearest, loosest))
    lines = [table(rows)]
    for r in results:
        if r["verdict"] == "refuted" and r["certificate"]:
            proof = r["certificate"]
            where = f" ({typed(r['witness'])})" if r["witness"] else ""
            lines.append(
                f"refuted: {r['id']} at {point_text(proof['point'])}: {shown_side(proof['lhs'])} "
                f"{proof['relation']} {shown_side(proof['rhs'])} is false{where}\n"
            )
        for step in r["steps"]:
            if step["refuted"] is not None:
                lines.append(
                    f"refuted: {step['step']}, a step of the argument for {r['id']}, at "
                    f"{point_text(step['refuted'])}\n"
                )
        if r["undefined"]:
            lines.append(no_value(r["id"], r["undefined"], r["points"]))
        if not (r["checked"] or r["undecided"] or r["undefined"]):
            lines.append(no_point(r["id"]))
        if r["proof"] and r["unproved"]:
            lines.append(f"not proved: {r['id']}: {r['unproved']}\n")
    counted = Counter(r["verdict"] for r in results)
    total = counted_words(len(results), "claim")
    order = ("refuted", "undecided", "statistical", "consistent", "holds", "proved")
    parts = [f"{counted[v]} {v}" for v in order if counted[v]]
    slips = [r["slip"] for r in results if r["verdict"] == "refuted"]
    if slips and None not in slips:
        parts[0] += f" by {counted_words(len(set(slips)), 'slip')}"
    ways = Counter(said(r).removeprefix("proved ") for r in results if r["verdict"] == "proved")
    if ways:
        parts[-1] += f" ({', '.join(f'{ways[way]} {way}' for way in sorted(ways))})"
    return "".join(lines) + f"{total}: {', '.join(parts)}\n"


def counted_words(count: int, noun: str) -> str:
    """1 slip, 2 slips."""
    return f"{count} {noun}" + "s" * (count != 1)


def _power(log10: float) -> str:
    if abs(log10) < 6:
        return f"{10.0**log10:.6g}"
    return f"10^{log10:.1f}" if abs(log10) < 1e12 else f"10^({log10:.3g})"


def in_full(
    claim: Claim,
    claims: Mapping[str, Claim],
    known: Mapping[str, Result],
    certificate: Result | None,
    rows: Sequence[Result],
    argument: str,
) -> str:
    """A claim in full: statement, verdict, witness, why, forms, constants, what rests on it.

    ``claims`` are those of its paper or file, ``known`` their recorded results, ``rows`` the
    recorded intervals of its constants.
    """
    source = claim.source or "no source given"
    lines = [f"{claim.id} ({claim.form}; {source})", "", f"    {claim.text}"]
    nodes = [e for relation in claim.relations for e in relation.walk() if e.op == "symbol"]
    meanings = {printed(e): e.args[0].meaning for e in nodes if e.args[0].meaning}
    if meanings:
        lines += ["", *(f"    {text}: {meaning}" for text, meaning in meanings.items())]
    found = known.get(claim.id, {"verdict": "not recorded"})
    lines += ["", f"verdict: {said(found)}"]
    if found.get("checked") is not None:
        lines[-1] += f" ({found['checked']} points decided, {found['undecided']} undecided)"
    if claim.slip is not None:
        lines.append(f"slip: {claim.slip.name} ({claim.severity}): {claim.slip.why}")
        lines.append(f"instead: {claim.slip.mend}")
    if certificate is not None:
        lines += [
            f"witness: {point_text(certificate['point'])}",
            f"  left side  {shown_side(certificate['lhs'])}",
            f"  right side {shown_side(certificate['rhs'])}",
            f"  so that {certificate['relation']} is false there; digest {certificate['digest']}",
        ]
    elif found.get("closest"):
        ratio = number(found.get("nearest_ratio"))
        lines.append(f"nearest to a violation: {point_text(found['closest'])}, ratio {ratio}")
    if claim.decided_by is not None:
        lines += ["", f"decided by: {claim.decided_by}", f"  {claim.identity}"]
    lines += _argument(claim, known)
    lines += _constants(claim, rows)
    lines += _relatives(claim, claims, known)
    if argument:
        lines += ["", "why:", *(f"    {line}".rstrip() for line in argument.splitlines())]
    return "\n".join(lines) + "\n"


def _argument(claim: Claim, known: Mapping[str, Result]) -> list[str]:
    """The steps of its argument, numbered, or why it has none."""
    if claim.proof is None:
        return ["", f"no proof: {claim.unproved}"] if claim.unproved else []
    lines = ["", "argument:"]
    for k, step in enumerate(claim.proof.steps, 1):
        lines += [f"  {k}. {line}" if j == 0 else f"     {line}"
                  for j, line in enumerate(wrap(" ".join(step.text.split()), WIDTH))]  # fmt: skip
        for relation in step.shows:
            cut = f"  where {', '.join(map(str, step.when))}" if step.when else ""
            lines.append(f"         {relation}{cut}")
        if step.by:
            names = [x if isinstance(x, Theorem) else _with_verdict(x, known) for x in step.by]
            lines.append(f"     by {', '.join(map(str, names))}")
    if claim.proof.theorems:
        lines += ["  where", *(f"    {x}: {x.says}" for x in claim.proof.theorems)]
    return lines


def _with_verdict(claim_id: str, known: Mapping[str, Result]) -> str:
    return f"{claim_id} ({said(known.get(claim_id, {'verdict': 'not recorded'}))})"


def _constants(claim: Claim, rows: Sequence[Result]) -> list[str]:
    lines = ["", "constants:"] if claim.constants else []
    by_name = {row["constant"]: row for row in rows}
    for name, value in claim.constants.items():
        line = f"  {name} = {value}"
        if name in by_name:
            line += f"; best {interval(by_name[name])}"
        best = claim.best.get(name)
        if best is not None and best.proof is not None:
            line += f"; {best.proof.where}"
        if best is not None and best.note:
            line += f" {best.note}"
        lines.append(line)
    return lines


def _relatives(
    claim: Claim, claims: Mapping[str, Claim], known: Mapping[str, Result]
) -> list[str]:
    """Its forms, what its proof rests on, and what rests on it."""
    uses = proof_map.graph(claims)

    def named(ids: Any) -> str:
        return ", ".join(_with_verdict(i, known) for i in ids)

    out = []
    forms = [c.id for c in claims.values() if c.repairs == claim.id]
    above = [k for k, used in uses.items() if claim.id in used]
    for title, ids in (
        ("replaces", [claim.repairs] if claim.repairs else []),
        ("forms", forms), ("rests on", uses[claim.id]), ("used by", above),
    ):  # fmt: skip
        if ids:
            out.append(f"{title}: {named(ids)}")
    return ["", *out] if out else []
