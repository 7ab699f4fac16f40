"""``gembounds eval FILE``: the population quantities of one mixture."""

from __future__ import annotations

import argparse
import math
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from gembounds.commands.output import (
    STDOUT,
    add_data,
    add_json,
    add_mixture,
    check_places,
    mixture_and_target,
    model_and_data,
    named,
    say,
    write_json,
)
from gembounds.evaluators.options import USED_BY, used
from gembounds.tools.errors import InputError
from gembounds.values.numerals import shown

if TYPE_CHECKING:
    from gembounds.values.display import Value
    from gembounds.values.mixture import Mixture

NAME = "eval"
HELP = "population quantities of the mixture in FILE"

QUANTITIES = {
    "loss": "L",
    "gradient": "grad L",
    "psi_tilde_norm2": "E|psi~|^2",
    "overlaps": "E psi_i psi_k",
    "expected_posterior": "E psi_i",
    "U": "U",
    "mu_max": "mu_max",
    "pi_min": "pi_min",
}
"""Name in :mod:`gembounds.evaluators.quantities` and in JSON, and how the table calls it."""

SCALARS = ("U", "mu_max", "pi_min")
"""Exact functions of the parameters: qmc, which has none of its own, takes float64's."""

OPTIONS: dict[str, tuple[type, str]] = {
    "rtol": (float, "relative error"),
    "bits": (int, "relative bits"),
    "digits": (int, "digits"),
    "max_nodes": (int, "largest grid"),
    "samples": (int, "number of points"),
    "failure_probability": (float, "probability that some interval misses"),
    "seed": (int, "seed of the points"),
}

MAX_COLUMNS = 6
"""Entries of one row that the table shows."""

DIGITS_PER_BIT = 0.30103
"""log10 of 2."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_mixture(parser)
    add_data(parser)
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="TEXT",
        help='an expectation beside them, such as "psi[0]*log(psi[1])", of psi[i], x[j], '
        "log_density, entropy; by float64 and arb",
    )
    parser.add_argument(
        "--evaluator",
        default="float64",
        metavar="NAME",
        help="float64 (default) and arb give enclosures, mpmath an estimate, qmc statistics",
    )
    for name, (kind, words) in OPTIONS.items():
        option = "--" + name.replace("_", "-")
        parser.add_argument(option, type=kind, help=f"{words}, for {' and '.join(USED_BY[name])}")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate and print; returns 0."""
    file, target = mixture_and_target(options)
    given = {name: getattr(options, name) for name in OPTIONS}
    given = used(options.evaluator, given, written=lambda name: "--" + name.replace("_", "-"))
    _read(options)
    check_places({"--json": target}, [file, options.data])

    mix, data = model_and_data(file, options.data)
    asked = _asked(mix, data, options, given)
    values = _values(mix, data, options.evaluator, given)
    if target is not None:
        write_json(_document(mix, values, asked, options), target)
    if target != STDOUT:
        say(_table(mix, values | {f"E {text}": x for text, x in asked.items()}, options))
    return 0


def _read(options: argparse.Namespace) -> None:
    """Each ``--expect`` is an expression, before the work."""
    from gembounds.values.expression_text import read_expression

    for text in options.expect:
        with _expected(text):
            read_expression(text)
    if options.expect and options.evaluator not in ("float64", "arb"):
        raise InputError(
            f"--expect does nothing for evaluator {options.evaluator}: leave it out, or choose "
            "--evaluator float64 or arb"
        )


def _asked(
    mix: Mixture, data: Mixture | None, options: argparse.Namespace, given: dict[str, Any]
) -> dict[str, Value]:
    """The expectations of ``--expect``, by text."""
    from gembounds.evaluators.general.expect import expect

    values: dict[str, Value] = {}
    for text in options.expect:
        with _expected(text):
            values[text] = expect(text, mix, data=data, evaluator=options.evaluator, **given)
    return values


def _expected(text: str) -> AbstractContextManager[None]:
    """Errors inside begin with the expectation."""
    return named(f"--expect {shown(text, quote=False)}:")


def _values(
    mix: Mixture, data: Mixture | None, evaluator: str, given: dict[str, Any]
) -> dict[str, Value]:
    from gembounds.evaluators import quantities
    from gembounds.tools.progress import Progress

    values: dict[str, Value] = {}
    with Progress(sys.stderr) as progress:
        for k, name in enumerate(QUANTITIES):
            progress(k, len(QUANTITIES), QUANTITIES[name])
            function = getattr(quantities, name)
            if name in SCALARS:
                exact = {key: given[key] for key in ("bits", "digits") if key in given}
                by = "float64" if evaluator == "qmc" else evaluator
                values[name] = function(mix, evaluator=by, **exact)
            else:
                values[name] = function(mix, data=data, evaluator=evaluator, **given)
    return values


def _digits(options: argparse.Namespace) -> int:
    """Decimal digits to write of a ball."""
    from gembounds.evaluators.options import DEFAULT_BITS

    bits = DEFAULT_BITS if options.bits is None else options.bits
    return max(math.ceil(bits * DIGITS_PER_BIT) + 2, 10)


def _document(
    mix: Mixture, values: dict[str, Value], asked: dict[str, Value], options: argparse.Namespace
) -> dict[str, Any]:
    from gembounds.values.display import as_json

    document: dict[str, Any] = {"n": mix.n, "d": mix.d, "evaluator": options.evaluator}
    for name, value in values.items():
        document[name] = as_json(value, _digits(options))
    if asked:
        document["expect"] = {text: as_json(x, _digits(options)) for text, x in asked.items()}
    return document


def _table(mix: Mixture, values: dict[str, Value], options: argparse.Namespace) -> str:
    from gembounds.values.display import entry_texts

    lines = [f"n = {mix.n}, d = {mix.d}, by {options.evaluator}"]
    for name, value in values.items():
        label = QUANTITIES.get(name, name)
        if not value.shape:
            lines.append(f"{label:14} {entry_texts(value, _digits(options))[0]}")
            continue
        rows, columns = value.shape if len(value.shape) == 2 else (1, *value.shape)
        for i in range(rows):
            row = value[i] if len(value.shape) == 2 else value
            texts = entry_texts(row[:MAX_COLUMNS], _digits(options))
            more = f"  ... {columns - MAX_COLUMNS} more, see --json" * (columns > MAX_COLUMNS)
            lines.append(f"{label if i == 0 else '':14} {'  '.join(texts)}{more}")
    return "\n".join(lines) + "\n"
