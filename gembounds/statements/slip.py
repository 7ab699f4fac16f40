"""One slip of a paper: what was refuted together with it, and how grave it is.

notation    a sign, an equality, a lost factor that what follows does not use
constant    true with another constant
hypothesis  true with a condition that was left out
substance   what is stated must change, and what rests on it
"""

from __future__ import annotations

from dataclasses import dataclass

from gembounds.tools.errors import InputError

SEVERITIES = ("notation", "constant", "hypothesis", "substance")


@dataclass(frozen=True)
class Slip:
    """What several refuted statements have in common: they count once.

    ``why`` says in one sentence what is wrong and why it is of that ``severity``, ``mend`` what
    to write instead. Raises :class:`InputError` for a severity that is none of ``SEVERITIES``.
    """

    name: str
    severity: str
    why: str
    mend: str

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            known = ", ".join(SEVERITIES)
            raise InputError(f"{self.name} has severity {self.severity!r}: give one of {known}")
