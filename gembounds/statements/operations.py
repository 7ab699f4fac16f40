"""What the sides of a claim are written against: exact numbers, balls, population quantities.

A side is written once. The decision evaluates it on a ladder of rungs: on rung 0 population
quantities come from the float64 evaluator, their intervals taken outward into balls; on the
later rungs from the arb evaluator at rising precision. The arithmetic of the sides themselves
is always ball arithmetic at ``prec`` bits, or exact (``Fraction``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from flint import arb

from gembounds.evaluators.balls.radial import ball, exp_norm, norm_moment, norm_survival
from gembounds.statements.derived import exact
from gembounds.statements.over_data import Arithmetic
from gembounds.values.columns import Run, distinct_columns, gram, runs
from gembounds.values.enclosure import Enclosure
from gembounds.values.mixture import Mixture
from gembounds.values.precision import working_precision

Scalar = Any
"""Fraction (exact) or flint.arb."""

T = TypeVar("T")


class Rung(NamedTuple):
    """``evaluator`` of the population quantities, and ``bits`` of the arithmetic."""

    evaluator: str
    bits: int
    max_nodes: int


FLOAT_RTOL = 1e-6
"""Relative error asked of float64 (a choice: decides most points, and costs little)."""

LADDER = (
    Rung("float64", 96, 2**20),
    Rung("arb", 64, 2**17),
    Rung("arb", 128, 2**17),
    Rung("arb", 256, 2**16),
    Rung("arb", 512, 2**15),
    Rung("arb", 1024, 2**14),
)
"""Where decisions escalate. The caps on nodes keep a rung to a second or so (a choice); one
that meets its cap is the last (:attr:`Operations.cut`)."""

CUT_SLACK = 16.0
"""How far a rule's error may be above the one asked for before it counts as cut short."""

MOST_BITS = 1 << 20
"""Most bits added to tell a number from 1: a division of that size takes milliseconds."""

GUARD = 32
"""Bits of the sides' arithmetic beyond those asked of the arb evaluator (a choice)."""


