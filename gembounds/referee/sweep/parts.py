"""Chunks as Parquet files: a row for each configuration that matters, each bin, each outcome.

``kind`` is "refuted", "nearest" or "undecided", with ``margin``, ``log10_ratio`` and ``point``;
"bin", with the bin's ``low`` end and a ``count``; "outcome", with its ``name`` and a ``count``.
``paper``, ``claim``, ``strand`` and ``round`` say of which chunk. The file's own digest is in its
metadata.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from gembounds.referee.sweep.tally import EDGES, KINDS
from gembounds.tools.chains import Kept, Result, plain
from gembounds.tools.errors import InputError
from gembounds.tools.files import make_folder, read_file, write_file

CHUNK = {"paper": "string", "claim": "string", "strand": "int32", "round": "int32"}
ROW = {"kind": "string", "name": "string", "low": "double", "count": "int64", "margin": "double",
       "log10_ratio": "double", "point": "string"}  # fmt: skip

FOLDER, SUFFIX = "parts", ".parquet"


class Parts(Kept):
    """The chunks of a sweep, below ``directory``."""

    def load(self, name: str) -> Result | None:
        """The chunk, None where there is none; :class:`InputError` for a damaged one."""
        path = self.path(name)
        try:
            data = read_file(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from None
        return decoded(data, name, path)

    def store(self, name: str, result: Result) -> Result:
        make_folder(self.directory)
        write_file(self.path(name), encoded(result, name))
        return plain(result)

    def path(self, name: str) -> Path:
        return self.directory / f"{name}{SUFFIX}"


def encoded(result: Result, name: str) -> bytes:
    """The Parquet file of a chunk."""
    pa, parquet = arrow()
    rows = [{"kind": "outcome", "name": k, "count": x} for k, x in result["outcomes"].items()]
    rows += [
        {"kind": "bin", "low": EDGES[k - 1] if k else None, "count": x} for k, x in result["bins"]
    ]
    for kind in KINDS:
        rows += [{"kind": kind, "margin": m, "log10_ratio": r, "point": p}
                 for m, r, p in result[kind]]  # fmt: skip
    schema = pa.schema({**CHUNK, **ROW}.items()).with_metadata(
        {"owner": name, "digest": _digest(result, name)}
    )
    table = pa.Table.from_pylist([{**result["chunk"], **row} for row in rows], schema=schema)
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def decoded(data: bytes, name: str, path: Path) -> Result:
    pa, parquet = arrow()
    try:
        table = parquet.read_table(pa.BufferReader(data))
        given = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
        result = _result(table.to_pylist())
    except (pa.ArrowException, OSError, ValueError, KeyError, IndexError, TypeError):
        given, result = {}, {}
    if given.get("owner") != name or given.get("digest") != _digest(result, name):
        raise InputError(f"{path}: is a damaged part; remove it, and its chunk is computed again")
    return result


def arrow() -> tuple[Any, Any]:
    """pyarrow and its Parquet; raises :class:`InputError` where they are not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError("pyarrow is missing: pip install 'gembounds[sweep]'") from None
    return pyarrow, pyarrow.parquet


def _result(rows: list[dict[str, Any]]) -> Result:
    lows = {low: k for k, low in enumerate(EDGES, 1)}
    return {
        "chunk": {k: rows[0][k] for k in CHUNK},
        "outcomes": {r["name"]: r["count"] for r in rows if r["kind"] == "outcome"},
        "bins": [[lows.get(r["low"], 0), r["count"]] for r in rows if r["kind"] == "bin"],
        **{
            kind: [[r["margin"], r["log10_ratio"], r["point"]] for r in rows if r["kind"] == kind]
            for kind in KINDS
        },
    }


def _digest(result: Result, name: str) -> str:
    text = json.dumps(result, sort_keys=True)
    return hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()
