"""gembounds: certified population quantities of Gaussian mixtures, and a paper's claims on them."""

from gembounds.enclosure import Enclosure, Estimate, StatisticalInterval
from gembounds.errors import InputError, RankError, UndecidedError
from gembounds.mixture import Mixture

__all__ = [
    "Enclosure",
    "Estimate",
    "InputError",
    "Mixture",
    "RankError",
    "StatisticalInterval",
    "UndecidedError",
]
