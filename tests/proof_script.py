"""``python -m tests.proof_script``: reports/proofs/check_box_proof.py, made of the checker.

One file after another, without what they import from each other: the standard library alone."""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import sys
import zlib
from pathlib import Path

import gembounds.referee.verify.boxes
from gembounds.referee.verify.boxes.check import check
from gembounds.tools.files import write_file

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "reports" / "proofs" / "check_box_proof.py"
MAKER = "python -m tests.proof_script from gembounds/referee/verify/boxes"
FILES = ("numbers", "jets", "sums", "trees", "problem", "cell", "piece", "check")


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks a certificate of a proof over a box.")
    parser.add_argument("file")
    parser.add_argument("--sample", type=int, help="so many leaves at random, not all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    try:
        with open(options.file, encoding="utf-8") as f:
            data = json.load(f)
        wrong = check(data, options.sample, options.seed)
        leaves = len(data["leaves"])
        checked = leaves if options.sample is None else min(options.sample, leaves)
        instead = data["tree"]["decided_by"] and ", by what it is decided by"
        told = f"{checked} of {leaves} leaves shown: {data['statement']}{instead or ''}"
    except (
        ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError,
        TypeError, ValueError, zlib.error,
    ) as error:  # fmt: skip
        text = " ".join(str(error).split())[:300]
        sys.stderr.write(f"{options.file}: no proof: {type(error).__name__}: {text}\n")
        return 2
    sys.stdout.write("\n".join(wrong[:20] or [told]) + "\n")
    return 1 if wrong else 0


def script() -> str:
    """The text of the script."""
    folder = Path(gembounds.referee.verify.boxes.__file__).parent
    docs, imports, bodies = {}, {"import argparse", "import sys"}, []
    for name in FILES:
        text = (folder / f"{name}.py").read_text()
        tree = ast.parse(text)
        docs[name] = str(ast.get_docstring(tree, clean=False))
        lines = text.splitlines()
        for node in tree.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            own = isinstance(node, ast.ImportFrom) and str(node.module).startswith("gembounds")
            if not own:
                imports.add(ast.unparse(node))
        start = max(node.end_lineno or 0 for node in tree.body[:20]
                    if isinstance(node, (ast.Expr, ast.Import, ast.ImportFrom))
                    and node.col_offset == 0 and _is_head(node, tree))  # fmt: skip
        body = "\n".join(lines[start:]).strip("\n")
        told = docs[name].strip().replace("\n", "\n# ") if name != "check" else "the certificate"
        bodies.append(f"# -- {told}\n{body}")
    imports.discard("from __future__ import annotations")
    head = f'"""{docs["check"]}\nMade by {MAKER}.\n"""'
    several = _merged(imports)
    tail = inspect.getsource(main) + '\n\nif __name__ == "__main__":\n    sys.exit(main())'
    parts = [f"{head}\n\nfrom __future__ import annotations\n\n{several}", *bodies, tail]
    return "\n\n\n".join(parts).replace(f"{several}\n\n\n", f"{several}\n\n") + "\n"


def _is_head(node: ast.stmt, tree: ast.Module) -> bool:
    return node is tree.body[0] or not isinstance(node, ast.Expr)


def _merged(imports: set[str]) -> str:
    """Imports, those from one module in one line."""
    plain = sorted(x for x in imports if x.startswith("import "))
    names: dict[str, set[str]] = {}
    for line in imports - set(plain):
        found = re.fullmatch(r"from (\S+) import (.*)", line)
        assert found is not None
        names.setdefault(found[1], set()).update(found[2].split(", "))
    return "\n".join([*plain, *(f"from {m} import {', '.join(sorted(names[m]))}"
                                for m in sorted(names))])  # fmt: skip


if __name__ == "__main__":
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    write_file(PLACE, script())
