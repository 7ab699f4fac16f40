"""Stationary points on a line by quadrature of the definitions and Newton's method in mpmath:
nothing of the package's is used."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
from mpmath import mp, mpf

DIGITS = 30
REACH = 11.7
"""How far beyond the data's means the nodes go: exp(-68) is 1e-30."""


class Line:
    """L of a model over data on a line, the unknowns (mu_1, ..., mu_n[, logits])."""

    def __init__(
        self, data: Sequence[Any], shares: Sequence[Any], weights: Sequence[Any] | None,
        span: float = 3.0,
    ) -> None:  # fmt: skip
        """``weights``: of the model, None where they are free; ``span``: its means differ by no
        more, nor by less than 3. The error is near exp(-2 pi^2/(span step)), 1e-29."""
        with mp.workdps(DIGITS):
            self.weights = None if weights is None else [mpmath.mpmathify(w) for w in weights]
            centres = [mpmath.mpmathify(a) for a in data]
            self.step = h = mpf(1) / math.ceil(span / 0.29)
            low, high = min(centres) - REACH, max(centres) + REACH
            count = int((high - low) / h) + 1
            self.nodes = [low + k * h for k in range(count)]
            root = mp.sqrt(2 * mp.pi)
            self.mass = [
                h * sum(mpmath.mpmathify(w) * mp.exp(-((x - a) ** 2) / 2) / root
                        for w, a in zip(shares, centres, strict=True))
                for x in self.nodes
            ]  # fmt: skip

    def parts(self, z: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """The means and the weights."""
        if self.weights is not None:
            return list(z), self.weights
        n = len(z) // 2
        terms = [mp.exp(x) for x in z[n:]]
        return list(z[:n]), [t / sum(terms) for t in terms]

    def loss(self, z: Sequence[Any]) -> Any:
        """KL(data || model)."""
        means, weights = self.parts(z)
        root, h = mp.sqrt(2 * mp.pi), self.step
        total = mpf(0)
        for x, mass in zip(self.nodes, self.mass, strict=True):
            density = sum(
                w * mp.exp(-((x - m) ** 2) / 2) for w, m in zip(weights, means, strict=True)
            )
            total += mass * (mp.log(mass / h) - mp.log(density / root))
        return total

    def slopes(self, z: Sequence[Any]) -> tuple[Any, Any]:
        """The gradient and the Hessian of L: with t_i the terms of the model's density,
        f = log sum_i t_i has f' = E_psi l' and f'' = E_psi l'' + Var_psi l', l = log t."""
        means, weights = self.parts(z)
        n, size = len(means), len(z)
        first, second = mp.matrix(size, 1), mp.matrix(size, size)
        for x, mass in zip(self.nodes, self.mass, strict=True):
            terms = [w * mp.exp(-((x - m) ** 2) / 2) for w, m in zip(weights, means, strict=True)]
            total = sum(terms)
            psi = [t / total for t in terms]
            mean = [p * (x - m) for p, m in zip(psi, means, strict=True)]
            slope = mean + psi * (size > n)
            for i in range(size):
                first[i] -= mass * slope[i]
                for k in range(size):
                    second[i, k] += mass * slope[i] * slope[k]
            for i in range(n):
                second[i, i] -= mass * psi[i] * ((x - means[i]) ** 2 - 1)
                if size > n:
                    second[n + i, n + i] -= mass * psi[i]
                    second[i, n + i] -= mass * mean[i]
                    second[n + i, i] -= mass * mean[i]
        if size > n:  # of log sum exp(logits), which divides the weights by their sum
            for i in range(n):
                first[n + i] += weights[i]
                for k in range(n):
                    second[n + i, n + k] += (i == k) * weights[i] - weights[i] * weights[k]
        return first, second

    def em(self, z: Sequence[Any]) -> list[Any]:
        """A step of EM, with free weights of (mu, log pi)."""
        means, weights = self.parts(z)
        n = len(means)
        share, total = [mpf(0)] * n, [mpf(0)] * n
        for x, mass in zip(self.nodes, self.mass, strict=True):
            terms = [w * mp.exp(-((x - m) ** 2) / 2) for w, m in zip(weights, means, strict=True)]
            whole = sum(terms)
            for i, t in enumerate(terms):
                share[i] += mass * t / whole
                total[i] += mass * t / whole * x
        moved = [t / s for t, s in zip(total, share, strict=True)]
        return moved + [mp.log(s) for s in share] * (self.weights is None)

    def root(self, z: Sequence[Any], steps: int = 6) -> list[Any]:
        """A stationary point by Newton's method from ``z``; the last logit stays."""
        z = [mpf(x) for x in z]
        free = len(z) - (self.weights is None)
        for _ in range(steps):
            slope, matrix = self.slopes(z)
            step = mp.lu_solve(matrix[:free, :free], slope[:free])
            z = [x - step[k] if k < free else x for k, x in enumerate(z)]
            if max(abs(s) for s in step) < mpf(10) ** -26:
                return z
        raise AssertionError("Newton's method did not end")

    def eigenvalues(self, z: Sequence[Any]) -> list[Any]:
        """Of the Hessian in order; with free weights without the one nearest to 0, along which
        all logits move by the same."""
        found = [mp.re(x) for x in mp.eigsy(self.slopes(z)[1], eigvals_only=True)]
        if self.weights is None:
            found.remove(min(found, key=abs))
        return sorted(found)


def jacobian(function: Callable[[Sequence[Any]], list[Any]], z: Sequence[Any]) -> Any:
    """By central differences of fourth order: 1e-22 or so."""
    h = mpf(10) ** -6
    columns = []
    for k in range(len(z)):

        def at(s: int, k: int = k) -> list[Any]:
            return function([x + s * h * (i == k) for i, x in enumerate(z)])

        far, near = [at(s) for s in (-2, 2)], [at(s) for s in (-1, 1)]
        columns.append([
            (8 * (b - a) - (d - c)) / (12 * h)
            for a, b, c, d in zip(*near, *far, strict=True)
        ])  # fmt: skip
    return mp.matrix(columns).T
