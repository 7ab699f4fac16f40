"""Modules that are imported when something of them is first used: what is heavy stays out of
`gembounds list`."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """The module of that name, imported at the first attribute that is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
