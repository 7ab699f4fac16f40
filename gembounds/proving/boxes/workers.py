"""A problem's cells answered by several processes: each makes the problem once, from its JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import Any

from gembounds.proving.boxes.box import Box
from gembounds.proving.boxes.problem import Answer, Problem
from gembounds.proving.record import about
from gembounds.statements.claim import Claim
from gembounds.statements.library import collection
from gembounds.statements.serial import claim_from_json
from gembounds.tools.workers import Workers, in_order, pool

ALONE = 2
"""Tasks of a round up to which starting processes costs more than it saves (a choice)."""


def described(claim: Claim, box: Box) -> dict[str, Any]:
    """What a problem is made from: the claim, as certificates have it, and the box."""
    return {**about(claim), "box": box.to_json()}


def problem_of(data: dict[str, Any]) -> Problem:
    """The problem that :func:`described` describes; raises :class:`InputError` for anything
    else. A paper's claim is that of the paper, whose domain may be its own."""
    if data["paper"] is None:
        claim = claim_from_json(data["claim"], data["tree"])
    else:
        claim = collection(data["paper"])[data["claim"]]
    claim = claim.with_constants(**{k: Fraction(x) for k, x in data["constants"].items()})
    return Problem(claim, Box.from_json(data["box"]))


@lru_cache(maxsize=4)
def _made(text: str) -> Problem:
    return problem_of(json.loads(text))


def _answer(task: tuple[str, Any, Any]) -> Answer:
    text, low, high = task
    return _made(text).answer(low, high)


@contextmanager
def answering(problem: Problem, jobs: int | Workers) -> Iterator[Callable[[Any], list[Any]]]:
    """``run(tasks)``: in this process as long as rounds are small, then by ``jobs``."""
    text = json.dumps(described(problem.claim, problem.box))
    with pool(jobs) as workers:

        def run(tasks: Any) -> list[Any]:
            if len(tasks) <= ALONE or (workers.alone and workers.kept is None):
                return [problem.answer(*task) for task in tasks]
            waiting = ((_answer, (text, *task)) for task in tasks)
            return [done.result for done in in_order(workers, waiting)]

        yield run
