"""What statements speak of: each name once, with how every arithmetic gets it.

Exact where it can be: weights, norms (roots of rationals), U, S, Y, n, d, r. L, E|psi~|^2,
overlaps and gradients are enclosed; where all means coincide they are exact too. With psi the
posteriors of the mixture and x ~ N(0, I_d),

    L = KL(N(0, I) || p_mu),  grad_i L = E[psi_i psi~],  psi~ = sum_k psi_k mu_k.

A claim with data x ~ sum_j w_j N(a_j, I) has L = KL(data || p_mu), grad_i L = E[psi_i (mu_i - x)]
and all expectations over them; what is exact is so there where it is so by its form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from gembounds.statements.evaluate import Undefined
from gembounds.statements.tree import Expr, Symbol, call
from gembounds.tools.errors import InputError
from gembounds.values.exact import is_exact, is_rational, is_zero, root
from gembounds.values.numerals import shown

SYMBOLS: dict[str, Symbol] = {}
"""By name: what a serialised tree is read with."""


def _symbol(
    name: str,
    text: str,
    latex: str,
    of: Callable[..., Any],
    estimate: Callable[..., Any] | None,
    meaning: str,
    axes: str = "",
    needs: tuple[str, ...] = (),
) -> Symbol:
    """A symbol for which no value is negative, but of coordinates."""
    SYMBOLS[name] = Symbol(
        name, text, latex, of, axes, meaning, None, estimate, needs, nonnegative="c" not in axes
    )
    return SYMBOLS[name]


def _named(*args: Any, **more: Any) -> Expr:
    return call(_symbol(*args, **more))


def _root(ops: Any, square: Any) -> Any:
    """The root of a square that may be exact, or of nested lists of them."""
    if isinstance(square, list):
        return [_root(ops, x) for x in square]
    return root(square) if isinstance(square, (int, Fraction)) else ops.sqrt(square)


def _diameter(ops: Any, p: Any) -> Any:
    return _root(ops, ops.maximum([x for row in ops.distances2(p.mix) for x in row]))


# -- a mixture's numbers -------------------------------------------------------------------------
n = _named("n", "n", "n", lambda ops, p: p.mix.n, lambda b: float(b.n), "the number of components")
d = _named("d", "d", "d", lambda ops, p: p.mix.d, lambda b: float(b.d), "the dimension")
r = _named(
    "r", "r", "r", lambda ops, p: ops.rank(p.mix), lambda b: b.rank,
    "the rank of the differences of the means",
)  # fmt: skip
pi = _named(
    "pi", "pi_i", r"\pi_i", lambda ops, p: list(ops.weights(p.mix)), lambda b: b.weights,
    "the weights", "i",
)  # fmt: skip
pi_min = _named(
    "pi_min", "pi_min", r"\pi_{\min}", lambda ops, p: ops.pi_min(p.mix),
    lambda b: b.pi_min, "the smallest weight",
)  # fmt: skip
pi_max = _named(
    "pi_max", "pi_max", r"\pi_{\max}", lambda ops, p: ops.maximum(ops.weights(p.mix)),
    lambda b: b.weights.max(axis=1), "the largest weight",
)  # fmt: skip
norms = _named(
    "norms", "|mu_i|", r"|\mu_i|", lambda ops, p: _root(ops, ops.norms2(p.mix)),
    lambda b: b.norms,
    "the norms of the means", "i",
)  # fmt: skip
mu_max = _named(
    "mu_max", "mu_max", r"\mu_{\max}", lambda ops, p: _root(ops, ops.mu_max2(p.mix)),
    lambda b: b.top, "max_i |mu_i|",
)  # fmt: skip
U = _named("U", "U", "U", lambda ops, p: ops.U(p.mix), lambda b: b.U, "sum_i |mu_i|^2")
S = _named(
    "S", "S", "S", lambda ops, p: ops.spread(p.mix), lambda b: b.spread,
    "sum_ij pi_i pi_j |mu_i - mu_j|^2",
)  # fmt: skip
Y = _named(
    "Y", "Y", "Y", lambda ops, p: ops.weighted_square(p.mix), lambda b: b.mean_square,
    "sum_i pi_i |mu_i|^2",
)  # fmt: skip
distances = _named(
    "distances", "|mu_i - mu_k|", r"|\mu_i - \mu_k|",
    lambda ops, p: _root(ops, ops.distances2(p.mix)), lambda b: b.distances,
    "the distances of the means", "ik",
)  # fmt: skip
diameter = _named(
    "diameter", "D", "D", _diameter,
    lambda b: b.distances.max(axis=(1, 2)), "max_ik |mu_i - mu_k|",
)  # fmt: skip

# -- population quantities -----------------------------------------------------------------------
L = _named(
    "L", "L", "L", lambda ops, p: ops.loss(p.mix), lambda b: b.loss,
    "KL(data || p_mu), the data N(0, I) where none are given", needs=("loss",),
)  # fmt: skip
mean_square = _named(
    "mean_square", "E|psi~|^2", r"\mathbb{E}|\tilde\psi|^2",
    lambda ops, p: ops.psi_tilde_norm2(p.mix), lambda b: b.psi2,
    "psi~ = sum_i psi_i mu_i", needs=("psi_tilde_norm2",),
)  # fmt: skip
overlaps = _named(
    "overlaps", "E[psi_i psi_k]", r"\mathbb{E}[\psi_i \psi_k]",
    lambda ops, p: ops.posterior_overlaps(p.mix), lambda b: b.resolved_overlaps,
    "overlaps of the posteriors", "ik", ("overlaps",),
)  # fmt: skip
expected_posterior = _named(
    "expected_posterior", "E[psi_i]", r"\mathbb{E}[\psi_i]",
    lambda ops, p: ops.expected_posterior(p.mix), lambda b: b.resolved_overlaps.sum(axis=2),
    "expected posteriors", "i", ("overlaps",),
)  # fmt: skip
gradient_norms = _named(
    "gradient_norms", "|grad_i L|", r"|\nabla_i L|",
    lambda ops, p: _root(ops, ops.gradient_norms2(p.mix)), lambda b: b.gradient_norms,
    "norms of the gradients by component", "i", ("gradient",),
)  # fmt: skip
gradient_norm = _named(
    "gradient_norm", "|grad L|", r"|\nabla L|",
    lambda ops, p: _root(ops, ops.gradient_norm2(p.mix)), lambda b: b.gradient_square**0.5,
    "the norm of the gradient", needs=("gradient",),
)  # fmt: skip


# -- EM, and the data ----------------------------------------------------------------------------
def _everywhere(ops: Any, mix: Any, rows: Any) -> list[list[Any]]:
    """An entry a column as an entry a coordinate."""
    places = ops.places(mix)
    return [[row[k] for k in places] for row in rows]


def _data(point: Any) -> tuple[Any, Any]:
    """Means and weights of the data."""
    if point.data is None:
        return ((Fraction(0),) * point.mix.d,), (Fraction(1),)
    return point.data.exact_means, point.data.exact_weights


def _component(ops: Any, values: Any, j: Any) -> Any:
    if not is_exact(j):  # nobody knows which
        return ops.unknown()
    if not is_rational(j) or Fraction(j).denominator != 1 or not 0 <= j < len(values):
        raise Undefined(f"the data have no component {j}: they have {len(values)}, from 0")
    return values[int(j)]


def _paired(ops: Any, point: Any) -> list[list[Fraction]]:
    rows = _data(point)[0]
    if len(rows) != point.mix.n:
        raise Undefined(f"the data have {len(rows)} components, the model {point.mix.n}")
    return [list(row) for row in rows]


means = _named(
    "means", "mu_i", r"\mu_i", lambda ops, p: _everywhere(ops, p.mix, ops.means(p.mix)),
    lambda b: b.means, "the means", "ic",
)  # fmt: skip
em_means = _named(
    "em_means", "M_i", "M_i", lambda ops, p: _everywhere(ops, p.mix, ops.em_means(p.mix)),
    lambda b: b.em_means, "E[psi_i x] / E psi_i, the means after a step of EM", "ic",
    ("overlaps",),
)  # fmt: skip
data_means = _named(
    "data_means", "a_i", "a_i", _paired, lambda b: 0.0 * b.means,
    "the means of the data, which have as many components as the model", "ic",
)  # fmt: skip
J = _named(
    "J", "J", "J", lambda ops, p: len(_data(p)[1]), lambda b: 1.0,
    "the number of the data's components",
)  # fmt: skip
_DATA_MEAN = _symbol(
    "data_mean", "a_({0})", r"a_{{{0}}}",
    lambda ops, p, j: [_component(ops, x, j) for x in zip(*_data(p)[0], strict=True)],
    lambda b, j: 0.0 * b.means[:, 0], "the mean of a component of the data, counted from 0", "c",
)  # fmt: skip
_DATA_WEIGHT = _symbol(
    "data_weight", "w_({0})", r"w_{{{0}}}", lambda ops, p, j: _component(ops, _data(p)[1], j),
    lambda b, j: 1.0, "the weight of a component of the data, counted from 0",
)  # fmt: skip


def data_mean(j: Any) -> Expr:
    """a_j, the mean of component ``j`` of the data, counted from 0: an entry a coordinate."""
    return call(_DATA_MEAN, j)


def data_weight(j: Any) -> Expr:
    """w_j, the weight of component ``j`` of the data, counted from 0."""
    return call(_DATA_WEIGHT, j)


def _psi(ops: Any, point: Any, x: Any) -> Any:
    """psi_i(x), (n,); exactly pi_i where all means coincide."""
    mix = point.mix
    return list(ops.weights(mix)) if ops.coincident(mix) else ops.psi(mix, tuple(x))


def _posteriors(batch: Any, x: Any) -> Any:
    from gembounds.statements.logs import LogArray

    log = batch.log_posteriors(x.value)
    return LogArray(log * 0 + 1, log)


_POSTERIOR = _symbol(
    "posterior", "psi_i({0})", r"\psi_i({0})", _psi, _posteriors, "the posteriors at a point",
    "i", ("psi",),
)  # fmt: skip


def change_of_gradient(ops: Any, point: Any, delta: Any) -> list[Any]:
    """|grad_i L(mu + delta) - grad_i L(mu)|, (n,): with P' at mu + delta, the norm of sum_k (P'_ik
    (mu_k + delta_k) - P_ik mu_k), taken coordinate by coordinate; over data the weighted sum of
    the same with mu - a_j."""
    rows = tuple(map(tuple, delta))
    if all(is_zero(x) for v in rows for x in v):
        return [Fraction(0)] * point.mix.n
    before, after = ops.terms(point.mix), ops.terms(ops.displaced(point, rows).mix)
    columns = [zip(*v, strict=True) for v in (point.mix.exact_means, rows)]
    centres = [column[point.mix.n :] for column in zip(*ops.joint(point.mix).exact_means,
                                                       strict=True)]  # fmt: skip
    counted = Counter(zip(*columns, centres, strict=True))
    out = []
    for i in range(point.mix.n):
        square = ops.ball(0)
        for (means, deltas, places), count in counted.items():
            entry = ops.ball(0)
            for (w, old), (_, new), a in zip(before, after, places or (0,), strict=True):
                for p, q, mean, shift in zip(old[i], new[i], means, deltas, strict=True):
                    entry += (q - p) * ops.ball(w * (mean - a)) + q * ops.ball(w * shift)
            square += count * entry * entry
        out.append(ops.sqrt(square))
    return out


def estimated_change(batch: Any, delta: Any) -> Any:
    """The same over a batch."""
    import numpy as np

    from gembounds.points.batch import length, resolved

    shift = getattr(delta, "value", delta)
    after = batch.displaced(shift)
    change = (after.overlaps - batch.overlaps) @ batch.means + after.overlaps @ shift
    error = (batch.widths + after.widths) @ np.asarray(batch.norms)[:, :, None]
    return resolved(length(change), error[:, :, 0])


_CHANGE = _symbol(
    "gradient_change", "|grad_i L(mu + {0}) - grad_i L(mu)|",
    r"|\nabla_i L(\mu + {0}) - \nabla_i L(\mu)|", change_of_gradient, estimated_change,
    "the change of the gradient with the means", "i", ("overlaps",),
)  # fmt: skip


def gradient_change(by: Any) -> Expr:
    """|grad_i L(mu + delta) - grad_i L(mu)|, an entry a component, ``by`` a displacement."""
    if not isinstance(by, Expr) or by.axes != "ic" or by.op != "parameter":
        raise InputError(f"gradient_change({shown(by)}): give a displacement")
    return call(_CHANGE, by)


def posterior(x: Any) -> Expr:
    """psi_i(x), an entry a component, at a vector x."""
    if not isinstance(x, Expr) or x.axes != "c":
        raise InputError(f"posterior({shown(x)}): give a vector of R^d")
    return call(_POSTERIOR, x)
