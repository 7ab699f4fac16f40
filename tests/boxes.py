"""The proofs over boxes of examples/boxes.py, made anew: python -m tests.boxes [NAME...].

Certificates of up to 20,000 leaves go to reports/proofs/boxes; of larger ones the number of leaves
and the digest are kept in reports/proofs/boxes/table.json, and whether every leaf was confirmed.
reports/boxes.md is made from that table.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import Any

import gembounds as gb
from gembounds.referee.bracket import bracket
from gembounds.referee.verify.box_proofs import confirm_proof
from gembounds.referee.verify.boxes.check import check
from gembounds.tools.files import write_files

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "reports" / "proofs" / "boxes"
TABLE = FOLDER / "table.json"
PAGE = ROOT / "reports" / "boxes.md"

MOST_LEAVES = 20_000
"""Of a certificate that is kept as a file."""

WHOLE, SAMPLE = 100_000, 2_000
"""Leaves up to which all are confirmed, and how many at random of more."""


def examples() -> Any:
    spec = importlib.util.spec_from_file_location("boxes", ROOT / "examples" / "boxes.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(name: str, jobs: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The row of a box, and the certificate of its proof."""
    module = examples()
    claims = {c.id: c for c in module.CLAIMS}
    if name in module.BOXES:
        claim, box = module.BOXES[name]
        found = gb.prove(claims[claim], box, jobs=jobs, seconds=3000)
        proof = found.certificate if found.verdict == "proved" else None
        row: dict[str, Any] = {
            "claim": claim, "verdict": found.verdict, "leaves": found.leaves,
            "seconds": found.seconds, "undecided_volume": found.undecided_volume,
        }  # fmt: skip
    else:
        claim, width, box = module.SHARP[name]
        sharp = bracket(claims[claim], "factor", box, width=width, jobs=jobs, seconds=3000)
        proof = sharp.proof
        row = {
            "claim": claim, "verdict": "bracket", "leaves": sharp.leaves,
            "seconds": sharp.seconds, **{
                k: v for k, v in sharp.to_json().items()
                if k in ("certified_lower", "certified_upper", "width", "witness")
            },
        }  # fmt: skip
    row |= {"box": box, "digest": None if proof is None else proof["digest"]}
    if proof is not None:
        row["statement"] = proof["text"]
    return row, proof


def page(table: dict[str, dict[str, Any]]) -> str:
    """The table as Markdown."""
    lines = [
        "# Proved over boxes",
        "",
        "Made by `python -m tests.boxes` from [examples/boxes.py](../examples/boxes.py): each",
        "statement is shown on every piece of its box, and pieces are confirmed again in whole",
        "numbers: all, or so many at random where there are more than 100,000. Seconds are those",
        "of a clock, on two cores. The ends of *ratio* are those of sup L / E|psi~|^2 on the box,",
        "those of *change* of the best factor of theorem-13-sharpened, all |delta_i| <= 1/6.",
        "",
        "| box | statement | found | pieces | s | confirmed | in s |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for name, row in table.items():
        found = row["verdict"]
        if found == "bracket":
            found = f"[{row['certified_lower']:.6f}, {row['certified_upper']:.6f}]"
        statement = row.get("statement", "").replace("|", "\\|")
        confirmed = f"{row['confirmed_leaves']:,} | {row['confirmed'] or 0:.0f}"
        lines.append(
            f"| {name} | {statement} | {found} | {row['leaves']:,} | {row['seconds']:.1f} "
            f"| {confirmed} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--confirm", action="store_true", help="confirm every leaf, too")
    options = parser.parse_args()
    module = examples()
    table = json.loads(TABLE.read_text()) if TABLE.is_file() else {}
    for name in options.names or [*module.BOXES, *module.SHARP]:
        row, proof = made(name, options.jobs)
        row |= {"confirmed": None, "confirmed_leaves": 0}
        said = f"{row['verdict']}, {row['leaves']} leaves, {row['seconds']:.1f} s"
        sys.stdout.write(f"{name}: {said}\n")
        sys.stdout.flush()
        if proof is not None and options.confirm:
            start = time.monotonic()
            sample = SAMPLE if row["leaves"] > WHOLE else None
            wrong = confirm_proof(proof, options.jobs) if sample is None else check(proof, sample)
            assert not wrong, (name, wrong[:3])
            row["confirmed"] = time.monotonic() - start
            row["confirmed_leaves"] = sample or row["leaves"]
            sys.stdout.write(f"  {row['confirmed_leaves']} confirmed, {row['confirmed']:.1f} s\n")
        table[name] = row
        order = [k for k in (*module.BOXES, *module.SHARP) if k in table]
        table = {k: table[k] for k in order}
        FOLDER.mkdir(parents=True, exist_ok=True)
        files = {TABLE: json.dumps(table, indent=1) + "\n", PAGE: page(table)}
        if proof is not None and row["leaves"] <= MOST_LEAVES:
            text = json.dumps(proof, separators=(",", ":"), ensure_ascii=False) + "\n"
            files[FOLDER / f"{name}.json"] = text
        write_files(files)


if __name__ == "__main__":
    main()
