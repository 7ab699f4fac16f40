"""The example of spurious optima: what it proves, and that it draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")
from examples import spurious


def test_it_proves_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SIDE", "STARTS"):
        monkeypatch.setattr(spurious, name, np.linspace(-4, 4, 9))
    spurious.main(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {
        "landscape.png", "degenerate.png", "basins.png",
    }  # fmt: skip
    natures = [line.split(":")[0].strip() for line in capsys.readouterr().out.splitlines()[1::2]]
    assert natures == ["local minimum", "local minimum", "saddle", "local minimum", "singular"]
