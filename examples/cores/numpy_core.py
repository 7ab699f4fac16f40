"""A core in plain NumPy: posteriors by log-sum-exp, expectations by the trapezoidal rule.

The mixture is sum_i w_i N(mu_i, I) in R^d and x ~ N(0, I). psi depends on x only through the span
of the differences of the means, so the rule runs over that span's r principal axes. Integrands
are analytic and fall like a Gaussian around their one mode, which is where the trapezoidal rule
converges exponentially: 1e-12 with some ten nodes a unit of length and axis.

Nothing here imports gembounds. ``gembounds conform examples.cores.numpy_core`` judges it.
"""

import numpy as np

rtol = 1e-10
max_rank = 3
max_norm = dict.fromkeys(("loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step"), 20.0)
"""Declared: the accuracy, how many dimensions the differences of the means may span, and how long
they may be where an expectation is taken: further apart, the nodes of a plane are too many."""

ERROR = 1e-12
"""Error of the rule relative to an integral; less for close means, whose loss is small."""

REACH = 8.5
"""Nodes this far beyond the modes: the Gaussian has fallen by exp(-36)."""

NEVER = -690.0
"""Logarithm below which a component's part of the density is not float64's any more."""

MAX_NODES = 5_000_000
"""Where more would be needed, components of less than exp(-40) of the density lose digits first,
then steps grow and all do: means 60 apart in two dimensions, 20 in three."""

COMMON = -40.0


def psi(x, means, weights):
    """psi_i(x_k) = w_i exp(-|x_k - mu_i|^2/2) / sum_j w_j exp(-|x_k - mu_j|^2/2): x (m, d) to
    (m, n).

    Logits are taken relative to the largest one's component b, as half of <mu_i - mu_b,
    (x - mu_i) + (x - mu_b)>, so that what means and x share cancels unrounded.
    """
    x, means, log_w = _plain(x), _plain(means), np.log(_plain(weights))
    rough = x @ means.T - 0.5 * np.sum(means**2, axis=1) + log_w
    best = np.argmax(rough, axis=1)
    logits = np.empty_like(rough)
    for b in np.unique(best):
        rows = best == b
        gap, beyond = means - means[b], x[rows] - means[b]
        for i in range(len(means)):
            both = 0.5 * (x[rows] - means[i]) + 0.5 * beyond
            logits[rows, i] = both @ gap[i] + (log_w[i] - log_w[b])
    found = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return found / np.sum(found, axis=1, keepdims=True)


def log_prob(x, means, weights):
    """log sum_i w_i N(x_k; mu_i, I), (m,): the differences first, so that what x and the means
    share cancels unrounded."""
    x, means, log_w = _plain(x), _plain(means), np.log(_plain(weights))
    squares = np.stack([np.sum((x - mean) ** 2, axis=1) for mean in means], axis=1)
    logs = log_w - 0.5 * squares
    top = np.max(logs, axis=1)
    total = np.log(np.sum(np.exp(logs - top[:, None]), axis=1))
    return top + total - 0.5 * x.shape[1] * np.log(2 * np.pi)


def overlaps(means, weights):
    """P_ik = E[psi_i psi_k], (n, n)."""
    means, weights = _plain(means), _plain(weights)
    total = np.zeros((len(means), len(means)))
    for kept, log_psi, log_node, _ in _grid(means, weights):
        root = np.exp(log_psi + 0.5 * log_node)  # products stay in range longer than factors
        total[np.ix_(kept, kept)] += root @ root.T
    return total


def gradient(means, weights):
    """grad_i L = sum_k P_ik mu_k, (n, d)."""
    return overlaps(means, weights) @ _plain(means)


def psi_tilde_norm2(means, weights):
    """E|sum_i psi_i mu_i|^2 = sum_ik P_ik <mu_i, mu_k>."""
    means = _plain(means)
    return float(np.sum(overlaps(means, weights) * (means @ means.T)))


def loss(means, weights):
    """L = KL(N(0, I) || mixture) = |c|^2/2 - E log sum_i w_i exp(<y, u_i> - |u_i|^2/2), where
    mu_i = c + u_i with u_i in the span of the differences and c orthogonal to it."""
    means, weights = _plain(means), _plain(weights)
    kept, *_ = _reachable(means, np.log(weights))
    _, c = _coordinates(means[kept])
    minus = sum(np.exp(log_node) @ log_sum for _, _, log_node, log_sum in _grid(means, weights))
    return float(0.5 * np.sum(c**2) - minus)


def em_step(means, weights, eta):
    """mu - eta grad L(mu), (n, d)."""
    return _plain(means) - eta * gradient(means, weights)


def _plain(values):
    return np.ascontiguousarray(values, dtype=np.float64)


def _coordinates(means):
    """Coordinates u (n, r) of the means in the span of their differences, widest axis first,
    and the part c (d,) that all means share orthogonally to it."""
    gaps = means - means[0]
    _, size, axes = np.linalg.svd(gaps, full_matrices=False)
    axes = axes[size > 1e-14 * max(size[0], 1e-300)]
    base = axes @ means[0]
    return gaps @ axes.T + base, means[0] - axes.T @ base


