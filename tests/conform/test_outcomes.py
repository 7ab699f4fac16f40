"""From numbers to a finding, and from findings to one result: where the lines are drawn."""

from __future__ import annotations

import json
import shlex
import types
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from gembounds.conform.case import Case
from gembounds.conform.check import PASSED, Check, Finding, agree, compared, place
from gembounds.conform.checks import all_checks
from gembounds.conform.circumstances import How
from gembounds.conform.core import Core, as_core
from gembounds.conform.report import Result
from gembounds.conform.tally import NOT_AGAIN, Tally, reproduction
from gembounds.values.enclosure import Enclosure
from tests.conform import plain

ONE = np.ones(2)
EXACT = Enclosure(np.array([1.0, -3.0]), np.array([1.5, -2.0]), "float64")


def found(value: Sequence[float], rtol: float = 0.25, besides: float = 0.125) -> Finding:
    """Against [1, 1.5] and [-3, -2], within 0.25 * 2 + 0.125 = 0.625."""
    return compared("f", np.array(value), EXACT, 2 * ONE, rtol, besides * ONE)


@pytest.mark.parametrize(
    "value,outcome",
    [
        ((1.25, -2.5), "passed"),
        ((0.3749, -2.5), "failed"),
        ((0.3751, -2.5), "undecided"),
        ((2.1251, -2.5), "failed"),
        ((2.1249, -2.5), "undecided"),
        ((1.25, -1.3749), "failed"),
        ((1.25, -1.3751), "undecided"),
        ((1.25, -3.6251), "failed"),
        ((1.25, -3.6249), "undecided"),
    ],
)
def test_failed_is_certainly_too_far(value: tuple[float, float], outcome: str) -> None:
    assert found(value).outcome == outcome


def test_passed_is_certainly_near_enough() -> None:
    """The far end counts: [1, 1.5] and [-3, -2]."""
    assert found((1.25, -2.3751)).outcome == found((1.25, -2.6249)).outcome == "passed"
    assert found((1.25, -2.3749)).outcome == found((1.25, -2.6251)).outcome == "undecided"
    assert found((0.8751, -2.5)).outcome == found((1.6249, -2.5)).outcome == "passed"
    assert found((0.8749, -2.5)).outcome == found((1.6251, -2.5)).outcome == "undecided"
    exact = compared("f", ONE, Enclosure(ONE, ONE, "arb"), ONE, 1e-10, 0 * ONE)
    assert exact == Finding("passed", 16.0)


def test_digits_are_the_fewest_where_rounding_leaves_any() -> None:
    """Of the far end of the enclosure, relative to the size."""
    sharp = Enclosure(np.array([1.0, 5.0]), np.array([1.0, 5.0]), "arb")

    def digits(value: Sequence[float], size: Sequence[float], besides: float = 1.0) -> Any:
        return compared("f", np.array(value), sharp, np.array(size), 1.0, besides * ONE).digits

    assert digits((1.01, 5.0), (10.0, 10.0)) == pytest.approx(3.0)
    assert digits((1.01, 5.1), (10.0, 10.0)) == pytest.approx(2.0)
    assert digits((1.01, 5.1), (10.0, 0.5)) == pytest.approx(3.0)
    assert digits((1.01, 5.1), (1.0, 1.0)) is None
    assert digits((1.01, 5.0), (1e-3, 0.0), 0.0) == 0.0
    wide = Enclosure(np.array([1.0]), np.array([1.001]), "float64")
    one = compared("f", np.array([1.0]), wide, np.array([1.0]), 1e-10, np.array([0.0]))
    assert one.outcome == "undecided" and one.digits == pytest.approx(3.0)


def test_a_failure_names_the_entry_that_is_furthest_from_what_is_allowed() -> None:
    """By its factor, not by its error."""
    sharp = Enclosure(np.array([[1.0, 200.0]]), np.array([[1.0, 200.0]]), "arb")
    value, size = np.array([[1.5, 202.0]]), np.array([[1.0, 100.0]])
    said = compared("gradient", value, sharp, size, 0.01, np.array([[0.01, 0.5]]))
    assert said.outcome == "failed" and said.digits == pytest.approx(0.30103)
    assert said.message == (
        "gradient[0, 0]: the core gives 1.5, certified [1, 1]\n"
        "error 0.5 where 0.02 is allowed; 0.3 digits are right, relative to 1"
    )
    one = np.asarray(1.0)
    exact = Enclosure(one, one, "arb")
    scalar = compared("loss", 2 * one, exact, one, 1e-3, 0 * one)
    assert scalar.message.startswith("loss: the core gives 2.0, certified [1, 1]\n")


