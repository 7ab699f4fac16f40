"""Points at which one number grows from tame to wild, for the judge."""


def families():
    """Family, what its number is, and (number, point) one after the other."""
    pair, half = [[-1.0], [1.0]], [0.5, 0.5]

    def at(means, weights, x):
        return {"means": means, "weights": weights, "x": [x], "salt": 0}

    def spread(d):
        return at([[0.0] * d, [d**-0.5] * d], half, [0.5] * d)

    return [
        ("x far away", "|x|", [(f"{x:g}", at(pair, half, [float(x)]))
                               for x in (1, 10, 38, 40, 100, 1000, 10**6)]),
        ("means and x share a shift", "shift",
         [(f"1e{k}", at([[10.0**k - 0.7], [10.0**k + 0.9]], half, [10.0**k + 0.3]))
          for k in (1, 2, 3, 4, 6, 8)]),
        ("means far apart", "distance", [(str(g), at([[-g / 2], [g / 2]], half, [0.25]))
                                         for g in (1, 10, 100, 1000)]),
        ("a tiny weight", "weight", [(f"1e-{k}", at(pair, [10.0**-k, 1 - 10.0**-k], [0.5]))
                                     for k in (3, 9, 15, 16, 17, 30, 100, 300)]),
        ("many dimensions", "d", [(str(d), spread(d)) for d in (1, 10, 100, 1000)]),
        ("a weight of 0", "where", [("first", at(pair, [0, 1], [0.5])),
                                    ("last", at(pair, [1, 0], [0.5])),
                                    ("first, x far", at(pair, [0, 1], [-40.0]))]),
    ]  # fmt: skip
