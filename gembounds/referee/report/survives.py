"""What survives of a paper: one row a result, from its claims and their verdicts alone.

Whether it is true as printed, whether the printed proof is sound, which forms carry it, what is
certified of the best values of its constants, and the strongest statements known here (the
paper's package names these; everything else is derived).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gembounds.referee import proof_map
from gembounds.referee.proofs import said
from gembounds.referee.report import text
from gembounds.statements.claim import Claim
from gembounds.statements.library import matching

Row = Mapping[str, Any]

COLUMNS = (
    "result", "as printed", "printed proof", "what carries it", "constants, as printed and best",
    "strongest form here",
)  # fmt: skip


def survives(
    results: Mapping[str, Sequence[str]],
    claims: Mapping[str, Claim],
    known: Mapping[str, Row],
    constants: Mapping[str, Sequence[Row]],
) -> list[dict[str, Any]]:
    """``results`` as a paper has them, ``known`` results of its claims by id (verdict, by), and
    ``constants`` rows of ``gembounds tightness`` by claim. A result is left out where some link of
    it is not known."""
    verdicts = {name: str(row["verdict"]) for name, row in known.items()}
    standings = proof_map.standings(claims, verdicts)
    out = []
    for name, strongest in results.items():
        links = [c.id for c in matching(claims, name)]
        if not all(link in known for link in links):
            continue
        stands = [standings[link] for link in links]
        broken = dict.fromkeys(b for s in stands for b in s.broken)
        routes = dict.fromkeys(form for s in stands for form in s.carried_by)
        measured = links
        if not any(constants.get(k) for k in links):
            measured = [k for k in routes if k not in links][:1]
        out.append({
            "result": name,
            "stated": all(claims[k].form == "stated" for k in links),
            "links": links,
            "verdicts": list(dict.fromkeys(said(known[link]) for link in links)),
            "slips": _slips(claims, [k for k in links if verdicts[k] == "refuted"]),
            "proof_rests_on": _slips(claims, broken),
            "carried_by": list(routes),
            "open": list(dict.fromkeys(x for s in stands for x in s.open)),
            "constants": [dict(row) for k in measured for row in constants.get(k, ())],
            "strongest": [
                {"id": k, "text": claims[k].text, "verdict": said(known[k])}
                for k in strongest if k in known
            ],
        })  # fmt: skip
    return out


def _slips(claims: Mapping[str, Claim], ids: Any) -> list[str]:
    slips = (claims[k].slip for k in ids)
    return list(dict.fromkeys(f"{s.name} ({s.severity})" for s in slips if s is not None))


def cells(row: Row) -> list[str]:
    """The row in words, a text a column."""
    printed = " and ".join(row["verdicts"])
    if row["slips"]:
        printed += f": {'; '.join(row['slips'])}"
    proof = "sound: nothing below it is refuted"
    if row["proof_rests_on"]:
        proof = f"rests on {'; '.join(row['proof_rests_on'])}"
    elif row["slips"]:
        proof = "does not give it"
    if row.get("stated"):
        printed, proof = f"in our words: {printed}", "not at hand"
    name = str(row["result"]).replace("-", " ").capitalize()
    best = [f"{_constant(row, c)}: {c['claimed_exact']}, best {text.interval(c)}"
            for c in row["constants"]]  # fmt: skip
    strong = [f"{s['id']} ({s['verdict']})" for s in row["strongest"]]
    return [name, printed, proof, route(row), "; ".join(best) or text.DASH,
            ", ".join(strong) or text.DASH]  # fmt: skip


def route(row: Row) -> str:
    """What carries a result, in words."""
    if row["open"]:
        return f"nothing yet, for {', '.join(row['open'])}"
    if row["carried_by"]:
        own = "an argument of its own"
        return ", ".join(dict.fromkeys(own if k in row["links"] else k for k in row["carried_by"]))
    return "the forms of what it rests on" if row["proof_rests_on"] else "its own proof"


def _constant(row: Row, constant: Row) -> str:
    """Its name, with that of its claim where it is not the result's own."""
    own = constant["claim"] == row["result"]
    return str(constant["constant"] if own else f"{constant['claim']}, {constant['constant']}")


def markdown(rows: Sequence[Row]) -> str:
    """The table as it stands in the README."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *map(cells, rows)]
    return "".join(f"| {' | '.join(text.cell(c) for c in line)} |\n" for line in lines)
