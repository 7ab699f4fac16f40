"""Which modules get mutants, and which quick tests should kill those of each."""

from __future__ import annotations

FLOAT64 = "tests/evaluators/float64"
BALLS = "tests/evaluators/balls"
HONEST = f"{FLOAT64}/test_honest.py::test_every_enclosure_meets_the_ball"

_float64 = (
    f"{FLOAT64}/test_coarse.py",
    f"{FLOAT64}/test_loss.py",
    f"{HONEST}[3]",
    f"{FLOAT64}/test_sharp.py",
    f"{FLOAT64}/test_errors.py",
    "tests/evaluators/test_far.py",
    f"{HONEST}[11]",
)
_batch = (f"{FLOAT64}/test_batch.py",)
_grids = tuple(f"{FLOAT64}/test_batch_{name}.py" for name in ("grids", "loss", "reduce"))
_balls = (
    f"{BALLS}/test_extremes.py",
    f"{BALLS}/test_coarse.py",
    f"{BALLS}/test_expectations.py",
    f"{BALLS}/test_hermite.py",
    f"{BALLS}/test_pointwise.py",
    f"{FLOAT64}/test_centred.py",
    "tests/evaluators/test_far.py",
    *("-k", "not trap"),  # the trap: two seconds each
)
_evaluate = ("tests/statements/test_evaluate.py", "tests/statements/test_exact.py")
_statements = (
    "tests/statements/test_operations.py",
    "tests/statements/test_tree.py",
    "tests/statements/test_decide.py",
    *_evaluate,
    "tests/statements/test_claim.py",
    *("-k", "not arithmetics"),
)
_slow = (
    "product_changes",
    "gradient_norms",
    "slope_of_loss",
    "mean_norm",
    "no_digit",
    "from_files",
)
_quick = ("-k", " and ".join(f"not {name}" for name in _slow))
_sides = (
    "tests/referee/verify/test_sums.py",
    "tests/referee/verify/test_sides.py",
    "tests/referee/verify/test_confirm.py",
    *_quick,
)
_judge = (
    "tests/conform/test_formulas.py",
    "tests/conform/test_outcomes.py",
    "tests/conform/test_tolerance.py",
    "tests/conform/test_chance.py",
)
_told = (
    "tests/conform/test_outcomes.py",
    "tests/conform/test_formulas.py",
    "tests/conform/test_smaller.py",
    "tests/conform/test_command.py",
    "tests/conform/test_runner.py",
    *("-k", "not plain_numpy and not wrong_core and not no_such_core and not against_an_earlier"),
)

ROOMS: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "gembounds/values": ((), {
        "balls": ("tests/values/test_enclosure.py", "tests/values/test_calculation.py"),
        "exact": ("tests/statements/test_exact.py", "tests/statements/test_evaluate.py",
                  *("-k", "not arithmetics")),
        "rounding": ("tests/values/test_rounding.py",),
        "rule": ("tests/values/test_rule.py",),
    }),
    "gembounds/evaluators/float64": (_float64, {
        "batch": _batch,
        "batch_grids": _grids,
        "batch_groups": _grids,
        "batch_kernel": _grids,
        "batch_loss": (*_grids, f"{FLOAT64}/test_batch_both.py"),
        "batch_plan": _grids,
        "batch_reduce": _grids,
        "batch_rotation": _grids,
        "batch_sums": _batch,
        "batch_tiny": _grids,
        "batch_fourth": (f"{FLOAT64}/test_batch_fourth.py",),
        "batch_two": (*_batch, f"{FLOAT64}/test_coarse.py"),
        "batch_two_plan": (*_batch, f"{FLOAT64}/test_coarse.py"),
        "centred": (f"{FLOAT64}/test_centred.py",),
        "centred_slopes": (f"{FLOAT64}/test_centred_slopes.py", f"{FLOAT64}/test_centred.py"),
        "compiled": (f"{FLOAT64}/test_compiled.py",),
        "coordinates": (f"{FLOAT64}/test_coordinates.py", f"{HONEST}[3]"),
        "errors": (f"{FLOAT64}/test_errors.py", f"{HONEST}[3]"),
        "fourth": (f"{FLOAT64}/test_grid.py", f"{FLOAT64}/test_coarse.py",
                   "tests/dynamics/trajectory/test_hessian.py",
                   "tests/dynamics/trajectory/test_symmetry.py"),
        "grid": (f"{FLOAT64}/test_grid.py", f"{FLOAT64}/test_errors.py", f"{HONEST}[3]"),
        "joint": (f"{FLOAT64}/test_joint.py", f"{FLOAT64}/test_coarse.py",
                  "tests/dynamics/trajectory/test_float.py"),
        "loss": (),
        "overlaps": (),
        "pointwise": (f"{FLOAT64}/test_pointwise.py", f"{BALLS}/test_pointwise.py"),
        "plan": (f"{FLOAT64}/test_plan.py", *_float64, f"{FLOAT64}/test_joint.py", *_batch),
        "principal": (f"{FLOAT64}/test_coordinates.py", f"{HONEST}[3]"),
        "product": (f"{FLOAT64}/test_grid.py", f"{HONEST}[3]"),
        "quantities": (*_float64, f"{FLOAT64}/test_centred.py"),
        "two": (*_float64, *_batch),
    }),
    "gembounds/evaluators/balls": (_balls, {
        "bounds": (f"{BALLS}/test_bounds.py", *_balls),
        "expectations": (f"{BALLS}/test_bounds.py", *_balls),
        "grid": (f"{BALLS}/test_grid.py", *_balls),
        "hermite": (),
        "near": ("tests/evaluators/test_far.py",),
        "peaks": (),
        "plan": (),
        "pointwise": (f"{BALLS}/test_pointwise.py",),
        "quantities": (),
        "radial": (f"{BALLS}/test_radial.py",),
        "rare": (f"{BALLS}/test_odd_part.py",),
        "relative": (f"{BALLS}/test_odd_part.py",),
    }),
    "gembounds/evaluators/reduction": ((), {
        "exact": ("tests/evaluators/reduction/test_exact.py", f"{BALLS}/test_extremes.py",
                  f"{FLOAT64}/test_coordinates.py"),
    }),
    "gembounds/statements": (_statements, {
        "decide": ("tests/statements/test_decide.py", "tests/statements/test_claim.py"),
        "evaluate": (*_evaluate, "tests/statements/test_tree.py"),
        "operations": (),
        "logs": ("tests/statements/test_logs.py",),
    }),
    "gembounds/referee/verify": (_sides, {
        "interval": ("tests/referee/verify/test_interval.py", *_sides),
        "operations": ("tests/statements/test_operations.py", *_sides),
        "sums": (),
    }),
    "gembounds/conform": (_judge, {
        "chance": (), "check": _told, "tally": _told, "tolerance": (), "truth": (),
    }),
}  # fmt: skip
"""A room's tests, and those of modules that have their own."""


def quick_tests() -> dict[str, tuple[str, ...]]:
    """The tests of each file that gets mutants."""
    return {
        f"{room}/{name}.py": own or usual
        for room, (usual, modules) in ROOMS.items()
        for name, own in modules.items()
    }
