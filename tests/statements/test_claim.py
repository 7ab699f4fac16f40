"""Claims: what is wrong with one is said in a line, and what it says of itself is true."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import gembounds as gb
from gembounds.points.point import Point
from gembounds.statements import (
    LINES,
    MIXTURES,
    NUMBERS,
    SEVERAL,
    L,
    U,
    const,
    displacement,
    equals,
    integer,
    mean_square,
    mu_max,
    n,
    norm,
    norms,
    pi,
    real,
    total,
    vector,
)
from gembounds.statements.best import best
from gembounds.statements.claim import Claim
from gembounds.statements.operations import Operations
from gembounds.statements.slip import Slip
from gembounds.tools.errors import InputError

HOLDS = mean_square <= mu_max**2
C, X, DELTA = real("c", "1/3", 1), vector("x"), displacement("delta")

MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    "id": (lambda: Claim("no spaces", HOLDS), "a claim's id is 'no spaces': give letters"),
    "id, empty": (lambda: Claim("", HOLDS), "a claim's id is ''"),
    "id, a path": (lambda: Claim("../up", HOLDS), r"a claim's id is '\.\./up'"),
    "id, no text": (lambda: Claim(3, HOLDS), "a claim's id is 3"),  # type: ignore[arg-type]
    "id, a line end": (lambda: Claim("a\n", HOLDS), "a claim's id is"),
    "relation": (lambda: Claim("c", U), "c: relation is .*U.*, no relation between expressions"),  # type: ignore[arg-type]
    "relation, a truth": (lambda: Claim("c", 1 <= 2), "c: relation is True, no relation"),  # type: ignore[arg-type]
    "relation, none": (lambda: Claim("c", None), "c: relation is None, no relation"),  # type: ignore[arg-type]
    "relation, a text": (lambda: Claim("c", "U <= 1"), "c: relation is 'U <= 1', no relation"),  # type: ignore[arg-type]
    "when": (lambda: Claim("c", HOLDS, U), "c: when is .*U.*, no relation between expressions"),  # type: ignore[arg-type]
    "when, one of": (lambda: Claim("c", HOLDS, (U <= 1, n)), "c: when is .*n.*, no relation"),  # type: ignore[arg-type]
    "when, a truth": (lambda: Claim("c", HOLDS, True), "c: when is True, no relation"),  # type: ignore[arg-type]
    "form": (lambda: Claim("c", HOLDS, form="other"), "c has form 'other': give one of printed"),
    "expect": (lambda: Claim("c", HOLDS, expect="true"), "c expects 'true': give one of refuted"),
    "repaired": (lambda: Claim("c", HOLDS, form="repaired"), "c: a repaired or sharpened form"),
    "repairs": (lambda: Claim("c", HOLDS, repairs="b"), "names the one it repairs"),
    "over": (lambda: Claim("c", HOLDS, over="lines"), "c: over is 'lines': give a Domain"),  # type: ignore[arg-type]
    "constants": (
        lambda: Claim("c", const("a", 1) * U <= const("a", 2) * L), "constant 'a' is 1 and 2",
    ),
    "constants of two": (
        lambda: Claim("c", const("a", 1) * U <= L, decided_by=const("a", 2) * U <= L),
        "c: the constant 'a' has two values",
    ),
    "constants of a condition": (
        lambda: Claim("c", const("a", 1) * U <= L, when=U <= const("a", 2)),
        "c: the constant 'a' has two values",
    ),
    "parameters": (
        lambda: Claim("c", C * U <= L, real("c", 0, 2) <= 1),
        "c: two parameters have the name 'c'",
    ),
    "kinds": (lambda: Claim("c", real("x") <= U, norm(X) <= 1), "two parameters have the name"),
    "best": (
        lambda: Claim("c", const("a", 1) * U <= L, best={"b": best(1, "by hand")}),
        "c has no constant 'b': it has a",
    ),
    "severity": (
        lambda: Claim("c", U <= L, slip=Slip("s", "grave", "why", "mend")),
        "s has severity 'grave': give one of notation, constant, hypothesis, substance",
    ),
    "slip of a repaired form": (
        lambda: Claim(
            "c", U <= L, form="repaired", repairs="b", slip=Slip("s", "notation", "why", "mend")
        ),
        "c: a slip belongs to the form as printed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_wrong_is_one_line_that_names_the_claim(name: str) -> None:
    made, message = MISTAKES[name]
    with pytest.raises(InputError, match=message) as error:
        made()
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


def test_only_constants_that_are_there_are_moved() -> None:
    claim = Claim("c", const("factor", 2) * U <= const("top", 5))
    moved = claim.with_constants(factor=Fraction(3))
    assert moved.constants == {"factor": 3, "top": 5}
    assert claim.constants == {"factor": 2, "top": 5}
    point = Point(gb.Mixture([[1]]))
    ops = Operations()
    with ops.precision():
        assert moved.pairs(ops, point) == [(3, 5)] and claim.pairs(ops, point) == [(2, 5)]
        assert claim.lhs(ops, point, {"factor": Fraction(7)}) == [7]
    with pytest.raises(InputError, match="c has no constant 'rate': it has factor, top"):
        claim.with_constants(rate=Fraction(2))
    with pytest.raises(InputError, match="d has no constant 'rate': it has none"):
        Claim("d", U <= 1).with_constants(rate=Fraction(1))


def test_conditions_may_be_one_or_several_or_none() -> None:
    nothing: tuple[Any, ...] = (None, (), [])
    for none in nothing:
        assert Claim("c", HOLDS, none).conditions == ()
    one = U <= 1
    assert Claim("c", HOLDS, one).conditions == (one,)
    assert Claim("c", HOLDS, [one, n >= 2]).conditions[0] is one


@pytest.mark.parametrize(
    ("relation", "when", "domain"),
    [
        (HOLDS, None, MIXTURES),
        (C <= 1, None, NUMBERS),
        (const("a", 1) <= 2, None, NUMBERS),
        (C <= 1, U <= 1, MIXTURES),
        (norm(X) <= 1, None, MIXTURES),
        (norm(DELTA) <= C, None, MIXTURES),
        (C * n <= 1, None, MIXTURES),
    ],
)
def test_the_domain_is_that_of_what_is_spoken_of(relation: Any, when: Any, domain: Any) -> None:
    assert Claim("c", relation, when).domain is domain
    assert Claim("c", relation, when, over=LINES).domain is LINES


def test_texts_have_words_domain_and_conditions_in_front() -> None:
    assert Claim("c", HOLDS).text == "E|psi~|^2 <= mu_max^2"
    claim = Claim("c", norms <= 1, (U <= 1, pi >= C), over=LINES, words="by hand")
    assert claim.text == (
        "by hand, means on a line, U <= 1, pi_i >= c for every i: |mu_i| <= 1 for every i"
    )
    head = [r"\text{by hand}", r"\text{means on a line}", r"U \le 1", r"\pi_i \ge c"]
    every = r" \quad\text{for every i}"
    assert claim.latex == r",\; ".join(head) + every + r":\quad |\mu_i| \le 1" + every


def test_what_a_claim_is_made_of() -> None:
    claim = Claim("c", C * U <= total(pi), integer("k", 1, 3) <= n, decided_by=C * U <= 1)
    assert list(claim.symbols) == ["U", "pi", "n"] and list(claim.parameters) == ["c", "k"]
    assert len(claim.relations) == 3 and claim.decided is claim.decided_by
    assert claim.sign == "<=" and Claim("d", U < 1).sign == "<"
    assert Claim("d", equals(U, 1)).decided.sign == "=="


# --- membership -------------------------------------------------------------------------------

PAIR = gb.Mixture([[1, 0], [0, 1]])


@pytest.mark.parametrize(
    ("parameters", "inside"),
    [
        ({"c": Fraction(1, 2), "k": 1}, True),
        ({"c": Fraction(1, 3), "k": 3}, True),
        ({"c": 1, "k": 2}, True),
        ({"c": Fraction(1, 4), "k": 1}, False),
        ({"c": Fraction(2), "k": 1}, False),
        ({"c": Fraction(1, 2), "k": 0}, False),
        ({"c": Fraction(1, 2), "k": Fraction(1)}, False),
        ({"c": Fraction(1, 2)}, False),
        ({"k": 1}, False),
        ({"c": (Fraction(1, 2),), "k": 1}, False),
        ({"c": "1/2", "k": 1}, False),
    ],
)
def test_parameters_are_of_their_kind_and_in_their_interval(
    parameters: dict[str, Any], inside: bool
) -> None:
    claim = Claim("c", C * integer("k", 1, 3) * U <= 9)
    ops = Operations()
    with ops.precision():
        assert claim.inside(ops, Point(PAIR, parameters)) is inside


@pytest.mark.parametrize(
    ("parameters", "inside"),
    [
        ({"x": (Fraction(1), Fraction(2)), "delta": ((0, 0), (Fraction(1), 0))}, True),
        ({"x": (Fraction(1),), "delta": ((0, 0), (1, 0))}, False),
        ({"x": (Fraction(1), Fraction(2)), "delta": ((0, 0),)}, False),
        ({"x": (Fraction(1), Fraction(2)), "delta": ((0,), (1,))}, False),
        ({"x": Fraction(1), "delta": ((0, 0), (1, 0))}, False),
        ({"x": (Fraction(1), Fraction(2)), "delta": (1, 2)}, False),
        ({"x": (Fraction(1), Fraction(2))}, False),
        ({}, False),
    ],
)
def test_vectors_have_the_shape_of_the_mixture(parameters: dict[str, Any], inside: bool) -> None:
    claim = Claim("c", norm(X) + total(norm(DELTA)) >= 0)
    ops = Operations()
    with ops.precision():
        assert claim.inside(ops, Point(PAIR, parameters)) is inside


def test_membership_names_its_parts_and_stops_at_what_is_false() -> None:
    claim = Claim("c", U <= 9, (n >= 2, U <= 1, 1 / (n - 2) <= 1), over=SEVERAL)
    ops = Operations()
    with ops.precision():
        parts = [p.to_json() for p in claim.parts(ops, Point(PAIR))]
        assert [p["part"] for p in parts] == ["n >= 2", "n >= 2", "U <= 1"]
        assert parts[-1] == {
            "part": "U <= 1", "left": "2", "relation": "<=", "right": "1", "holds": False,
        }  # fmt: skip
        assert claim.inside(ops, Point()) is False  # no mixture at all
        undefined = Claim("d", U <= 9, 1 / (n - 2) <= 1)
        assert undefined.inside(ops, Point(PAIR)) is False
        (*_, last) = undefined.parts(ops, Point(PAIR))
        assert last.text == "1/(n - 2) <= 1 (a side has no value)"
        unknown = Claim("d", U <= 9, L <= L)
        assert unknown.inside(ops, Point(PAIR)) is None
