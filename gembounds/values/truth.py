"""True, false or unknown."""

from __future__ import annotations

from gembounds.tools.errors import UndecidedError


class Truth:
    """What comparing enclosures gives; ``bool()`` of an unknown raises :class:`UndecidedError`."""

    __slots__ = ("certainly_false", "certainly_true", "how")

    def __init__(self, certainly_true: bool, certainly_false: bool, how: str) -> None:
        self.certainly_true = certainly_true
        self.certainly_false = certainly_false
        self.how = how

    def __bool__(self) -> bool:
        if self.certainly_true:
            return True
        if self.certainly_false:
            return False
        raise UndecidedError(
            f"{self.how} is undecided: the enclosures overlap; ask for a smaller rtol or more "
            "bits, or use .certainly_true and .certainly_false"
        )

    def __repr__(self) -> str:
        word = "true" if self.certainly_true else "false" if self.certainly_false else "unknown"
        return f"<Truth {word}: {self.how}>"
