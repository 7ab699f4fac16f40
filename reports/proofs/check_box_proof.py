"""Checks a certificate of a proof over a box: every piece, or a random sample of them.

    python reports/proofs/check_box_proof.py reports/proofs/boxes/loss.json [--sample N --seed S]

The checker is the folder gembounds/referee/verify/boxes: numbers, jets, sums,
gradients, displaced, trees, problem, choices, cell, piece, check, to be read in that order, some
1,900 lines. They import each other and the
standard library, and nothing else of gembounds, which is neither run here nor has to be installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[2] / "gembounds" / "referee" / "verify" / "boxes"
NAME = "gembounds.referee.verify.boxes"


def checker() -> Callable[..., list[str]]:
    """The function ``check`` of the folder, the packages above it left empty."""
    parts = NAME.split(".")
    for k in range(1, len(parts) + 1):
        module = ModuleType(".".join(parts[:k]))
        module.__path__ = [str(FOLDER)] if k == len(parts) else []
        sys.modules[module.__name__] = module
    found: Callable[..., list[str]] = import_module(f"{NAME}.check").check
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a certificate of a proof over a box.")
    parser.add_argument("file")
    parser.add_argument("--sample", type=int, help="so many leaves at random, not all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    try:
        with open(options.file, encoding="utf-8") as f:
            data = json.load(f)
        wrong = checker()(data, options.sample, options.seed)
        leaves = len(data["leaves"])
        checked = leaves if options.sample is None else min(options.sample, leaves)
        instead = data["tree"]["decided_by"] and ", by what it is decided by"
        told = f"{checked} of {leaves} leaves shown: {data['text']}{instead or ''}"
    except (
        ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError,
        TypeError, ValueError, zlib.error,
    ) as error:  # fmt: skip
        text = " ".join(str(error).split())[:300]
        sys.stderr.write(f"{options.file}: no proof: {type(error).__name__}: {text}\n")
        return 2
    sys.stdout.write("\n".join(wrong[:20] or [told]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
