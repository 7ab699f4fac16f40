"""The whole command in small: files, resuming, the same bytes."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gembounds.cli import main
from gembounds.papers.xu_fazel_du_2024 import experiments
from gembounds.papers.xu_fazel_du_2024.figures import plan, units
from gembounds.papers.xu_fazel_du_2024.figures.run import KEPT, draw, figures
from gembounds.tools.errors import InputError

TINY = replace(
    plan.QUICK, right_steps=2, dimensions=(1, 2, 3), sizes=(100, 200, 300), runs=3, plain_runs=1
)
ONLY = ["fig1_right", "fig2_left", "fig2_right"]


class Stop(Exception):
    pass


def small(patch: pytest.MonkeyPatch) -> None:
    """Two runs of each weight vector: a step of one takes 350,000 samples."""
    patch.setattr(plan, "QUICK", TINY)
    patch.setattr(experiments, "RUNS", 2)


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """The files of a run that was interrupted once, then resumed, with two processes."""
    out = tmp_path_factory.mktemp("resumed")
    seen = []

    def stop(done: int, total: int, _: str) -> None:
        if done == 4:
            raise Stop

    def count(done: int, total: int, _: str) -> None:
        seen.append((done, total))

    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        with pytest.raises(Stop):
            figures(out, only=ONLY, quick=True, jobs=2, progress=stop)
        kept = list((out / KEPT).iterdir())
        assert len(kept) >= 4 and len(list(out.iterdir())) == 1
        (out / KEPT / "0123.json").write_text("half a un")
        (out / KEPT / ".0123.json.1.00aa00aa.part").write_text("hal")
        (out / ".fig2_left.csv.1.00aa00aa.part").write_text("ha")
        assert figures(out, only=ONLY, quick=True, jobs=2, progress=count) == ONLY
    assert seen[0][0] >= 4 and seen[-1][0] == seen[-1][1]
    yield contents(out)


def test_one_process_without_a_break_gives_the_same_bytes(
    made: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    figures(tmp_path, only=ONLY, quick=True, jobs=1)
    found = contents(tmp_path)
    assert sorted(found) == sorted(made)
    assert not [name for name in found if found[name] != made[name]]


def test_each_figure_has_its_files_and_no_unit_is_left(made: dict[str, bytes]) -> None:
    kinds = {f"{name}.{kind}" for name in ONLY for kind in ("csv", "json", "png", "svg")}
    assert set(made) == kinds | {"fig2_right_runs.csv", "figures.md"}
    assert made["fig2_left.png"].startswith(b"\x89PNG")
    page = made["figures.md"].decode()
    assert all(f"({name}.png)" in page for name in ONLY)
    for name in ONLY:
        found = json.loads(made[f"{name}.json"])
        assert found["settings"]["seed"] == 0 and found["versions"]["numpy"]
    assert json.loads(made["fig1_right.json"])["settings"]["samples"] == 350_000
    walks = made["fig1_right.csv"].decode().splitlines()
    assert len(walks) == 1 + 3 * 2 * 3


@pytest.mark.parametrize("name", ONLY)
def test_pictures_have_axes_with_labels_and_legends(made: dict[str, bytes], name: str) -> None:
    text = made[f"{name}.svg"].decode()
    words = "".join("".join(ElementTree.fromstring(text).itertext()).split())
    wanted = {
        "fig1_right": ("step t of gradient EM", "certified", "weights 1/3, 1/3, 1/3"),
        "fig2_left": ("dimension d", "certified", "Monte Carlo", "exact asymptote", "exact -18"),
        "fig2_right": ("number of samples N", "parametric error", "regression: slope"),
    }[name]
    assert not [word for word in wanted if word.replace(" ", "") not in words]
    assert "<dc:date>" not in text and not re.search(r"[ \t]$", text, re.MULTILINE)


def test_pictures_are_drawn_from_the_files(made: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("fig2_right.csv", "fig2_right_runs.csv", "fig2_right.json"):
        (tmp_path / name).write_bytes(made[name])
    draw(tmp_path, "fig2_right")
    for name in ("fig2_right.png", "fig2_right.svg"):
        assert (tmp_path / name).read_bytes() == made[name]


def test_a_unit_is_named_by_all_that_it_depends_on() -> None:
    chain = plan.chains(["fig2_left"], TINY, 0)[0]
    changed = [
        replace(chain, name="other"),
        replace(chain, arguments={**chain.arguments, "seed": 1}),
        replace(chain, work=plan.chains(["fig2_right"], TINY, 0)[0].work),
    ]
    names = {c.digest(0) for c in [chain, *changed]} | {chain.digest(1)}
    assert len(names) == 5
    assert replace(chain, cost=7.0).digest(0) == chain.digest(0)


def test_an_altered_unit_is_refused(tmp_path: Path) -> None:
    kept = units.Kept(tmp_path / "units")
    assert kept.load("a") is None
    assert kept.store("a", {"x": (1, 0.1)}) == {"x": [1, 0.1]} == kept.load("a")
    whole = (tmp_path / "units" / "a.json").read_text()
    for text in ("", '{"x": 1', "[1]", "null", whole.replace("0.1", "0.2")):
        (tmp_path / "units" / "a.json").write_text(text)
        with pytest.raises(InputError, match=r"a.json: is (an altered|no) finished unit.*remove"):
            kept.load("a")
    (tmp_path / "units" / "b.json").write_text(whole)
    with pytest.raises(InputError, match="of another run"):
        kept.load("b")
    kept.remove()
    assert not (tmp_path / "units").exists()
    kept.remove()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "fig3"], "--only fig3: no such figure; choose from"),
        (["--jobs", "0"], "--jobs is 0: give a positive integer"),
        (["--seed", "-1"], "--seed is -1: give an integer that is not negative"),
        (["--out", "file"], "--out file: is no directory; give one"),
        (["--out", "file/below"], "--out file/below: cannot be written"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    assert main(["figures", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err and err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