def test_two_values_agree_within_what_is_allowed() -> None:
    one, other = np.array([1.0, -2.0]), np.array([1.25, -2.0])
    assert agree("f", one, other, np.array([0.25, 0.0]), ("a", "b")) is PASSED
    assert agree("f", other, one, np.asarray(0.25), ("a", "b")) is PASSED
    assert agree("f", one, np.asarray(1.0), np.asarray(3.0), ("a", "b")) is PASSED
    for pair in ((one, other), (other, one)):
        said = agree("f", *pair, np.asarray(0.125), ("here", "there"))
        assert said.outcome == "failed" and said.digits is None
        text = f"f[0]: here is {pair[0][0]}, there is {pair[1][0]}: 0.25 apart where 0.12"
        assert said.message == text + " is allowed"
    worse = agree("f", one, np.array([1.5, -2.125]), np.array([0.25, 0.01]), ("a", "b"))
    assert "f[1]: a is -2.0, b is -2.125" in worse.message
    assert place(()) == "" and place((3, 0)) == "[3, 0]"


def test_findings_together() -> None:
    """Failed before undecided before passed; the fewest digits of all."""
    good, better = Finding("passed", 7.0), Finding("passed", 9.0)
    bad, worse = Finding("failed", 2.0, "first"), Finding("failed", None, "second")
    open_one = Finding("undecided", 3.0, "open")
    assert Finding.all([better, good]) == Finding("passed", 7.0)
    assert Finding.all([good, open_one, bad, worse]) == Finding("failed", 2.0, "first")
    assert Finding.all([good, worse, bad]) == Finding("failed", 2.0, "second")
    assert Finding.all([PASSED, worse]) == worse
    assert Finding.all([good, open_one]) == Finding("undecided", 3.0, "open")
    assert Finding.all([PASSED, PASSED]) == PASSED == Finding.all([])


# -- one result of many findings -----------------------------------------------------------


def judged(outcomes: Sequence[Finding], again: Finding | None = None, **changed: Any) -> Result:
    """The result of findings at means k + 1; ``again``: what is found when tried again."""
    tally, small = Tally(), again is not None

    def at(core: Core, case: Case, truth: Any) -> Finding:
        assert again is not None
        return again

    check = Check("some-check", "consistency", "a holds", ("loss", "psi"), "one-component", at)
    for k, finding in enumerate(outcomes):
        tally.add(Case([[k + 1.0]], [1.0], 5), finding)
    left_out = [Case([[9.0]], [1.0], 0)]
    given = {"seed": 3, "left_out": left_out, "reason": None, "seconds": 0.25, "small": small}
    return tally.result(as_core(plain), check, **{**given, **changed})


def means_of(result: Result) -> Any:
    assert result.worst_point is not None
    return result.worst_point["means"]


def test_a_result_counts_its_points_and_keeps_the_worst() -> None:
    ends = [Finding("passed", 9.0), Finding("undecided", 5.0), Finding("passed", 7.0), PASSED]
    one = judged(ends)
    assert (one.status, one.points, one.undecided, one.left_out) == ("passed", 3, 1, 1)
    assert (one.digits_worst, one.digits_median, means_of(one)) == (5.0, 7.0, [[2]])
    assert (one.id, one.kind, one.function, one.domain, one.text) == (
        "some-check", "consistency", "loss, psi", "one-component", "a holds",
    )  # fmt: skip
    assert (one.seconds, one.message, one.reason, one.reproduce) == (0.25, "", None, None)
    none = judged([PASSED])
    assert (none.digits_worst, none.digits_median, none.worst_point) == (None, None, None)


def test_one_failure_is_a_failure_and_an_error_is_one_where_nothing_failed() -> None:
    bad, broken = Finding("failed", 2.0, "wrong by 1\nmore"), Finding("error", None, "raised")
    one = judged([PASSED, broken, bad, PASSED])
    assert (one.status, one.points, means_of(one)) == ("failed", 4, [[3]])
    said, more, where, point, line = one.message.split("\n")
    assert (said, more, where) == ("wrong by 1", "more", "at 1 of 4 points (a holds)")
    assert json.loads(point.removeprefix("point: ")) == one.worst_point
    assert line == f"reproduce: {one.reproduce}" and '"salt": 5' in line
    other = judged([PASSED, broken, broken])
    assert (other.status, other.points, means_of(other)) == ("error", 3, [[2]])
    assert "raised\nat 2 of 3 points" in other.message
    expected = judged([bad], reason="known")
    assert (expected.status, expected.reason) == ("expected", "known")
    assert "wrong by 1" in expected.message


