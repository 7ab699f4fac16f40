"""Files of claims: what is read from them, which targets name what, what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gembounds.statements import library
from gembounds.tools.errors import InputError
from tests.command_line import run

HEAD = "import gembounds as gb\nfrom gembounds.statements import *\n"

TWO = """CLAIMS = (
    gb.Claim("b.1", mean_square <= mu_max**2),
    gb.Claim("b.2", L <= Y / 2, source="convexity"),
    gb.Claim("a", mean_square <= mu_max**2 / 2, expect="refuted"),
)
"""


def write(folder: Path, text: str, name: str = "lemmas.py") -> Path:
    path = folder / name
    path.write_text(HEAD + text)
    return path


def ids(*targets: object) -> list[str]:
    return [claim.id for claim in library.select([str(t) for t in targets])]


def test_targets_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, TWO)
    assert ids(path) == ["a", "b.1", "b.2"]
    assert ids(f"{path}:a") == ["a"]
    assert ids(f"{path}:b") == ["b.1", "b.2"]
    assert ids(path, "b.2", "a") == ["b.2", "a"]
    assert ids(path, "a", f"{path}:a") == ["a"]
    other = write(tmp_path, 'CLAIMS = [gb.Claim("a", L >= 0)]', "more.py")
    assert ids(path, other) == ["a", "b.1", "b.2", "a"]
    assert ids(path, "a", other) == ["a", "a"]


def test_ids_after_a_file_belong_to_it_first(tmp_path: Path) -> None:
    path = write(tmp_path, 'CLAIMS = (gb.Claim("theorem-2", L >= 0), gb.Claim("own", L >= 0))')
    (found,) = library.select([str(path), "theorem-2"])
    assert found.home == str(path)
    assert library.paper_of(found) is None
    assert library.certificates_of(found) == tmp_path / "lemmas.certificates"


def test_unknown_targets(tmp_path: Path) -> None:
    path = write(tmp_path, TWO)
    with pytest.raises(InputError, match=r"unknown claim 'b\.3' in lemmas\.py: did you mean b\."):
        ids(f"{path}:b.3")
    with pytest.raises(InputError, match=r"unknown claim 'nothing' in lemmas\.py"):
        ids(path, "nothing")
    with pytest.raises(InputError, match=r"none\.py: no such file; give a Python file"):
        ids(tmp_path / "none.py")


def test_a_file_may_import_what_is_beside_it_and_its_output_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "beside_it.py").write_text("from gembounds.statements import L, Y\nHALF = Y / 2\n")
    text = 'from beside_it import HALF\nprint("hello")\nCLAIMS = (gb.Claim("a", L <= HALF),)'
    path = write(tmp_path, text)
    status, out, err = run(capsys, "list", str(path))
    assert (status, err) == (0, "")
    assert out.split() == ["a", "stated", "-", "L", "<=", "Y/2"]


MALFORMED = {
    "def x(:": ":3: SyntaxError",
    "import no_such_module": ":3: ModuleNotFoundError: No module named 'no_such_module'",
    "1 / 0": ":3: ZeroDivisionError",
    "raise SystemExit(0)": ":3: SystemExit",
    "def f():\n    g()\ndef g():\n    return norms[0]\nf()": ":6: TypeError",
    "x = 1": ": has no CLAIMS: give a tuple of gembounds.Claim",
    "CLAIMS = ()": ": CLAIMS is ()",
    'CLAIMS = gb.Claim("a", L >= 0)': ": CLAIMS is ",
    "CLAIMS = (L >= 0,)": ": CLAIMS has L >= 0, which is no gembounds.Claim",
    'CLAIMS = (gb.Claim("a", L >= 0), gb.Claim("a", L >= 1))': "two claims have the id 'a'",
    'CLAIMS = (gb.Claim("a b", L >= 0),)': ":3: a claim's id is 'a b'",
    'CLAIMS = (gb.Claim("../a", L >= 0),)': ":3: a claim's id is '../a'",
    'CLAIMS = (gb.Claim("a"),)': ":3: TypeError",
    'CLAIMS = (gb.Claim("a", L),)': ":3: a: relation is L, no relation",
    'CLAIMS = (gb.Claim("a", 1 <= 2),)': ":3: a: relation is True",
    'CLAIMS = (gb.Claim("a", L == 1),)': ":3: == does not state an equality: write equals(a, b)",
    'CLAIMS = (gb.Claim("a", 0 <= L <= 1),)': ":3: L >= 0 has no truth value",
    'CLAIMS = (gb.Claim("a", max(L, S) <= 1),)': "has no truth value",
    'CLAIMS = (gb.Claim("a", L <= "one"),)': ":3: 'one' does not compare",
    'CLAIMS = (gb.Claim("a", L <= None),)': ":3: a number in a statement is None",
    'CLAIMS = (gb.Claim("a", L <= float("nan")),)': ":3: a number in a statement is nan",
    'CLAIMS = (gb.Claim("a", L <= 10**10000),)': ":3: a number in a statement has more than",
    'CLAIMS = (gb.Claim("a", vector("x") <= 1),)': ":3: x <= 1: a vector does not compare",
    'CLAIMS = (gb.Claim("a", posterior(1) <= 1),)': ":3: posterior(1): give a vector",
    'CLAIMS = (gb.Claim("a", L <= real("t", 1, 0)),)': "give the smaller end first",
    'CLAIMS = (gb.Claim("a", L <= real("t", "x")),)': "the lower end of t is 'x'",
    'CLAIMS = (gb.Claim("a", L <= integer("k", "1/3", "2/3")),)': "no whole number lies between",
    'CLAIMS = (gb.Claim("a", real("t", 0, 1) <= real("t", 0, 2)),)': "two parameters have",
    'CLAIMS = (gb.Claim("a", const("c", 1) * L <= const("c", 2)),)': "the constant 'c' is 1 and 2",
    'CLAIMS = (gb.Claim("a", L >= 0, when=True),)': ":3: a: when is True, no relation",
    'CLAIMS = (gb.Claim("a", L >= 0, when=(n,)),)': ":3: a: when is n, no relation",
    'CLAIMS = (gb.Claim("a", L >= 0, over="lines"),)': ":3: a: over is 'lines': give a Domain",
    'CLAIMS = (gb.Claim("a", L >= 0, expect="true"),)': ":3: a expects 'true': give one",
    'CLAIMS = (gb.Claim("a", L >= 0, form="repaired", repairs="b"),)': "a repairs 'b', which",
}  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_file_is_answered_in_one_line_with_the_place(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, text)
    status, out, err = run(capsys, "check", str(path), "--points", "2", "--jobs", "1")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith(f"gembounds: error: {path}:")
    assert MALFORMED[text] in err


def test_what_is_no_text_is_answered_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lemmas.py"
    path.write_bytes(b"\xff\xfe\x00")
    status, _, err = run(capsys, "list", str(path))
    assert status == 2
    assert err.startswith(f"gembounds: error: {path}") and err.count("\n") == 1


def test_the_words_are_listed_before_they_are_loaded() -> None:
    from gembounds import statements

    assert set(statements.__all__) <= set(dir(statements))
