"""The sample of mutants: seeded, stratified, every one a bug in a file that has tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytest.importorskip("mutmut")

from tests.mutants.__main__ import table
from tests.mutants.rooms import quick_tests
from tests.mutants.sample import Source, drawn, shares

ROOT = Path(__file__).resolve().parents[2]


def test_files_and_their_tests_exist() -> None:
    for path, run in quick_tests().items():
        files = [x for x in run if x.startswith("tests/")]
        assert (ROOT / path).is_file() and files
        assert all((ROOT / x.split("::")[0]).exists() for x in files)


def test_a_sample_is_seeded_and_every_mutant_is_another_program() -> None:
    paths = ["gembounds/values/rounding.py", "gembounds/values/rule.py"]
    sources = {path: Source(path, (ROOT / path).read_text()) for path in paths}
    sample = drawn(sources, 20, 7)
    assert sample == drawn(sources, 20, 7) != drawn(sources, 20, 8)
    assert len(set(sample)) == len(sample) >= 19
    only = drawn({paths[1]: sources[paths[1]]}, 12, 7)
    assert [x for x in drawn(sources, 20, 7) if x[0] == paths[1]][:5] == only[:5]
    for path, number in sample:
        mutant = sources[path].mutant(number)
        assert ast.dump(ast.parse(mutant.code)) != ast.dump(ast.parse(sources[path].text))
        assert mutant.change


def test_modules_share_a_sample_by_their_size() -> None:
    found = shares({"a": 1000, "b": 3000, "c": 3, "d": 20}, 400)
    assert found == {"a": 99, "b": 298, "c": 3, "d": 4}


def test_a_table_sums_up_what_was_found() -> None:
    ends = ("killed", "killed", "stopped", "survived")
    kept = {str(i): {"path": "x.py", "end": end} for i, end in enumerate(ends)}
    assert "| x.py | 4 | 2 | 1 | 1 |\n| all | 4 | 2 | 1 | 1 |" in table(kept)
