"""From a spec to the core that it names; runs in the core's own process."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from gembounds.conform.process.wire import short
from gembounds.tools.errors import InputError


def find(spec: str) -> Any:
    """The core ``MODULE``, ``MODULE:OBJECT`` or ``FILE.py[:OBJECT]``.

    The current directory is searched first. A class is instantiated without arguments. Raises
    :class:`InputError` where there is no such module or object.
    """
    module_name, _, path = spec.partition(":")
    if not module_name:
        raise InputError(f"core {spec!r}: give MODULE, MODULE:OBJECT or FILE.py")
    target: Any = _file(module_name) if module_name.endswith(".py") else _module(module_name)
    for part in filter(None, path.split(".")):
        try:
            target = getattr(target, part)
        except AttributeError:
            raise InputError(f"core {spec!r}: {module_name} has no {path!r}") from None
    return instance(target, f"core {spec!r}")


def instance(target: Any, what: str) -> Any:
    """``target()`` for a class, else ``target``."""
    if not isinstance(target, type):
        return target
    try:
        return target()
    except BaseException as error:
        said = f"{what}: {target.__qualname__}() raised {_said(error)}: give an instance"
        raise InputError(said) from error


def _module(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except BaseException as error:
        lacking = error.name if isinstance(error, ModuleNotFoundError) else None
        if lacking is not None and (name == lacking or name.startswith(lacking + ".")):
            raise InputError(f"core {name!r}: no such module in {here} or installed") from None
        raise InputError(f"core {name!r}: importing it raised {_said(error)}") from error


def _file(name: str) -> ModuleType:
    path = Path(name).resolve()
    if not path.is_file():
        raise InputError(f"core {name!r}: no such file")
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    found = importlib.util.spec_from_file_location(path.stem, path)
    if found is None or found.loader is None:
        raise InputError(f"core {name!r}: cannot be imported")
    module = importlib.util.module_from_spec(found)
    sys.modules[path.stem] = module
    try:
        found.loader.exec_module(module)
    except BaseException as error:
        raise InputError(f"core {name!r}: importing it raised {_said(error)}") from error
    return module


def _said(error: BaseException) -> str:
    return short(f"{type(error).__name__}: {error}")
