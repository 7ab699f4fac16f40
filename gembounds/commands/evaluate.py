"""``gembounds eval FILE``: the population quantities of one mixture."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from gembounds.commands.output import STDOUT, add_json, check_target, write_json
from gembounds.errors import InputError

if TYPE_CHECKING:
    from gembounds.display import Value
    from gembounds.mixture import Mixture

NAME = "eval"
HELP = "population quantities of the mixture in FILE"

QUANTITIES = {
    "loss": "L",
    "gradient": "grad L",
    "psi_tilde_norm2": "E|psi~|^2",
    "overlaps": "E psi_i psi_k",
    "U": "U",
    "mu_max": "mu_max",
    "pi_min": "pi_min",
}
"""Name in :mod:`gembounds.quantities` and in JSON, and how the table calls it."""

MAX_COLUMNS = 6
"""Entries of one row that the table shows."""

DIGITS_PER_BIT = 0.30103
"""log10 of 2."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE",
        help='{"means": [[...], ...], "weights": [...]}; - for standard input',
    )
    parser.add_argument(
        "--evaluator", default="float64", metavar="NAME",
        help="float64 (default) and arb give enclosures, mpmath an estimate, qmc statistics",
    )
    parser.add_argument("--rtol", type=float, help="relative error, for float64")
    parser.add_argument("--bits", type=int, help="relative bits, for arb")
    parser.add_argument("--digits", type=int, help="digits, for mpmath")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate and print; returns 0."""
    file, target = options.file, options.json
    if file is None and target not in (None, STDOUT):
        file, target = target, STDOUT  # "--json FILE": the one name given is the mixture's
    if file is None:
        raise InputError("no FILE: name a JSON file, or - for standard input")
    check_target(target)

    from gembounds.configuration import read_mixture

    mix = read_mixture(file)
    values = _values(mix, options)
    if target is not None:
        write_json(_document(mix, values, options), target)
    if target != STDOUT:
        sys.stdout.write(_table(mix, values, options))
    return 0


def _values(mix: Mixture, options: argparse.Namespace) -> dict[str, Value]:
    from gembounds import quantities
    from gembounds.progress import Progress

    asked = {name: getattr(options, name) for name in ("rtol", "bits", "digits")}
    given = {name: value for name, value in asked.items() if value is not None}
    values: dict[str, Value] = {}
    with Progress(sys.stderr) as progress:
        for k, name in enumerate(QUANTITIES):
            progress(k, len(QUANTITIES), QUANTITIES[name])
            values[name] = getattr(quantities, name)(mix, evaluator=options.evaluator, **given)
    return values


def _digits(options: argparse.Namespace) -> int:
    """Decimal digits to write of balls and estimates."""
    bits = options.bits if options.bits is not None else 64
    return options.digits or max(int(bits * DIGITS_PER_BIT) + 3, 10)


def _document(
    mix: Mixture, values: dict[str, Value], options: argparse.Namespace
) -> dict[str, Any]:
    from gembounds.display import as_json

    document: dict[str, Any] = {"n": mix.n, "d": mix.d, "evaluator": options.evaluator}
    for name, value in values.items():
        document[name] = as_json(value, _digits(options))
    return document


def _table(mix: Mixture, values: dict[str, Value], options: argparse.Namespace) -> str:
    from gembounds.display import entry_texts

    lines = [f"n = {mix.n}, d = {mix.d}, by {options.evaluator}"]
    for name, value in values.items():
        label = QUANTITIES[name]
        if not value.shape:
            lines.append(f"{label:14} {entry_texts(value, _digits(options))[0]}")
            continue
        rows, columns = value.shape
        for i in range(rows):
            texts = entry_texts(value[i, :MAX_COLUMNS], _digits(options))
            more = f"  ... {columns - MAX_COLUMNS} more, see --json" * (columns > MAX_COLUMNS)
            lines.append(f"{label if i == 0 else '':14} {'  '.join(texts)}{more}")
    return "\n".join(lines) + "\n"
