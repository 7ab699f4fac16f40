"""The library: unique ids, targets, near misses, files of claims, nothing heavy loaded to list."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gembounds.statements import library
from gembounds.statements.paper import Paper, papers
from gembounds.tools.errors import InputError

PAPER = "xu-fazel-du-2024"

LEMMAS = """
'''Two lemmas.'''
import gembounds as gb
from gembounds.statements import mean_square, mu_max

CLAIMS = (
    gb.Claim("energy", mean_square <= mu_max**2),
    gb.Claim("half", mean_square <= mu_max**2 / 2, expect="refuted"),
)
"""


@pytest.fixture
def lemmas(tmp_path: Path) -> str:
    path = tmp_path / "lemmas.py"
    path.write_text(LEMMAS)
    return str(path)


def ids(*targets: str) -> list[str]:
    return [claim.id for claim in library.select(targets)]


def test_ids_are_in_natural_order_and_describe_themselves() -> None:
    found = list(library.collection(PAPER))
    assert found.index("lemma-9.1") < found.index("lemma-11") < found.index("theorem-14.1")
    for claim in library.collection(PAPER).values():
        assert claim.source and claim.text
        assert "\n" not in claim.text
        assert claim.min_points > 0
        assert claim.home == PAPER and claim.module


def test_every_claim_that_a_proof_uses_may_be_missing_but_not_itself() -> None:
    for claim in library.collection(PAPER).values():
        assert claim.id not in claim.uses


def test_a_statement_selects_its_links_once() -> None:
    chosen = ids("theorem-14", "theorem-14.2", "lemma-17")
    assert chosen == ["theorem-14.1", "theorem-14.2", "lemma-17"]
    assert ids(f"{PAPER}:theorem-14") == chosen[:2]
    assert len(library.select([PAPER])) == len(library.collection(PAPER))
    assert len(library.select()) == sum(len(library.collection(name)) for name in papers())


@pytest.mark.parametrize(
    ("wrong", "near"), [("lemma-1", "lemma-1"), ("theorm-14", "theorem-14.1"), ("eq39c", "eq-39c")]
)
def test_an_unknown_id_names_near_misses(wrong: str, near: str) -> None:
    with pytest.raises(InputError, match=f"unknown claim '{wrong}': did you mean .*{near}"):
        library.select([wrong])
    with pytest.raises(InputError, match=f"unknown claim '{wrong}' in {PAPER}: did you mean"):
        library.select([f"{PAPER}:{wrong}"])


def test_an_id_like_nothing_points_to_the_list() -> None:
    with pytest.raises(InputError, match="gembounds list"):
        library.get("???")


def test_a_repeated_id_and_a_repair_of_nothing_are_errors() -> None:
    claim = library.get("lemma-17")
    with pytest.raises(InputError, match="two claims have the id 'lemma-17'"):
        library.indexed([claim, claim])
    lost = replace(claim, id="lemma-17-repaired", form="repaired", repairs="lemma-0")
    with pytest.raises(InputError, match="repairs 'lemma-0'"):
        library.indexed([claim, lost])


def test_targets_of_a_file(lemmas: str) -> None:
    assert ids(lemmas) == ids(lemmas, "half", "energy")[::-1] == ["energy", "half"]
    assert ids(f"{lemmas}:half") == ids(lemmas, "half") == ["half"]
    assert ids("lemma-17", lemmas, "half") == ["lemma-17", "half"]
    (claim,) = library.select([f"{lemmas}:half"])
    assert library.at(library.ref(claim)) is claim
    assert library.paper_of(claim) is None and claim.home == lemmas
    assert library.certificates_of(claim) == Path(lemmas).with_suffix(".certificates")
    assert library.docstring(lemmas) == "Two lemmas."
    assert library.certificates_of(library.get("lemma-17")) is None
    with pytest.raises(InputError, match=r"unknown claim 'whole' in lemmas\.py: "):
        library.select([lemmas, "whole"])
    with pytest.raises(InputError, match=r"unknown claim 'haif' in lemmas\.py: did you mean half"):
        library.select([f"{lemmas}:haif"])


def test_what_names_claims_is_no_file_to_write_to(lemmas: str) -> None:
    for word in (PAPER, f"{PAPER}:lemma-17", "lemma-17", "theorem-14", lemmas, f"{lemmas}:half"):
        assert library.is_target(word)
    assert library.is_target("lemma-99") and library.is_target("theorm-14")  # to be told so
    assert library.is_target("half", [lemmas]) and not library.is_target("half")
    for word in ("out.json", "lemma-9.json", "lemma-9/out", "./lemma-9", "results-1", "-"):
        assert not library.is_target(word)


BROKEN = {
    "CLAIMS = (": r"broken\.py:1: SyntaxError",
    "import nothing_of_that_name": r"broken\.py:1: ModuleNotFoundError",
    "\n1/0": r"broken\.py:2: ZeroDivisionError",
    "raise SystemExit(3)": r"broken\.py:1: SystemExit: 3",
    "x = 1": "has no CLAIMS",
    "CLAIMS = ()": r"CLAIMS is \(\): give a tuple of gembounds\.Claim",
    "CLAIMS = (1,)": "CLAIMS has 1, which is no gembounds.Claim",
    LEMMAS + "CLAIMS = CLAIMS + CLAIMS": "two claims have the id 'energy'",
    "from gembounds.statements import U, norms, overlaps\n\nU < 1 < 2": r"broken\.py:3: .*chain",
    "from gembounds.statements import U\nU < 'one'": r"broken\.py:2: 'one' does not compare",
    "from gembounds.statements import U, vector\nvector('x') <= U": r"broken\.py:2: .*a vector",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_that_is_none_is_named_with_the_place(text: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(InputError, match=BROKEN[text]):
        library.select([str(path)])


def test_a_file_that_is_not_there_and_one_that_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match="no such file"):
        library.select([str(tmp_path / "none.py")])
    path = tmp_path / "loud.py"
    path.write_text(LEMMAS + "print('hello')")
    assert ids(str(path)) == ["energy", "half"]
    assert capsys.readouterr().out == ""


def test_an_id_of_two_papers_lists_both(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {name: papers()[PAPER] for name in (PAPER, "another")}
    monkeypatch.setattr(library, "papers", lambda: both)
    library.collection.cache_clear()
    try:
        with pytest.raises(InputError, match=f"2 papers: say {PAPER}:lemma-17 or another:lemma"):
            library.select(["lemma-17"])
        assert ids("another:lemma-17") == ["lemma-17"]
    finally:
        library.collection.cache_clear()


def test_a_paper_may_be_one_module(lemmas: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(lemmas).parent))
    paper = Paper(name="short", title="A short one", claims="lemmas")
    assert [(c.id, c.home, c.module) for c in paper.load()] == [
        ("energy", "short", "lemmas"), ("half", "short", "lemmas"),
    ]  # fmt: skip
    assert paper.argument("lemmas") == "Two lemmas."
    monkeypatch.delitem(sys.modules, "lemmas")


def test_listing_claims_loads_no_evaluator() -> None:
    code = (
        f"import sys; from gembounds.statements import library; library.collection({PAPER!r}); "
        "print([m for m in ('flint', 'hypothesis', 'scipy', 'mpmath') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_nothing_is_written_beside_a_file_of_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    place = tmp_path / "lemmas.py"
    place.write_text(
        "import helper\nimport gembounds as gb\nfrom gembounds.statements import L\n"
        'CLAIMS = (gb.Claim("it", L >= 0),)\n'
    )
    (tmp_path / "helper.py").write_text("")
    assert [c.id for c in library.select([str(place)])] == ["it"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["helper.py", "lemmas.py"]
    assert not sys.dont_write_bytecode