def test_nothing_decided_is_no_pass() -> None:
    open_one = Finding("undecided", 1.0)
    one = judged([open_one, open_one])
    assert (one.status, one.points, one.undecided) == ("error", 0, 2)
    assert one.message.startswith("no point could be decided")
    absent = judged([])
    assert absent.status == "absent" and absent.left_out == 1
    assert absent.message == "outside the declared domain: nothing was drawn"
    far = judged([], left_out=[Case([[11.0]], [1.0], 0)])
    assert far.message == "outside the declared domain: max_norm = 10"
    unexpected = judged([PASSED], reason="listed")
    assert (unexpected.status, unexpected.points) == ("failed", 1)
    assert unexpected.message.startswith("passes, though listed as an expected failure (listed)")


def test_a_failure_is_tried_again_and_made_smaller() -> None:
    bad = Finding("failed", 2.0, "wrong")
    one = judged([PASSED, PASSED, PASSED, bad], again=bad)
    assert abs(means_of(one)[0][0]) <= 1 and NOT_AGAIN not in one.message
    assert one.reproduce is not None and "--at" in one.reproduce
    for other in (PASSED, Finding("error", None, "raised")):
        never = judged([PASSED, bad, PASSED], again=other)
        assert never.status == "failed" and means_of(never) == [[2]]
        assert NOT_AGAIN in never.message
        assert never.reproduce is not None and "--seed 3 --points 3" in never.reproduce
    ended = Finding("failed", None, "it died", final=True)
    kept = judged([ended], again=PASSED)
    assert NOT_AGAIN not in kept.message and kept.reproduce is not None
    assert "--at" in kept.reproduce and means_of(kept) == [[1]]
    known = judged([bad], again=PASSED, reason="known")
    assert known.status == "expected" and NOT_AGAIN not in known.message


def test_a_message_says_in_words_what_a_case_was_given() -> None:
    tally = Tally()
    case = Case([[1.0, 2.0]], [1.0], 0, [[3.0, 4.5]], rows=7, eta=0.25, how=How(calls=3))
    tally.add(case, Finding("failed", None, "wrong"))
    check = Check("c", "certified", "t", ("psi",), "generic", lambda *_: PASSED)
    said = tally.result(as_core(plain), check, 0, [], None, 0.0, False).message.split("\n")[0]
    assert said == 'wrong at x = [3, 4.5] in 7 rows with eta = 0.25, called {"calls": 3}'


def test_a_line_to_paste_has_the_point_where_it_is_short() -> None:
    check = all_checks()["loss-generic"]
    case, long = (Case(np.full((1, d), 0.123456789 * np.arange(d)), [1.0], 1) for d in (2, 200))
    core = as_core(types.SimpleNamespace(loss=plain.loss))
    alone = reproduction(core, check, case, 4, 12)
    run = "import gembounds.conform; print(gembounds.conform.run(core, only='loss-generic', "
    assert alone == f"{run}at={json.dumps(case.to_json())}).failures())"
    for one, apart in ((case, False), (long, True)):
        text = reproduction(core, check, one, 4, 12, alone=apart)
        assert text == f"{run}seed=4, points=12).failures())"
    spec = types.SimpleNamespace(spec="my core.py:x")
    command = shlex.split(reproduction(spec, check, case, 4, 12))  # type: ignore[arg-type]
    start = ["gembounds", "conform", "my core.py:x", "--only", "loss-generic"]
    assert command == [*start, "--at", json.dumps(case.to_json())]
    command = shlex.split(reproduction(spec, check, long, 4, 12))  # type: ignore[arg-type]
    assert command == [*start, "--seed", "4", "--points", "12"]


def test_what_a_core_lacks_is_said() -> None:
    check = Check("c", "certified", "t", ("psi", "loss"), "generic", lambda *_: PASSED)
    assert check.lacking(as_core(types.SimpleNamespace(psi=plain.psi))) == "not offered: loss"
    none = as_core(types.SimpleNamespace(overlaps=plain.overlaps))
    assert check.lacking(none) == "not offered: psi, loss"
    assert check.lacking(as_core(plain)) == ""
    assert (check.count(False), check.count(True)) == (check.points, check.quick) == (12, 3)