class Operations(Arithmetic):
    """Exact numbers, balls and certified population quantities of mixtures, at one rung.

    Results are cached for each mixture object. Use inside ``with ops.precision():``. Matrices
    are lists of lists; a matrix over coordinates has one column for each *distinct* column of
    the means (equal columns give equal entries), and ``multiplicities`` tells how many.
    ``cut`` becomes true when a grid in balls was cut short by the cap on its nodes: more bits
    would be cut as well.
    """

    def __init__(self, rung: Rung = LADDER[1]) -> None:
        self.rung = rung
        self.prec = rung.bits + (GUARD if rung.evaluator == "arb" else 0)
        self.cut = False
        super().__init__()
        self._others: dict[Rung, Operations] = {}

    @contextmanager
    def precision(self) -> Iterator[None]:
        """The working precision of this rung inside, the former one afterwards."""
        with working_precision(self.prec):
            yield

    def with_rung(self, rung: Rung) -> Operations:
        """The same for another rung: population quantities from there, kept for the next time."""
        if rung not in self._others:
            self._others[rung] = Operations(rung)
        return self._others[rung]

    # -- numbers ---------------------------------------------------------------------------
    ball = staticmethod(ball)
    exp_norm = staticmethod(exp_norm)
    norm_moment = staticmethod(norm_moment)
    norm_survival = staticmethod(norm_survival)

    def exp(self, x: Scalar | int) -> Any:
        return ball(x).exp()

    def log(self, x: Scalar | int) -> Any:
        return ball(x).log()

    def unknown(self, x: Any = None) -> Any:
        """In place of what may have no value: nothing is certain of it."""
        return arb("nan")

    def has_value(self, x: Any) -> bool:
        return not x.is_nan()

    def sqrt(self, x: Scalar | int) -> Any:
        """The square root of a number that is >= 0: of the part of its ball that is."""
        x = ball(x)
        return x.sqrt() if x > 0 else x.nonnegative_part().sqrt()

    def inverse_of_one_plus(self, x: Scalar) -> Any:
        """1/(1 + x), with as many more bits as it takes to tell it from 1, up to ``MOST_BITS``."""
        x = ball(x)
        mantissa, exponent = x.abs_lower().mid().man_exp()
        more = -int(exponent) - int(mantissa).bit_length() if mantissa else 0
        with working_precision(self.prec + (more if 0 < more <= MOST_BITS else 0)):
            return 1 / (1 + x)

    def pi(self) -> Any:
        return arb.pi()

    def maximum(self, values: list[Scalar]) -> Scalar:
        """The largest value: exact for exact numbers, else a ball."""
        if all(isinstance(v, (int, Fraction)) for v in values):
            return max(values)
        out = ball(values[0])
        for value in values[1:]:
            out = out.max(ball(value))
        return out

    # -- exact properties of a mixture -----------------------------------------------------
    def _shared(self, mix: Mixture, name: str, compute: Callable[[], T]) -> T:
        return mix.kept(f"exact {name}", compute)

    def columns(self, mix: Mixture) -> list[Run]:
        """The distinct columns of the means, each with its multiplicity."""
        return mix.kept("distinct columns", lambda: distinct_columns(mix))

    def gram(self, mix: Mixture) -> list[list[Fraction]]:
        """<mu_i, mu_k>, (n, n), exact."""
        return mix.kept("gram", lambda: gram(self.columns(mix)))

    @exact
    def coincident(self, mix: Mixture) -> bool:
        """Whether all means are equal."""
        return all(x == e[0] for e, _ in self.columns(mix) for x in e)

    def rank(self, mix: Mixture) -> int:
        """The dimension of the span of the differences of the means."""
        from gembounds.evaluators.reduction.exact import exact_rank

        return exact_rank(mix)

    # -- population quantities -------------------------------------------------------------
    def loss(self, mix: Mixture) -> Scalar:
        """L; exactly |mu_1|^2/2 where all means coincide."""
        if self.coincident(mix):
            return self.norms2(mix)[0] / 2
        return self._quantity(mix, "loss")

    def divergence(self, mix: Mixture, data: Mixture) -> Scalar:
        """KL(data || model): kept with the model, not with these operations."""
        return _balls(self._found(mix, "loss", data))

    def in_reach(self, mix: Mixture, grids: int = 1) -> bool:
        """Whether the nodes of a rung in balls suffice for the overlaps to its bits, on that many
        grids together."""
        from gembounds.evaluators.balls.expectations import grid_fits
        from gembounds.evaluators.balls.quantities import MAX_RANK
        from gembounds.evaluators.reduction.exact import exact_rank, reduce_exactly

        if self.rung.evaluator != "arb" or exact_rank(mix) > MAX_RANK:
            return False
        return grid_fits(reduce_exactly(mix), self.rung.bits, self.rung.max_nodes // grids)

    def overlaps(self, mix: Mixture) -> list[list[Any]]:
        """P_ik = E[psi_i psi_k], (n, n)."""
        out: list[list[Any]] = self._quantity(mix, "overlaps")
        return out

    def gradient(self, mix: Mixture) -> list[list[Any]]:
        """sum_k P_ik mu_k over the distinct columns, (n, distinct)."""
        return self._once(mix, "gradient", lambda: self._mixed(mix))

    def _mixed(self, mix: Mixture) -> list[list[Any]]:
        overlaps = self.overlaps(mix)
        out = []
        for row in overlaps:
            entries = []
            for column, _ in self.columns(mix):
                total = arb(0)
                for p, x in zip(row, column, strict=True):
                    total += p * ball(x)
                entries.append(total)
            out.append(entries)
        return out

    def psi_tilde_norm2(self, mix: Mixture) -> Scalar:
        """E |sum_i psi_i mu_i|^2; exactly |mu_1|^2 where all means coincide, and in closed bounds
        where no grid tells it from 0."""
        if self.coincident(mix):
            return self.norms2(mix)[0]
        value = self._quantity(mix, "psi_tilde_norm2")
        if value > 0:
            return value
        from gembounds.evaluators.balls.rare import rare_mean_square

        rare = rare_mean_square(mix)
        return value if rare is None else rare

    def gradient_of_q(self, mix: Mixture) -> list[list[Any]]:
        """E[psi_i] mu_i - E[psi_i x], by that formula, over the distinct columns.

        In balls on every rung; computed in full, so meant for d up to thousands.
        """
        full = self._once(mix, "gradient_of_q", lambda: self._gradient_of_q(mix))
        position: dict[tuple[Fraction, ...], int] = {}
        k = 0
        for run in self._once(mix, "runs", lambda: runs(mix)):
            position.setdefault(run.entries, k)
            k += run.length
        picked = [position[e] for e, _ in self.columns(mix)]
        return [[row[k] for k in picked] for row in full]

    def _gradient_of_q(self, mix: Mixture) -> Any:
        from gembounds.evaluators import quantities

        rung = self.rung if self.rung.evaluator == "arb" else LADDER[1]
        found = quantities.gradient_of_q(mix, bits=rung.bits, max_nodes=rung.max_nodes)
        return self._taken(mix, found)

    def psi(self, mix: Mixture, x: tuple[Fraction, ...]) -> list[Any]:
        """The posterior psi_i(x), (n,), at a point x of R^d."""
        from gembounds.evaluators import quantities

        found: list[Any] = _balls(quantities.psi(mix, list(x), evaluator="arb", bits=self.prec))
        return found

    def _quantity(self, mix: Mixture, name: str) -> Any:
        return self._once(mix, name, lambda: self._taken(mix, self._found(mix, name)))

    def _found(self, mix: Mixture, name: str, data: Mixture | None = None) -> Enclosure:
        from gembounds.evaluators import quantities

        evaluate: Callable[..., Enclosure] = getattr(quantities, name)
        options: dict[str, Any] = {"max_nodes": self.rung.max_nodes, "data": data}
        if self.rung.evaluator == "float64":
            options["rtol"] = FLOAT_RTOL
        else:
            options |= {"evaluator": "arb", "bits": self.rung.bits}
        key = f"{name} at {self.rung}", data
        return mix.kept(key, lambda: evaluate(mix, **options))

    def _taken(self, mix: Mixture, found: Enclosure) -> Any:
        if self.rung.evaluator == "arb" and not self.coincident(mix):
            errors = found.rule.error  # none: no grid fits at all
            self.cut = self.cut or not errors or max(errors) > CUT_SLACK * 2.0**-self.rung.bits
        return _balls(found)


def _balls(found: Enclosure) -> Any:
    """An enclosure as a ball, or nested lists of balls: the one door from floats to balls."""
    if found.balls is not None:
        return found.balls.tolist()
    return _hulls(found.lower.tolist(), found.upper.tolist())


def _hulls(lower: Any, upper: Any) -> Any:
    if isinstance(lower, float):
        return interval_ball(lower, upper)
    return [_hulls(low, high) for low, high in zip(lower, upper, strict=True)]


def interval_ball(lower: float, upper: float) -> Any:
    """A ball that contains [lower, upper]; the whole line where an end is infinite."""
    low, high = arb(lower), arb(upper)
    if not (low.is_finite() and high.is_finite()):
        return arb(0, "inf")
    return low.union(high)
