"""Wrong cores: right nearly everywhere. By a thousandth where several things come together.

Each is a condition on what the core is called with, and a function that is wrong there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from gembounds.conform.protocol import FUNCTIONS, means_and_weights
from tests.conform.wrong_core import Array, right

Where = Callable[[Array, Array], Any]


def lengths(means: Array) -> Array:
    return np.asarray(np.linalg.norm(np.asarray(means), axis=1))


def distances(means: Array) -> Array:
    """Of all pairs, (n, n)."""
    return np.asarray(np.linalg.norm(means[:, None] - means[None], axis=2))


REGIONS: dict[str, tuple[str, Where]] = {
    "Middling": ("For 9 to 19 dimensions.", lambda m, w: 9 <= m.shape[1] <= 19),
    "Many": ("For 6 components or more in 7 dimensions or more.",
             lambda m, w: len(m) >= 6 and m.shape[1] >= 7),
    "ManyRare": ("For 6 components or more, one of which is rarer than 1e-6.",
                 lambda m, w: len(m) >= 6 and np.min(w) < 1e-6),
    "Apart": ("Where two means are more than 20 apart in 2 dimensions or more.",
              lambda m, w: m.shape[1] >= 2 and np.max(distances(m)) > 20),
    "Binary": ("Where the dimension is a power of two from 8 on.",
               lambda m, w: m.shape[1] in (8, 16, 32, 64, 128, 256, 512, 1024)),
    "Square": ("For as many components as dimensions, from 3 on.",
               lambda m, w: len(m) == m.shape[1] >= 3),
    "Crowded": ("For more than 20 components.", lambda m, w: len(m) > 20),
    "Even": ("For even weights of 4 components or more.",
             lambda m, w: len(m) >= 4 and np.ptp(w) == 0),
    "Coincident": ("Where two means are equal and weights are not.",
                   lambda m, w: np.ptp(w) > 0.01
                   and np.any((distances(m) + np.eye(len(m))) == 0)),
    "Antipodal": ("Where the first mean and another are opposite.",
                  lambda m, w: np.any(np.all(m == -m[0], axis=1)) and np.any(m[0])),
    "Distant": ("Where all means are beyond norm 5 and within 0.1 of each other.",
                lambda m, w: len(m) > 1 and np.min(lengths(m)) > 5 and np.max(distances(m)) < 0.1),
    "Heavy": ("Where one of several weights is above 0.99.",
              lambda m, w: len(m) > 1 and np.max(w) > 0.99),
    "Single": ("For one component in more than 8 dimensions.",
               lambda m, w: len(m) == 1 and m.shape[1] > 8),
    "Threaded": ("Off the thread that it was made in.",
                 lambda m, w: threading.current_thread() is not threading.main_thread()),
    "Negative": ("Where no coordinate is positive, in 3 dimensions or more.",
                 lambda m, w: m.shape[1] >= 3 and np.max(m) <= 0 and np.any(m)),
    "Backwards": ("For views of memory that is not contiguous.",
                  lambda m, w: m.shape[1] > 1
                  and not (m.flags.c_contiguous or m.flags.f_contiguous)),
}  # fmt: skip
"""Names, what is wrong, and where."""


def regional(function: str, where: Where) -> SimpleNamespace:
    """The right core with ``function`` off by a thousandth ``where``."""
    names = (*FUNCTIONS, "rtol", "max_rank", "max_norm")

    def wrong(*arguments: Any) -> Any:
        means, weights = means_and_weights(function, arguments)
        factor = 1.001 if where(means, weights) else 1.0
        return factor * getattr(right, function)(*arguments)

    return SimpleNamespace(**{name: getattr(right, name) for name in names} | {function: wrong})


def of_places(where: Callable[[Array], Any]) -> SimpleNamespace:
    """The same for psi, where x (m, d) is so."""
    core = regional("psi", lambda m, w: False)
    core.psi = lambda x, means, weights: (1.001 if where(x) else 1) * right.psi(x, means, weights)
    return core


PLACES: dict[str, tuple[str, Callable[[Array], Any]]] = {
    "Long": ("For more than 5,000 rows of x.", lambda x: len(x) > 5000),
    "Block": ("Where the rows of x fill blocks of 64.", lambda x: len(x) % 64 == 0),
    "Alone": ("For one row.", lambda x: len(x) == 1),
    "Far": ("Where an x is longer than 1,000.", lambda x: np.max(np.abs(x)) > 1000),
}
