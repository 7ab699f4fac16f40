"""Check proofs of inequalities about numbers, with Python's standard library alone.

    python check_proof.py FILE... [--sample N --seed S]

A certificate has a statement as a tree, and cubes [0, 1]^K onto which its domain is mapped. Here
the statement is read again, both sides as sums of terms c * prod atom^e * exp(sum) over rational
numbers; the map of the cubes is made from the ends of the numbers, each of which is read off a
condition; the halvings of a cube are read from its bits, so that the leaves cover it; and on every
leaf (or N that are drawn) what the certificate says is shown in rational interval arithmetic with
an exp and log of its own; the algebra is in sums.py beside this file. Exit status: 0 confirmed,
1 rejected, 3 out of reach (functions of |x|: `gembounds verify` checks those).
"""

import argparse
import base64
import hashlib
import itertools
import json
import math
import random
import sys
from fractions import Fraction as Q

from sums import (
    ONE_KEY,
    Algebra,
    NoValue,
    OutOfReach,
    add,
    cleared,
    constant,
    frozen,
    inverse,
    mul,
    number,
    plain,
    variable,
)  # fmt: skip

BITS, P = 120, 200  # significant bits of ends; of the fixed-point sums of exp and log


# -- numbers, outward --------------------------------------------------------------------------
def rounded(x, up):
    if x is None or not x or max(x.numerator.bit_length(), x.denominator.bit_length()) < 2 * BITS:
        return x
    unit = Q(2) ** (abs(x.numerator).bit_length() - x.denominator.bit_length() - BITS)
    return (math.ceil(x / unit) if up else math.floor(x / unit)) * unit


