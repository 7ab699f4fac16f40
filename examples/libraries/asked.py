"""What a library's users ask for, judged: the log-density and posteriors along simple families,
weights that are exactly 0, float32, a likelihood that EM must not lower.

Exact values are balls of 300 bits. What the direct formula log w_i - |x - mu_i|^2/2 and a
log-sum-exp may cost in the library's arithmetic, unit roundoff u, is allowed (derived as in
``gembounds.conform.tolerance``): with B = max |x - mu_i|^2/2 + max|log w_i| + d, at most
u ((d + 8) B + n + 32) of a log-density, and the factor exp of twice that of a posterior. Beyond it
a value is wrong.
"""

import itertools
import math
import warnings

import numpy as np
from flint import arb, ctx

BITS = 300
UNIT = {"float64": 2.0**-53, "float32": 2.0**-24}


def families():
    """Family, what its parameter is, and (parameter, means, weights, x) from tame to wild."""
    pair, half = np.array([[-1.0], [1.0]]), np.array([0.5, 0.5])
    powers = (1, 2, 3, 4, 6, 8)
    tiny = (3, 9, 15, 16, 17, 30, 100, 300)
    return [
        ("x far away", "|x|", [(x, pair, half, np.array([[float(x)]]))
                               for x in (1, 10, 38, 40, 100, 1000, 10**6)]),
        ("means and x share a shift", "shift",
         [(f"1e{k}", np.array([[-0.7], [0.9]]) + 10.0**k, half, np.array([[10.0**k + 0.3]]))
          for k in powers]),
        ("means far apart", "distance", [(g, pair * g / 2, half, np.array([[0.25]]))
                                         for g in (1, 10, 100, 1000)]),
        ("a tiny weight", "weight", [(f"1e-{k}", pair, np.array([10.0**-k, 1 - 10.0**-k]),
                                      np.array([[0.5]])) for k in tiny]),
        ("many dimensions", "d", [(d, np.vstack([np.zeros(d), np.full(d, d**-0.5)]), half,
                                   np.full((1, d), 0.5)) for d in (1, 10, 100, 1000)]),
        ("a weight of 0", "where", [("first", pair, np.array([0.0, 1.0]), np.array([[0.5]])),
                                    ("last", pair, np.array([1.0, 0.0]), np.array([[0.5]])),
                                    ("first, x far", pair, np.array([0.0, 1.0]),
                                     np.array([[-40.0]]))]),
    ]  # fmt: skip


def exact(means, weights, x):
    """log p(x) and the posteriors, as balls."""
    ctx.prec = BITS
    logs = []
    for mean, weight in zip(means, weights, strict=True):
        square = sum((arb(float(a)) - arb(float(b))) ** 2 for a, b in zip(x, mean, strict=True))
        logs.append(None if weight == 0 else arb(float(weight)).log() - square / 2)
    top = max((v for v in logs if v is not None), key=lambda v: float(v.mid()))
    parts = [arb(0) if v is None else (v - top).exp() for v in logs]
    total = sum(parts, arb(0))
    half = (2 * arb.pi()).log() * len(x) / 2
    return top + total.log() - half, [p / total for p in parts]


def allowed(means, weights, x, unit):
    """What rounding may cost a log-density."""
    n, d = means.shape
    known = weights[weights > 0]
    reach = np.linalg.norm(means - x, axis=1).max()
    size = reach**2 / 2 + np.abs(np.log(known)).max() + d
    return unit * ((d + 8) * size + n + 32)


def judged(core):
    """Rows: family, parameter, function, digits, whether it is right, and what was seen."""
    out = []
    for family, parameter, cases in families():
        for at, means, weights, x in cases:
            value, shares = exact(means, weights, x[0])
            common = {"family": family, "parameter": parameter, "at": str(at),
                      "means": means.tolist() if means.shape[1] < 5 else f"n = 2, d = {at}",
                      "weights": weights.tolist(),
                      "x": x[0].tolist() if x.shape[1] < 5 else "1/2, ..., 1/2"}  # fmt: skip
            room = allowed(means, weights, x[0], UNIT["float64"])
            out.append(
                {
                    **common,
                    "function": "log_prob",
                    **_compared(core.log_prob, (x, means, weights), [value], [room]),
                }
            )
            rooms = [math.expm1(min(700.0, 2 * room)) * float(s.mid()) + 1e-280 for s in shares]
            out.append(
                {
                    **common,
                    "function": "psi",
                    **_compared(core.psi, (x, means, weights), shares, rooms, True),
                }
            )
            single = getattr(core, "log_prob_single", None)
            if single is not None:
                rounded = [np.asarray(a, np.float32) for a in (x, means, weights)]
                value, _ = exact(rounded[1], rounded[2], rounded[0][0])
                room = allowed(
                    rounded[1].astype(float),
                    rounded[2].astype(float),
                    rounded[0][0].astype(float),
                    UNIT["float32"],
                )
                out.append(
                    {
                        **common,
                        "function": "log_prob, float32",
                        **_compared(single, (x, means, weights), [value], [room]),
                    }
                )
    return out  # fmt: skip


def _compared(function, arguments, values, rooms, relative=False):
    """Digits of the worst entry, what was found there and what is exact."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = np.asarray(function(*arguments), float).reshape(-1)
        except Exception as error:  # noqa: BLE001 - whatever a library raises is what we report
            return {
                "digits": 0.0,
                "right": False,
                "found": f"{type(error).__name__}: {error}"[:200],
                "exact": [v.str(17, radius=False) for v in values],
                "warned": "",
            }
    ctx.prec = BITS
    digits, right = 17.0, True
    for one, value, room in zip(found, values, rooms, strict=True):
        if not math.isfinite(one):
            digits, right = 0.0, False
            continue
        error = float(abs(arb(float(one)) - value).mid())
        size = float(abs(value).mid()) if relative else max(1.0, float(abs(value).mid()))
        right = right and bool(error <= room)
        if error > 1e-290:
            digits = min(digits, max(0.0, -math.log10(error / size)) if size else 0.0)
    return {"digits": round(digits, 1), "right": bool(right), "found": [float(v) for v in found],
            "exact": [v.str(17, radius=False) for v in values],
            "warned": str(told[0].message)[:120] if told else ""}  # fmt: skip


def monotone(core, steps=40):
    """Whether the library's own EM ever lowers the log-likelihood of its data, and by how much:
    evaluated in balls at the parameters after each step."""
    run = getattr(core, "em_run", None)
    if run is None:
        return None
    rng = np.random.default_rng(0)
    data = np.concatenate([rng.normal(-2, 1, 60), rng.normal(1, 0.5, 60)])[:, None]
    ctx.prec = BITS
    values = []
    for weights, means, variances in run(data, np.array([[-1.0], [0.5], [2.0]]), steps):
        total = arb(0)
        for x in data[:, 0]:
            parts = (
                _density(float(x), float(w), float(m), float(v))
                for w, m, v in zip(weights, np.ravel(means), np.ravel(variances), strict=True)
            )
            total += sum(parts, arb(0)).log()
        values.append(total / len(data))
    falls = [float((a - b).mid()) for a, b in itertools.pairwise(values) if a > b]
    return {"steps": steps, "falls": len(falls), "worst": max(falls, default=0.0)}


def _density(x, weight, mean, variance):
    """w N(x; m, v), a ball."""
    square = (arb(x) - arb(mean)) ** 2
    return arb(weight) * (-square / (2 * arb(variance))).exp() / (2 * arb.pi() * variance).sqrt()
