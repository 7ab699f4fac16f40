"""``gembounds verify FILE...``: certificates checked again with independent arithmetic."""

from __future__ import annotations

import argparse
from pathlib import Path

from gembounds.commands.output import STDOUT, add_json, check_places, is_input, say, write_json
from gembounds.commands.work import add_work, check_work, work
from gembounds.tools.errors import InputError

NAME = "verify"
HELP = "check certificates again, with arithmetic that shares nothing with the evaluators"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="certificates (JSON)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    add_work(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Verify; returns 0 where every certificate is confirmed, else 1."""
    files, target = list(options.files), options.json
    if target not in (None, STDOUT) and (not files or is_input(target)):
        files, target = [target, *files], STDOUT
    if not files:
        raise InputError("no certificate is named: give one or more files")
    check_places({"--json": target}, files)
    check_work(options)

    from gembounds.referee.verify.confirm import confirm_file, read, remark
    from gembounds.referee.verify.proof import confirm_proof, read_proof

    results = []
    with work(options) as workers:
        for name in files:
            path = Path(name)
            proof = read_proof(path)
            data = read(path) if proof is None else proof
            claim, told = data["claim"], None
            if proof is None:
                wrong, told = confirm_file(path, data, workers), remark(data)
            else:
                wrong = workers.here(confirm_proof, proof)
            lines = wrong or [line for line in (told,) if line is not None]
            results.append(
                {"file": name, "claim": claim, "confirmed": not wrong, "disagreements": wrong}
            )
            if target != STDOUT:
                say(f"{name}: {'confirmed' if not wrong else 'REJECTED'} ({claim})\n")
                say("".join(f"  {line}\n" for line in lines))
    if target is not None:
        write_json(results, target)
    return 0 if all(r["confirmed"] for r in results) else 1
