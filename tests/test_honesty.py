"""The honesty run: it counts, it resumes, and it sees what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gembounds.values import directed
from tests import honesty


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(honesty, "ROUNDS", 2)
    monkeypatch.setattr(honesty, "TOGETHER", 1)
    monkeypatch.setattr(honesty, "KINDS", {k: (f, 50, w) for k, (f, _, w) in
                                           honesty.KINDS.items()})  # fmt: skip


def test_a_short_run_misses_none_and_goes_on_where_it_was(tmp_path: Path) -> None:
    out = tmp_path / "honesty.md"
    assert honesty.run(out, 0.1, 1) == 0
    (first,) = out.with_suffix(".kept").iterdir()
    text = first.read_text()
    first.write_text(text + text[: text.index("\n") // 2])  # ended in the middle of a line
    assert honesty.run(out, 1.0, 1) == 0
    page, (_, second) = out.read_text(), sorted(out.with_suffix(".kept").iterdir())
    more = second.read_text()
    assert more and not set(text.splitlines()) & set(more.splitlines())
    assert f"{(text + more).count(chr(10)):,} tasks" in page and ", 0 missed.**" in page
    assert honesty.run(out, 1.0, 1) == 0 and out.read_text() == page


def test_an_end_that_is_rounded_inward_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upper end of sums, one float64 too low."""
    right = directed.add

    def wrong(a: directed.Ends, b: directed.Ends) -> directed.Ends:
        low, high = right(a, b)
        return low, np.maximum(low, np.nextafter(high, -np.inf))

    monkeypatch.setitem(honesty.KINDS, "arithmetic", (honesty.arithmetic, 3_000, ""))
    for kind in set(honesty.KINDS) - {"arithmetic"}:
        monkeypatch.delitem(honesty.KINDS, kind)
    from gembounds.values import calculation

    monkeypatch.setitem(calculation.ELEMENTWISE, "add", (wrong, calculation.ELEMENTWISE["add"][1]))
    assert honesty.run(tmp_path / "honesty.md", 1.0, 1) == 1


@pytest.mark.parametrize(
    ("given", "message"), [([], "directory"), (["--only", "floats"], "--only floats: choose")]
)
def test_what_cannot_be_done_is_said_before_the_work(
    given: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Nothing is run, and nothing written."""
    monkeypatch.setattr(honesty, "run", lambda *_: pytest.fail("was run"))
    out = tmp_path / "page.md" if given else tmp_path
    with pytest.raises(SystemExit) as ended:
        honesty.main(["--out", str(out), *given])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err.splitlines()[-1]
    assert not list(tmp_path.iterdir())
