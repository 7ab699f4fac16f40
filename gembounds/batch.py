"""The quantities of many mixtures of one shape at once, in float64.

``means`` is a float array (B, n, d); ``weights`` is (n,) or (B, n), or None for equal weights.
All is vectorised over the mixtures where their means span up to three dimensions, with not too
many components in two or three, and neither rounding nor the number of nodes is in the way; the
rest goes one by one. All functions give a :class:`BatchEnclosure` whose first axis is the
mixture's and whose ``single`` (B,) says which went one by one, and raise :class:`InputError` for
shapes, numbers or ``rtol`` that cannot be used; ``rtol`` and ``max_nodes`` mean what they mean in
:mod:`gembounds.evaluators.quantities`. Two components need few nodes: theirs are not bounded.
``data``: a mixture, the same for all; the means seen from each of its components go in one batch.
"""

from __future__ import annotations

from typing import Any

from gembounds.evaluators.options import DEFAULT_RTOL
from gembounds.values.batch_enclosure import BatchEnclosure
from gembounds.values.mixture import Mixture


def overlaps(
    means: Any, weights: Any = None, *, data: Mixture | None = None, rtol: float = DEFAULT_RTOL,
    max_nodes: int | None = None,
) -> BatchEnclosure:  # fmt: skip
    """P_ik = E[psi_i psi_k], shape (B, n, n)."""
    if data is not None:
        return _over("overlaps", means, weights, data, rtol, max_nodes)
    from gembounds.evaluators.float64 import batch

    return batch.overlaps(means, weights, rtol=rtol, max_nodes=max_nodes)


def gradient(
    means: Any, weights: Any = None, *, data: Mixture | None = None, rtol: float = DEFAULT_RTOL,
    max_nodes: int | None = None,
) -> BatchEnclosure:  # fmt: skip
    """grad_i L = sum_k P_ik mu_k, shape (B, n, d). Source: the paper's Lemma 9."""
    if data is not None:
        return _over("gradient", means, weights, data, rtol, max_nodes)
    from gembounds.evaluators.float64 import batch, batch_sums

    found = batch.overlaps(means, weights, rtol=rtol, max_nodes=max_nodes)
    return batch_sums.gradient(found, batch.checked_means(means))


def psi_tilde_norm2(
    means: Any, weights: Any = None, *, data: Mixture | None = None, rtol: float = DEFAULT_RTOL,
    max_nodes: int | None = None,
) -> BatchEnclosure:  # fmt: skip
    """E|psi~|^2 = sum_ik P_ik <mu_i, mu_k>, shape (B,). Source: the paper's Corollary 10."""
    if data is not None:
        return _over("psi_tilde_norm2", means, weights, data, rtol, max_nodes)
    from gembounds.evaluators.float64 import batch, batch_sums

    found = batch.overlaps(means, weights, rtol=rtol, max_nodes=max_nodes)
    return batch_sums.psi_tilde_norm2(found, batch.checked_means(means))


def loss(
    means: Any, weights: Any = None, *, data: Mixture | None = None, rtol: float = DEFAULT_RTOL,
    max_nodes: int | None = None,
) -> BatchEnclosure:  # fmt: skip
    """L, shape (B,). Source: the paper's equation (4)."""
    if data is not None:
        return _over("loss", means, weights, data, rtol, max_nodes)
    from gembounds.evaluators.float64 import batch

    return batch.loss(means, weights, rtol=rtol, max_nodes=max_nodes)


def expected_posterior(
    means: Any, weights: Any = None, *, data: Mixture | None = None, rtol: float = DEFAULT_RTOL,
    max_nodes: int | None = None,
) -> BatchEnclosure:  # fmt: skip
    """E psi_i = sum_k P_ik, shape (B, n)."""
    return _over("expected_posterior", means, weights, data, rtol, max_nodes)


def _over(
    name: str, means: Any, weights: Any, data: Mixture | None, rtol: float, max_nodes: int | None
) -> BatchEnclosure:
    from gembounds.evaluators.data import batch

    return batch.evaluate(name, means, weights, data, rtol, max_nodes)
