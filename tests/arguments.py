"""Every step that an argument shows, decided at many points: ``make arguments``.

    python -m tests.arguments [--points 1000] [--jobs 2] [--keep DIR] [TARGET...]

Prints a line a step; exit status 1 where one is refuted, or decided nowhere. The points are the
claim's own, ``--points`` of them whatever the claim's cost.
"""

from __future__ import annotations

import argparse
import sys

from gembounds.commands.work import add_work, check_work, work
from gembounds.referee import tasks
from gembounds.statements import library
from gembounds.statements.displayed import displayed
from gembounds.tools.workers import in_order

SEED = 11


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    add_work(parser)
    options = parser.parse_args()
    check_work(options)
    claims = [c for c in library.select(options.targets) if displayed(c)]
    asked = ((tasks.steps, (tasks.handle_of(c), options.points, SEED)) for c in claims)
    shown = wrong = 0
    with work(options) as workers:
        for done in in_order(workers, asked):
            for step, relation in zip(done.result, displayed(claims[done.k]), strict=True):
                bad = step["refuted"] is not None or not step["decided"]
                shown, wrong = shown + 1, wrong + bad
                refuted = f", REFUTED at {step['refuted']}" if step["refuted"] else ""
                print(f"{step['step']}: {step['decided']} decided, {step['undecided']} undecided"
                      f"{refuted}  {relation.relation}", flush=True)  # fmt: skip
    print(f"{shown} steps of {len(claims)} arguments, {wrong} refuted or decided nowhere")
    return 1 if wrong or not shown else 0


if __name__ == "__main__":
    sys.exit(main())
