"""Pages made from what is there: the vocabulary, the API, a gallery with a page a refutation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gembounds import statements
from gembounds.points.point import Point
from gembounds.referee import recorded
from gembounds.referee.proofs import said
from gembounds.referee.report import text
from gembounds.referee.report.lineplot import lineplot
from gembounds.referee.report.proofmap import proofmap
from gembounds.referee.through import through
from gembounds.referee.verify.confirm import read
from gembounds.statements import library, vocabulary
from gembounds.statements.claim import Claim
from gembounds.statements.paper import Paper, papers
from gembounds.statements.slip import SEVERITIES
from gembounds.statements.tree import Expr

AXES = {"": "a number", "i": "one a component", "ik": "one a pair", "c": "one a coordinate",
        "ic": "one a component and coordinate"}  # fmt: skip

CALLS = {"posterior": "x", "gradient_change": "delta", "data_mean": "j", "data_weight": "j"}
"""Words that take an argument."""

API = {
    "Quantities of a mixture": (
        "gembounds", ("loss", "gradient", "overlaps", "expected_posterior", "psi_tilde_norm2",
                      "expect", "psi", "gradient_of_q", "U", "mu_max", "pi_min")),
    "Claims": ("gembounds", ("check", "decide", "prove", "tightness", "parametrize_with_claims")),
    "Many mixtures at once": (
        "gembounds.batch", ("overlaps", "loss", "gradient", "expected_posterior",
                            "psi_tilde_norm2")),
    "Trajectories": (
        "gembounds.em", ("trajectory", "trajectories", "step", "maximization_step",
                         "sample_trajectories", "Trajectory", "Trajectories", "SampleRuns")),
    "Stationary points": ("gembounds", ("stationary", "StationaryPoint")),
    "Judging a core": ("gembounds.conform", ("run", "parametrize_with_checks", "parameters",
                                             "Report", "Result")),
    "Types": ("gembounds", ("Mixture", "Enclosure", "Claim", "Argument", "Step", "Theorem",
                            "Paper", "Estimate", "StatisticalInterval")),
    "Errors": ("gembounds", ("InputError", "RankError", "UndecidedError")),
}  # fmt: skip
"""Public names by what they are for."""


def pages(root: Path) -> dict[str, str]:
    """Text by name, relative to ``docs``."""
    found = {"words.md": words(), "api/index.md": api(), "proof-map.md": maps(root)}
    entries = []
    for paper in papers().values():
        if paper.comes_with_gembounds:
            for claim, proof in refutations(paper):
                name = f"{paper.name}-{claim.id}"
                found[f"gallery/{name}.md"] = refutation(paper, claim, proof)
                entries.append((paper, claim, name))
    found["gallery/index.md"] = gallery(entries)
    return found


def words() -> str:
    """The vocabulary as tables."""
    lines = ["# The words of statements", "", "All from `gembounds.statements`; x ~ N(0, I_d), "
             "or the claim's data, sum_j w_j N(a_j, I); psi the posteriors of the mixture, psi~ = "
             "sum_i psi_i mu_i. A relation between entries is meant for every one.", "",
             "## Quantities", "", "| word | in print | what it is | entries |",
             "| --- | --- | --- | --- |"]  # fmt: skip
    known = [w for w in statements.__all__ if w.islower() or len(w) == 1]
    others = []
    for word in known:
        value = getattr(statements, word)
        if isinstance(value, Expr):
            symbol = value.args[0]
            cells = (f"`{word}`", f"`{symbol.text}`", symbol.meaning, AXES[symbol.axes])
            lines.append(_row(cells))
        else:
            others.append((word, value))
    for name, argument in CALLS.items():
        symbol = vocabulary.SYMBOLS[name]
        shown = symbol.text.format(argument)
        lines.append(_row((f"`{name}({argument})`", f"`{shown}`", symbol.meaning,
                           AXES[symbol.axes])))  # fmt: skip
    lines += ["", "## Constants, parameters, operations", "", "| word | what it makes |",
              "| --- | --- |"]  # fmt: skip
    for word, value in others:
        if word not in CALLS:
            lines.append(_row((f"`{word}{_arguments(value)}`", " ".join(value.__doc__.split()))))
    lines += ["", "Besides `+ - * / **`, `abs`, and the relations `<=`, `>=`, `<`, `>` and "
              "`equals(a, b)`.", ""]  # fmt: skip
    return "\n".join(lines)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(text.cell(c.replace('``', '`')) for c in cells)} |"


def _arguments(value: Any) -> str:
    import inspect

    return f"({', '.join(inspect.signature(value).parameters)})"


def api() -> str:
    """Public names, from their docstrings."""
    lines = ["# The API", "", "Commands have `--help`. From Python: `import gembounds as gb`.", ""]
    for title, (module, names) in API.items():
        lines += [f"## {title}", "", "```{eval-rst}", f".. currentmodule:: {module}", ""]
        for name in names:
            value = getattr(__import__(module, fromlist=[name]), name)
            kind = "class" if isinstance(value, type) else "function"
            if isinstance(value, type) and issubclass(value, Exception):
                kind = "exception"
            lines += [f".. auto{kind}:: {name}", ""]
        lines += ["```", ""]
    return "\n".join(lines)


def refutations(paper: Paper) -> Iterator[tuple[Claim, dict[str, Any]]]:
    """The refuted claims as recorded, the gravest first, each with its certificate."""
    claims = library.collection(paper.name)
    found = [(c, place) for c in claims.values() if (place := recorded.place_of(c)) is not None]
    found.sort(key=lambda pair: -SEVERITIES.index(pair[0].severity or SEVERITIES[0]))
    for claim, place in found:
        if place.is_file():
            yield claim, read(place)


def refutation(paper: Paper, claim: Claim, proof: dict[str, Any]) -> str:
    """The page of a refuted claim."""
    slip = claim.slip
    line = through(claim, Point.from_json(proof["point"]), proof["entry"])
    known = recorded.read(recorded.directory_of(paper)) or {}
    forms = [c for c in library.collection(paper.name).values() if c.repairs == claim.id]
    lines = [f"# {claim.id}: {claim.source}", "", f"*{paper.title}*, {paper.authors}.", "",
             f"$${claim.latex}$$", "", "is false", "",
             f"at {_code(text.point(proof['point']))}: there "
             f"{_code(text.ends(proof['lhs']))} {proof['relation']} "
             f"{_code(text.ends(proof['rhs']))} would be needed.", "",
             f'<figure class="line">{lineplot(line.to_json())}</figure>', ""]  # fmt: skip
    if slip is not None:
        lines += [f"**Why** ({slip.name}; {slip.severity}): {_plain(slip.why)}.", "",
                  f"**Instead**: {_plain(slip.mend)}.", ""]  # fmt: skip
    for form in forms:
        lines += [f"**{form.form.capitalize()}** ({form.id}, {said(known.get(form.id, {}))})"
                  if form.id in known else f"**{form.form.capitalize()}** ({form.id})", "",
                  f"$${form.latex}$$", ""]  # fmt: skip
    folder = recorded.directory_of(paper).name if paper.folder else "reports"
    place = "reports" if folder == "reports" else f"reports/{folder}"
    lines += ["**Check it again**, with other arithmetic:", "", "```sh",
              f"gembounds verify {place}/certificates/{claim.id}.json",
              f"gembounds show {paper.name}:{claim.id}",
              f"gembounds check {paper.name}:{claim.id} --plot", "```", ""]  # fmt: skip
    return "\n".join(lines)


def _code(words: str) -> str:
    return f"`{words}`"


def _plain(words: str) -> str:
    """Words of a slip as Markdown."""
    return text.prose(words)


def maps(root: Path) -> str:
    """The map of the proofs of each paper, from its report; a box leads to the claim there."""
    lines = ["# The map of the proofs", "", "What each proof uses, of each paper. The border of a "
             "box is its statement, the fill its printed proof. A box leads to the claim in the "
             "report.", ""]  # fmt: skip
    for paper in papers().values():
        place = root / "reports" / paper.folder / "report.json"
        if paper.comes_with_gembounds and place.is_file():
            rows = json.loads(place.read_text(encoding="utf-8"))["claims"]
            page = Path(paper.folder) / "report.html"
            drawn = proofmap(rows).replace('href="#', f'href="{page.as_posix()}#')
            lines += [f"## {paper.title}", "", f'<div class="map">{drawn}</div>', ""]
    return "\n".join(lines)


def gallery(entries: list[tuple[Paper, Claim, str]]) -> str:
    """The list of refutations, by slip."""
    lines = ["# Gallery of refutations", "", "What is false as printed, a page each: the witness, "
             "both sides along a line through it, why, and what to write instead.", "",
             "| statement | where | slip | severity |", "| --- | --- | --- | --- |"]  # fmt: skip
    for _, claim, name in entries:
        slip = "" if claim.slip is None else claim.slip.name
        cells = (f"[{claim.id}]({name}.md)", claim.source, slip, claim.severity or "")
        lines.append(f"| {' | '.join(text.cell(c) for c in cells)} |")
    lines += ["", "```{toctree}", ":hidden:", "", *(name for _, _, name in entries), "```", ""]
    return "\n".join(lines)