def _grid(means, weights, block=10_000):
    """Blocks of the rule: which components count, their log psi (k, m), logs of the nodes'
    weights (m,) and log S (m,)."""
    kept, modes, heights, u, constant = _reachable(means, np.log(weights))
    axes, count = _axes(u, modes)
    if count > MAX_NODES:
        modes = modes[heights > COMMON]
        axes, count = _axes(u, modes)
    if count > MAX_NODES:
        axes, count = _axes(u, modes, (1.01 * count / MAX_NODES) ** (1 / len(axes)))
    shape = tuple(len(nodes) for nodes, _ in axes)
    for start in range(0, count, block):
        flat = np.arange(start, min(start + block, count))
        places = np.unravel_index(flat, shape) if shape else ()
        logits = np.repeat(constant[:, None], len(flat), axis=1)
        log_node = np.zeros(len(flat))
        for (nodes, log_share), place, col in zip(axes, places, u.T, strict=True):
            logits += np.outer(col, nodes[place])
            log_node += log_share[place]
        top = np.max(logits, axis=0)
        log_sum = top + np.log(np.sum(np.exp(logits - top), axis=0))
        yield kept, logits - log_sum, log_node, log_sum


def _reachable(means, log_w):
    """Components with E psi_i above float64's smallest numbers; modes of their psi_i psi_k phi and
    its logarithm there, their coordinates and their logits at 0. The others would only make
    steps short."""
    kept = np.arange(len(means))
    while True:
        u, _ = _coordinates(means[kept])
        constant = log_w[kept] - 0.5 * np.sum(u**2, axis=1)
        _, heights = _modes(u, constant, np.arange(len(u))[:, None])
        if np.all(heights > NEVER):
            modes, heights = _modes(u, constant, np.stack(np.triu_indices(len(u)), axis=1))
            return kept, modes, heights, u, constant
        kept = kept[heights > NEVER]


def _axes(u, modes, longer=1.0):
    """Nodes and logs of weights for each axis, and how many nodes the grid has."""
    axes = [_axis(np.ptp(c), *_ends(at), longer) for c, at in zip(u.T, modes.T, strict=True)]
    return axes, int(np.prod([len(nodes) for nodes, _ in axes], dtype=float))


def _ends(modes):
    """The stretch of an axis with all that counts; exp(-y^2/2) is 0 beyond 38."""
    low, high = min(np.min(modes), 0.0) - REACH, max(np.max(modes), 0.0) + REACH
    return max(low, -38.0), min(high, 38.0)


def _axis(width, low, high, longer):
    """Nodes of the trapezoidal rule and the logs of their weights, for coordinates of range
    ``width``: the half-width a of the strip of analyticity that makes the step longest."""
    a = np.linspace(0.02, 1, 200)[:-1] * min(np.pi / max(width, 1e-300), 8.0)
    error = ERROR * min(max(width, 0.03), 1.0) ** 2
    bound = 2 * np.exp(a**2 / 2) / (error * np.cos(a * width / 2) ** 2)
    step = longer * np.max(2 * np.pi * a / np.log1p(bound))
    nodes = step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)
    return nodes, -0.5 * nodes**2 + np.log(step / np.sqrt(2 * np.pi))


def _modes(u, constant, groups, steps=60):
    """Modes of phi times the psi_i of each group, (g, r), and the logarithms there, (g,): damped
    Newton steps for y = sum over the group of u_i - psi~(y), the stationary point of a strictly
    concave function. ``groups`` is (g, p): psi_i alone, or pairs."""
    size = groups.shape[1]
    pull, start = np.sum(u[groups], axis=1), np.sum(constant[groups], axis=1)

    def height(y):
        logits = y @ u.T + constant
        top = np.max(logits, axis=1)
        part = np.exp(logits - top[:, None])
        total = np.sum(part, axis=1)
        own = np.sum(y * (pull - 0.5 * y), axis=1) + start
        return own - size * (top + np.log(total)), part / total[:, None]

    y = np.zeros_like(pull)
    value, part = height(y)
    for _ in range(steps):
        centre = part @ u
        spread = np.einsum("pi,ij,ik->pjk", part, u, u) - centre[:, :, None] * centre[:, None]
        slope = pull - size * centre - y
        move = np.linalg.solve(np.eye(u.shape[1]) + size * spread, slope[:, :, None])[:, :, 0]
        gain = 0.01 * np.sum(slope * move, axis=1)
        scale = np.ones(len(y))
        for _ in range(30):
            tried = y + scale[:, None] * move
            new, new_part = height(tried)
            worse = new < value + scale * gain
            if not np.any(worse):
                break
            scale[worse] /= 4
        better = new >= value
        y[better], value[better], part[better] = tried[better], new[better], new_part[better]
        if np.max(np.abs(move), initial=0.0) < 1e-3:
            break
    return y, value
