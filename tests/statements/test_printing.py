"""Printing: a dozen trees as they should read, and texts that mean what the tree means."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gembounds.statements import (
    L,
    S,
    U,
    at_k,
    const,
    d,
    displacement,
    distances,
    dot,
    equals,
    exp,
    expected_posterior,
    gradient_norm,
    integer,
    largest,
    log,
    maximum,
    mean_square,
    minimum,
    moved,
    mu_max,
    n,
    norm,
    norms,
    overlaps,
    pi,
    pi_max,
    pi_min,
    posterior,
    real,
    smallest,
    sqrt,
    total,
    vector,
)
from gembounds.statements.evaluate import Undefined
from gembounds.statements.printing import mathml, printed, stated
from gembounds.statements.tree import Expr
from tests import trees
from tests.trees import literal

X, DELTA, ETA = vector("x"), displacement("delta"), real("eta", 0, 1)
RATE, T = real("rate"), integer("t", 1)

TEXTS = {
    mean_square <= mu_max**2: (
        "E|psi~|^2 <= mu_max^2", r"\mathbb{E}|\tilde\psi|^2 \le {\mu_{\max}}^{2}",
    ),
    equals(2 * L, U / (n * d)): ("2 L = U/(n d)", r"2 \, L = \frac{U}{n \, d}"),
    exp(-8 * U) / (4 * (1 + 2 * sqrt(d)) ** 2) > S: (
        "exp(-8 U)/(4 (1 + 2 sqrt(d))^2) > S",
        r"\frac{\exp\left(-8 \, U\right)}{4 \, {\left(1 + 2 \, \sqrt{d}\right)}^{2}} > S",
    ),
    norms < at_k(norms) + distances: (
        "|mu_i| < |mu_k| + |mu_i - mu_k|", r"|\mu_i| < |\mu_k| + |\mu_i - \mu_k|",
    ),
    total(pi * norms) ** 2 >= total(pi + norms): (
        "(sum_i pi_i |mu_i|)^2 >= sum_i (pi_i + |mu_i|)",
        r"{\left(\sum_{i} \pi_i \, |\mu_i|\right)}^{2} \ge \sum_{i} \left(\pi_i + |\mu_i|\right)",
    ),
    norm(X) <= largest(dot(X, DELTA)): (
        "|x| <= max_i <x, delta_i>",
        r"\left|x\right| \le \max_{i} \langle x, \delta_i \rangle",
    ),
    moved(U, DELTA) - U <= ETA * RATE / T: (
        "[U](mu + delta) - U <= eta rate/t",
        r"[U](\mu + \delta) - U \le \frac{\eta \, \mathrm{rate}}{t}",
    ),
    posterior(2 * X) <= at_k(expected_posterior): (
        "psi_i(2 x) <= E[psi_k]", r"\psi_i(2 \, x) \le \mathbb{E}[\psi_k]",
    ),
}  # fmt: skip

EXPRESSIONS = {
    1 - (U - 1): "1 - (U - 1)",
    U - 1 - 1: "U - 1 - 1",
    U / n / d: "U/n/d",
    U / (n / d): "U/(n/d)",
    U * (n / d): "U (n/d)",
    (U + 1) * (U - 1): "(U + 1) (U - 1)",
    Fraction(1, 3) * U: "1/3 U",
    U / Fraction(1, 3): "U/(1/3)",
    U ** Fraction(1, 3): "U^(1/3)",
    U**-2: "U^(-2)",
    (-U) ** 2: "(-U)^2",
    -(U**2): "-U^2",
    2 ** (U**3): "2^(U^3)",
    (2**U) ** 3: "(2^U)^3",
    (U / 2) ** 2: "(U/2)^2",
    -2 * U: "-2 U",
    -2 * U * S: "-2 U S",
    U * -2: "U (-2)",
    U + -2 * S: "U - 2 S",
    U + -2: "U - 2",
    U - -2: "U - (-2)",
    -(-2 * U): "-(-2 U)",
    2 * (3 * U): "2 (3 U)",
    Fraction(2) * const("a", 3): "2 * 3",
    const("one", 1) * U: "U",
    abs(abs(U) - 1): "||U| - 1|",
    maximum(U, 1) / 2: "max(U, 1)/2",
    minimum(norms, 1): "min(|mu_i|, 1)",
    log(1 / U): "log(1/U)",
    gradient_norm**2 / 2: "|grad L|^2/2",
    total(norms) * pi: "(sum_i |mu_i|) pi_i",
    2 * total(norms) * pi: "(2 sum_i |mu_i|) pi_i",
    total(norms) / pi: "(sum_i |mu_i|)/pi_i",
    pi * total(norms): "pi_i sum_i |mu_i|",
    total(norms / 2) - 1: "sum_i |mu_i|/2 - 1",
    total(-norms): "sum_i (-|mu_i|)",
    smallest(overlaps): "min_ik E[psi_i psi_k]",
    total(overlaps, over="k"): "sum_k E[psi_i psi_k]",
    total(overlaps, over="i"): "sum_i E[psi_i psi_k]",
    at_k(total(overlaps, over="k")): "[sum_k E[psi_i psi_k]]_{i = k}",
    largest(total(overlaps, over="k")): "max_i sum_k E[psi_i psi_k]",
    total(X**2): "sum_c x_c^2",
    norm(DELTA): "|delta_i|",
    at_k(norm(DELTA)): "|delta_k|",
    moved(norms, DELTA) * 2: "[|mu_i|](mu + delta) 2",
}


@pytest.mark.parametrize("e", TEXTS, ids=repr)
def test_relations_read_well(e: Any) -> None:
    assert (printed(e), printed(e, "latex")) == TEXTS[e]
    assert repr(e) == TEXTS[e][0] and e._repr_latex_() == f"${TEXTS[e][1]}$"


@pytest.mark.parametrize("e", EXPRESSIONS, ids=repr)
def test_brackets_stand_where_they_must(e: Expr) -> None:
    assert printed(e) == EXPRESSIONS[e]


def test_what_a_relation_is_meant_for_is_said() -> None:
    assert stated(norms <= 1) == "|mu_i| <= 1 for every i"
    assert stated(overlaps <= 1) == "E[psi_i psi_k] <= 1 for every i, k"
    assert stated(at_k(norms) <= 1) == "|mu_k| <= 1 for every k"
    assert stated(U <= 1) == "U <= 1"
    assert stated(norms <= 1, "latex").endswith(r"\quad\text{for every i}")


def test_constants_may_be_shown_with_other_values() -> None:
    relation = L <= const("factor", 1) * U - const("less", 2)
    assert printed(relation) == "L <= U - 2"
    shown = printed(relation, values={"factor": Fraction(1), "less": Fraction(-1, 2)})
    assert shown == "L <= 1 U - (-1/2)"


def test_numbers_too_long_to_read_are_cut_and_say_so() -> None:
    assert printed(10**39 * U) == f"{10**39} U"
    assert printed(Fraction(1, 3) ** 100 * U) == "1.94032522e-48... U"
    assert printed(10**400 * U) == "1.00000000e+400... U"
    assert printed(-U / 10**400, "latex") == r"-\frac{U}{1.00000000e+400...}"


# --- texts mean what the tree means -----------------------------------------------------------

NAMED = {"U": U, "S": S, "L": L, "n": n, "d": d, "mu_max": mu_max, "pi_min": pi_min,
         "pi_max": pi_max, "c": trees.C, "k": trees.K}  # fmt: skip
FUNCTIONS = {"sqrt": mpmath.sqrt, "exp": mpmath.exp, "log": mpmath.log, "max": max, "min": min}


def as_python(text: str) -> str:
    """A text without entries and absolute values: a space is a product, ^ a power."""
    text = re.sub(r"(?<=[\w)]) (?=[\w(])", " * ", text)
    return re.sub(r"(?<![\w.])\d+", lambda m: f"number({m[0]})", text).replace("^", "**")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.trees(4, tuple(NAMED.values())), st.sampled_from(trees.POINTS))
def test_a_text_read_back_has_the_value_of_the_tree(e: Expr, point: Any) -> None:
    text = printed(e)
    assume("|" not in text and "[" not in text and len(text) < 400)
    try:
        wanted = literal(e, point)[0, 0, 0]
    except (Undefined, trees.TooLarge):
        assume(False)
    with mpmath.workdps(trees.DIGITS):
        values = {name: literal(x, point)[0, 0, 0] for name, x in NAMED.items()}
        found = eval(as_python(text), {**FUNCTIONS, **values, "number": mpmath.mpf})
        assert abs(found - wanted) <= abs(wanted) * mpmath.mpf(10) ** -30, text


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.relations())
def test_latex_is_well_formed(relation: Any) -> None:
    latex = stated(relation, "latex")
    assert latex.count("{") == latex.count("}") and latex.count(r"\left") == latex.count(r"\right")
    letters = "".join(ET.fromstring(mathml(latex)).itertext())
    assert "\\" not in letters and "{" not in letters, latex
    for digit in {c for c in printed(relation) if c.isdigit()}:
        assert digit in letters


def test_words_in_formulas_are_escaped() -> None:
    text = mathml(r"\text{a <= b & c}:\quad U < 1")
    assert "&lt;=" in text and "&amp;" in text and ET.fromstring(text) is not None