def exp(x, up):
    if x < -60000:
        x, low = Q(-60000), Q(0)
        if not up:
            return low
    k = (abs(x.numerator) // x.denominator).bit_length() + 8  # |x|/2^k < 2^-7
    y = math.floor(x * 2 ** (P - k))
    term, total = 1 << P, 1 << P
    for n in range(1, 24):  # each step errs by 2 units, what is left out by less than one
        term = term * y // (n << P)
        total += term
    value = Q(total + (100 if up else -100), 1 << P)
    for _ in range(k):
        value = rounded(value * value, up)
    return value


def log(x, up):
    k = x.numerator.bit_length() - x.denominator.bit_length()
    ends = [(Q(1, 3), k), ((x / Q(2) ** k - 1) / (x / Q(2) ** k + 1), 1)]  # log 2, and the rest
    total = Q(0)
    for z, times in ends:  # log m = 2 artanh z, |z| <= 1/3
        z = math.floor(z * 2**P)
        s, power = 0, z
        for j in range(1, 2 * 66, 2):
            s += power // j
            power = (power * z >> P) * z >> P
        total += Q(2 * s, 1 << P) * times
    slack = Q((abs(k) + 1) * 1000, 1 << P)
    return total + slack if up else total - slack


def root(x, up):
    scaled = x * 4**P
    whole = math.isqrt(scaled.numerator // scaled.denominator)
    return Q(whole + (1 if up and whole * whole != scaled else 0), 2**P)


def raised(x, e, up):
    """x^e for x >= 0, e a rational; x > 0 where e < 0."""
    if e.denominator == 1 and abs(e) < 64:
        return rounded(x**e.numerator, up)
    if not x:
        return Q(0)
    if e == Q(1, 2):
        return root(x, up)
    return exp(rounded(e * log(x, up == (e > 0)), up), up)


# -- ranges over a box {variable: (low, high)}, None for an infinite end -------------------------
def times(a, b):
    if a[0] is not None and b[0] is not None and a[0] >= 0 and b[0] >= 0:
        known = a[1] is not None and b[1] is not None
        return rounded(a[0] * b[0], False), rounded(a[1] * b[1], True) if known else None
    if a[0] == a[1] and a[0] is not None:
        ends = [None if x is None else a[0] * x for x in b]
        return tuple(ends if a[0] >= 0 else ends[::-1])
    if b[0] == b[1] and b[0] is not None:
        return times(b, a)
    if None in (*a, *b):
        return None, None
    ends = [x * y for x in a for y in b]
    return rounded(min(ends), False), rounded(max(ends), True)


def atom_range(a, e, box):
    """The range of an atom to the power e."""
    low, high = box[a[1]] if a[0] == "v" else sum_range(dict(a[1]), box)
    if a[0] == "l":
        low, high = (None if x is None or x <= 0 else log(x, up)
                     for x, up in ((low, False), (high, True)))  # fmt: skip
        if e != 1:  # a whole number >= 2
            if low is None or high is None:
                return None, None
            ends = [rounded(x**e.numerator, up) for x in (low, high) for up in (False, True)]
            return min(0, *ends), max(ends)
        return low, high
    low = Q(0) if low is None or low < 0 else low  # what a base needs is shown
    if e < 0:
        low, high = high, low
        return (raised(low, e, False) if low is not None and low > 0 else Q(0),
                raised(high, e, True) if high > 0 else None)  # fmt: skip
    return raised(low, e, False), None if high is None else raised(high, e, True)


def term_range(key, box):
    out = (Q(1), Q(1))
    for a, e in key[0]:
        out = times(out, atom_range(a, e, box))
    low, high = sum_range(dict(key[1]), box) if key[1] else (Q(0), Q(0))
    factor = (Q(0) if low is None else exp(low, False), None if high is None else exp(high, True))
    return times(out, factor) if key[1] else out


def sum_range(s, box, part=None):
    """Term by term; with a ``part``, terms by the signs of their slopes."""
    low, high = Q(0), Q(0)
    for key, c in s.items():
        a, b = times((c, c), part.sharp(key, box) if part else term_range(key, box))
        low = None if None in (low, a) else low + a
        high = None if None in (high, b) else high + b
    return rounded(low, False), rounded(high, True)


class Part:
    """A cube of the domain: its variables, those that are not 0, and what is to be shown."""

    def __init__(self, algebra, positive):
        self.algebra, self.positive, self.kept = algebra, positive, {}

    def once(self, key, make):
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def sharp(self, key, box):
        """A term is positive, and lies between its values at the ends along which it rises."""
        if not plain(key):
            return term_range(key, box)
        low, high = dict(box), dict(box)
        for x, (a, b) in box.items():
            slope = self.once((key, x), lambda x=x: cleared(self.algebra.slope(key, x))[1])
            bottom, top = sum_range(slope, box)
            if bottom is not None and bottom >= 0:
                low[x], high[x] = (a, a), (b, b)
            elif top is not None and top <= 0:
                low[x], high[x] = (b, b), (a, a)
        return max(term_range(key, low)[0] or Q(0), Q(0)), term_range(key, high)[1]

    def never_0(self, key, box):
        return all(
            e < 0 if a[0] == "b" else a[0] == "v" and (a[1] in self.positive or box[a[1]][0] > 0)
            for a, e in key[0]
        )

    def by_range(self, s, box, strict):
        lead, rest = self.once(("cleared", frozen(s)), lambda: cleared(s))
        for pivot in [ONE_KEY, *(k for k in rest if plain(k))]:
            if strict and not (self.never_0(lead, box) and self.never_0(pivot, box)):
                continue
            low = sum_range(mul(rest, {inverse(pivot): Q(1)}), box, self)[0]
            if low is not None and (low > 0 if strict else low >= 0):
                return True
        return False

    def hold(self, needs, box, strictly=False):
        return all(
            (s.keys() <= {k for x in self.positive for k in variable(x)} and min(s.values()) > 0)
            or self.by_range(s, box, strict or strictly) for s, strict in needs
        )  # fmt: skip

    def shows(self, form, s, box, strict, smooth):
        """Whether a form shows s >= 0 (or > 0) on the box."""
        if form == ["zero"]:
            return not s and not strict
        if form == ["range"]:
            return self.by_range(s, box, strict)
        s, derive = cleared(s)[1], self.algebra.derivative
        if strict or (not smooth and form[0] != "end"):
            return False
        if form == ["mean"]:
            low = sum_range(s, {x: ((a + b) / 2,) * 2 for x, (a, b) in box.items()})[0]
            for x, (a, b) in box.items():
                low -= max(map(abs, sum_range(derive(s, x), box, self))) * (b - a) / 2
            return low >= 0
        at = lambda g, x, place: (  # noqa: E731
            (g, {**box, x: (place, place)})
            if place.denominator > 4096
            else (self.algebra.put(g, {x: number(place)}), box)
        )
        name, x, *order, forms = form
        if name == "concave":
            parts = [at(s, x, place) for place in box[x]]
            parts.append((add({}, derive(derive(s, x), x), -1), box))
        else:
            e, m = order
            if name != "end" or m not in (1, 2, 3) or (m > 1 and not smooth):
                return False
            parts, g = [], s
            for _ in range(m):
                parts.append(at(g, x, box[x][e]))
                g = add({}, derive(g, x), -1 if e else 1)
            parts.append((g, box))
        return len(forms) == len(parts) and all(
            self.shows(f, g, b, False, smooth) for f, (g, b) in zip(forms, parts, strict=True)
        )


class Rejected(Exception):
    """What the certificate says is not so."""


# -- the domain ----------------------------------------------------------------------------------
def parameters(tree):
    """The ends of the parameters in a tree."""
    if tree[0] in ("real", "integer"):
        return {tree[1]: tree[2:]}
    found = {}
    for a in tree[1:]:
        found |= parameters(a) if isinstance(a, list) else {}
    return found


def rational(tree):
    """Whether a tree is a rational function as it stands: a root of a square would hide a sign."""
    if tree[0] == "^":
        return tree[2][0] == "num" and Q(tree[2][1]).denominator == 1 and rational(tree[1])
    return tree[0] in ("num", "const", "real", "integer", "symbol") or (
        tree[0] in ("+", "-", "*", "/", "neg") and all(map(rational, tree[1:]))
    )


class Domain:
    """The numbers of a certificate, and how its cubes map onto them."""

    def __init__(self, data):
        self.constants, tree = data["constants"], data["tree"]
        self.conditions = tree["when"] + data["facts"]
        self.numbers, self.box = data["numbers"], data["box"]
        known = [["all", tree["relation"], *self.conditions]]
        self.own = parameters(known[0])
        raw = {k: variable(k) for k in self.numbers}
        self.ends = {}
        for k, n in self.numbers.items():
            for side in ("low", "high"):
                end = n[side]
                if end is not None:
                    bound = Algebra().read(end["bound"], raw, {})
                    self.ends[k, side] = bound, end["strict"]
        self.positive = {
            k for (k, side), (b, strict) in self.ends.items()
            if side == "low" and (x := constant(b)) is not None and (x > 0 or (strict and not x))
        }  # fmt: skip
        for (k, side), (bound, strict) in self.ends.items():
            if not self.justified(k, side, bound, strict, raw):
                raise Rejected(f"the {side} end of {k} follows from no condition")

    def difference(self, relation, values, algebra):
        """What is >= 0 (> 0 where the second is True) where an inequality holds."""
        sign, *sides = relation
        left, right = (algebra.read(t, values, self.constants) for t in sides)
        s = add(left, right, -1) if sign in (">", ">=") else add(right, left, -1)
        return s, sign in ("<", ">")

    def justified(self, k, side, bound, strict, raw):
        x = constant(bound)
        own = self.own.get(k, ["1", None] if k in ("n", "d") else ["0", None])
        place = 0 if side == "low" else 1
        given = [own[place], *([self.box[k][place]] if k in self.box else [])]
        if x is not None and not strict and any(g is not None and Q(g) == x for g in given):
            return True
        for relation in self.conditions:
            algebra = Algebra()
            if not all(map(rational, relation[1:])) or relation[0] == "==":
                continue
            s, more = self.difference(relation, raw, algebra)
            slope = algebra.derivative(
                s, k
            )  # the condition is slope (k - bound), slope > 0 or < 0
            if len(slope) != 1 or (strict and not more):
                continue
            (((powers, arg), c),) = slope.items()
            names = {a[1] if a[0] == "v" else None for a, _ in powers}
            needed = {a[1] for t, _ in algebra.needs for key in t for a, _ in key[0]}
            if arg or k in names or not names | needed <= self.positive:
                continue
            if (c > 0) == (side == "low") and not algebra.put(s, {k: bound}):
                return True
        return False

    def places(self, starts):
        """Every (fixed, least, pieces) that the domain takes."""
        wholes = [
            k for k, n in self.numbers.items()
            if n["kind"] == "integer" and n["low"] and constant(self.ends[k, "low"][0]) is not None
        ]  # fmt: skip
        ranges = {}
        for k in wholes:
            (a, strict), (b, less) = (self.ends.get((k, s), ({}, False)) for s in ("low", "high"))
            a, b = constant(a), constant(b) if (k, "high") in self.ends else None
            a = math.floor(a) + 1 if strict else math.ceil(a)
            b = None if b is None else math.ceil(b) - 1 if less else math.floor(b)
            ranges[k] = a, b
        running = [k for k in wholes if ranges[k][1] is None or ranges[k][1] - ranges[k][0] >= 300]
        few = [k for k in wholes if k not in running]
        self.ranges = ranges

        def begun(fixed, names):
            if not names:
                yield from pieces(fixed, {})
                return
            begin = starts.pop(0)
            if type(begin) is not int or not ranges[names[0]][0] <= begin < 10**6:
                raise Rejected("a start is none")
            yield from pieces(fixed, {names[0]: begin, **{k: ranges[k][0] for k in names[1:]}})
            for value in range(ranges[names[0]][0], begin):
                yield from begun({**fixed, names[0]: value}, names[1:])

        def pieces(fixed, least):
            rest = [k for k in self.numbers if k not in fixed and k not in least]
            for js in itertools.product(*(range(self.count(k)) for k in rest)):
                yield fixed, least, dict(zip(rest, js, strict=True))

        for values in itertools.product(*(range(ranges[k][0], ranges[k][1] + 1) for k in few)):
            yield from begun(dict(zip(few, values, strict=True)), running)

    def count(self, k):
        low, high = (self.ends.get((k, side)) for side in ("low", "high"))
        if low is None and high is None:
            return 4
        c = constant(low[0]) if low is not None else None
        return 1 if (low and high) or (c is not None and c > 0) else 2

    def part(self, fixed, least, pieces):
        """The cube of a place, with the values of the numbers."""
        algebra, values, part = Algebra(), {}, None
        part = Part(algebra, set())
        part.variables = []

        def new(k, is_open):
            part.variables.append(k)
            part.positive |= {k} if is_open else set()
            return variable(k)

        far = lambda k: algebra.power(new(k, True), Q(-1))  # noqa: E731
        for k in self.numbers:
            low, high = (self.ends.get((k, side)) for side in ("low", "high"))
            low, high = (e and (algebra.put(e[0], values), e[1]) for e in (low, high))
            if k in fixed:
                values[k] = number(fixed[k])
            elif k in least:
                start, most = least[k], self.ranges[k][1]
                if most is not None:
                    values[k] = add(number(start), new(k, False), Q(most - start))
                else:
                    x = far(k)
                    values[k] = mul(number(start), x) if start > 0 else add(number(start - 1), x)
            elif low and high:
                width = add(high[0], low[0], -1)
                part_of = mul(new(k, not low[0] and low[1]), width) if width else {}
                values[k] = add(low[0], part_of)
            elif not low and not high:
                x = far(k) if pieces[k] >= 2 else new(k, False)
                values[k] = add({}, x, -1 if pieces[k] % 2 else 1)
            else:
                (end, strict), sign = (low, 1) if low else (high, -1)
                c = constant(end) if low else None
                if pieces[k] == 1 or (c is not None and c > 0):
                    x = far(k)
                    scale = c if c is not None and c > 0 else sign
                    values[k] = add({} if c is not None else end, x, scale)
                else:
                    width = sign if c is None else 1 - c
                    values[k] = add(end, new(k, strict and not end), width)
        return part, values


# -- leaves ---------------------------------------------------------------------------------------
def goals(algebra, left, right, strict):
    """Sums that are >= 0 where left <= right (> 0 where left < right), each with what it needs."""
    rest = cleared(add(right, left, -1))[1]
    yield add(right, left, -1), []
    pairs = [(left, right)]
    if len(rest) == 2 and not strict:  # a common factor may be 0
        (k, c), (m, e) = sorted(rest.items(), key=lambda item: item[1])
        pairs += [({k: -c}, {m: e})] if c < 0 < e else []
    for a, b in pairs:
        algebra.needs = []
        try:
            yield add(algebra.log(b), algebra.log(a), -1), algebra.needs
        except NoValue:
            continue


def leaf_holds(part, box, leaf, sides, strict, needs, conditions):
    """Whether what a leaf says shows the inequality on its box."""
    if len(leaf) != 1 or len(leaf[0]) < 2:
        return False
    kind, k, *rest = leaf[0]
    if kind == "outside":
        s, _, more = conditions[k]
        lead, s = cleared(s)
        high = sum_range(s, box, part)[1]
        return part.never_0(lead, box) and part.hold(more, box) and high is not None and high < 0
    if kind != "goal" or not part.hold(needs, box):
        return False
    for s, more in part.goals:
        if not strict:  # where a variable is 0 by continuity
            more = [n for n in more if not is_variable(n[0])]
        smooth = part.hold([n for n in (*needs, *more) if not is_variable(n[0])], box, True)
        try:
            if part.hold(more, box) and part.shows(rest[0], s, box, strict, smooth):
                return True
        except NoValue:
            continue
    return False


def is_variable(s):
    return len(s) == 1 and all(a[0] == "v" for key in s for a, _ in key[0])


def halved(text, names):
    """The boxes of a tree's leaves."""
    bits = "".join(f"{byte:08b}" for byte in base64.b64decode(text, validate=True))
    width, place = max(len(names) - 1, 0).bit_length(), 0
    stack = [{k: (Q(0), Q(1)) for k in names}]
    while stack:
        box = stack.pop()
        split, place = bits[place], place + 1
        if split == "0":
            yield box
            continue
        x = names[int("0" + bits[place : place + width], 2)]
        place += width
        (a, b), middle = box[x], sum(box[x]) / 2
        stack += [{**box, x: (middle, b)}, {**box, x: (a, middle)}]
    if len(bits) - place >= 8 or "1" in bits[place:]:
        raise Rejected("something follows a tree")


def check(data, sample, rng):
    """How many leaves were checked, of how many."""
    whole = {k: v for k, v in data.items() if k != "digest"}
    statement = {k: data[k] for k in ("tree", "constants")}
    for part, name in ((whole, "digest"), (statement, "statement")):
        text = json.dumps(part, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() != data[name]:
            raise Rejected(f"the digest {name!r} is another one")
    if data["kind"] != "scalar" or any(c["lemmas"] for c in data["covers"]):
        raise OutOfReach("lemmas on functions of |x|")
    domain, work = Domain(data), []
    sign, left, right = data["tree"]["relation"]
    left, right = (right, left) if sign in (">", ">=") else (left, right)
    strict, starts = sign in ("<", ">"), list(data["starts"])
    places = list(domain.places(starts))
    if starts or len(places) != len(data["covers"]) or sign not in ("<", ">", "<=", ">="):
        raise Rejected("the covers are not those of the domain")
    for place, cover in zip(places, data["covers"], strict=True):
        if list(place) != [cover[k] for k in ("fixed", "least", "pieces")]:
            raise Rejected("a cover is of another place")
        part, values = domain.part(*place)
        algebra, conditions = part.algebra, []
        for relation in domain.conditions:
            algebra.needs = []
            try:
                conditions.append((*domain.difference(relation, values, algebra), algebra.needs))
            except NoValue:
                continue
        algebra.needs = []
        sides = [algebra.read(t, values, domain.constants) for t in (left, right)]
        needs = algebra.needs
        part.goals = list(goals(algebra, *sides, strict))
        boxes = list(halved(cover["tree"], part.variables))
        if len(boxes) != len(cover["leaves"]):
            raise Rejected("a tree has another number of leaves")
        for box, leaf in zip(boxes, cover["leaves"], strict=True):
            work.append((part, box, leaf, sides, strict, needs, conditions))
    chosen = work if sample is None else rng.sample(work, min(sample, len(work)))
    for one in chosen:
        if not leaf_holds(*one):
            raise Rejected(f"a leaf is not confirmed: {one[1]}, {one[2]}")
    return len(chosen), len(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--sample", type=int, metavar="N", help="leaves to draw; all if not given")
    parser.add_argument("--seed", type=int, default=0)
    options, status = parser.parse_args(), 0
    for name in options.files:
        with open(name, encoding="utf-8") as file:
            data = json.load(file)
        try:
            done, all_of = check(data, options.sample, random.Random(options.seed))
            print(f"{name}: confirmed, {done} of {all_of} leaves: {data['text']}")
        except OutOfReach as error:
            print(f"{name}: OUT OF REACH, `gembounds verify` checks it: {error}")
            status = status or 3
        except (Rejected, NoValue, ValueError, LookupError, TypeError, AttributeError) as error:
            print(f"{name}: REJECTED: {error}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
