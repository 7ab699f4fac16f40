"""What vanishes with a displacement: s^p g, s >= 0 its scale and g an exact number or a jet.

Products add the powers, sums and comparisons take the least, roots halve an even one. Where p > 0
is left of a margin, s^p g >= 0 wherever g >= 0, and g need not vanish with s. Asked for a part of
its own, it is multiplied out."""

from __future__ import annotations

from typing import Any

from gembounds.proving.boxes.jets import Jet
from gembounds.proving.boxes.late import Late
from gembounds.values.exact import exact_power, exact_product, is_exact, is_rational


class Scaled(Late):
    """See the module; ``power`` >= 1."""

    def __init__(self, scale: Jet, power: int, inner: Any) -> None:
        super().__init__(lambda: self.over_power(0))
        self.scale, self.power, self.inner = scale, power, inner

    def over_power(self, power: int) -> Any:
        """This over s^power, power at most its own: exact where nothing is multiplied in."""
        more = self.power - power
        return self._jet(self.inner) * self.scale**more if more else self.inner

    def _jet(self, x: Any) -> Jet:
        found: Jet = Jet.constant(x, len(self.scale.slope)) if is_exact(x) else x
        return found

    def _again(self, power: int, inner: Any) -> Jet:
        return Scaled(self.scale, power, inner) if power else self._jet(inner)

    def __neg__(self) -> Jet:
        return self._again(self.power, -self.inner)

    def __add__(self, y: Any) -> Jet:
        y = self._like(y)
        power = min(self.power, y.power)
        a, b = self.over_power(power), y.over_power(power) if y.power else y
        exact = is_rational(a) and is_rational(b)
        return self._again(power, a + b if exact else self._jet(a) + self._jet(b))

    def __mul__(self, y: Any) -> Jet:
        if y is self:
            found: Jet = self**2
            return found
        y = self._like(y)
        a, b = self.inner, y.inner if y.power else y
        exact = is_exact(a) and is_exact(b)
        inner: Any = exact_product(a, b) if exact else self._jet(a) * self._jet(b)
        return self._again(self.power + y.power, inner)

    def __pow__(self, k: int) -> Jet:
        if k < 0:
            found: Jet = super().__pow__(k)
            return found
        x = self.inner
        return self._again(self.power * k, exact_power(x, k) if is_exact(x) else x**k)

    def square(self) -> Jet:
        return self**2
