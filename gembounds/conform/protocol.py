"""What a core is: plain functions of plain arrays. No import of gembounds is needed to write one.

A core is a module, or any object, with some of these; what it lacks is reported as absent.
``means`` is a float64 array (n, d), ``weights`` (n,), positive with sum 1 (up to rounding);
x ~ N(0, I_d), psi the posteriors of the mixture.

    psi(x, means, weights)            x (m, d)  ->  (m, n)     psi_i(x) for each row
    loss(means, weights)                        ->  scalar     L = KL(N(0, I) || mixture)
    gradient(means, weights)                    ->  (n, d)     grad_i L = sum_k E[psi_i psi_k] mu_k
    psi_tilde_norm2(means, weights)             ->  scalar     E |sum_i psi_i mu_i|^2
    overlaps(means, weights)                    ->  (n, n)     E[psi_i psi_k]
    em_step(means, weights, eta)                ->  (n, d)     means - eta * gradient

What comes back may be anything that ``numpy.asarray`` takes (arrays of NumPy, JAX, PyTorch on the
CPU, lists). Besides, a core may declare, as attributes:

``rtol``      relative error that it promises, a number or a dict by function (1e-10 by default,
              1e-4 for float32); relative to what: :mod:`gembounds.conform.tolerance`
``dtype``     ``"float64"`` (default) or ``"float32"``: the arithmetic that it works in
``samples``   independent samples behind each value, a number or a dict by function: the values
              are averages over them, and judged as such
``max_rank``, ``max_n``, ``max_d``, ``max_norm``, ``min_weight``
              where it may be used, each a number or a dict by function: rank of the differences
              of the means, number of components, dimension, largest |mu_i|, smallest weight.
              Points outside are not tried, and the report counts them as left out.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from gembounds.tools.errors import InputError

FloatArray = npt.NDArray[np.float64]

FUNCTIONS = ("psi", "loss", "gradient", "psi_tilde_norm2", "overlaps", "em_step")

DEFAULT_RTOL = {"float64": 1e-10, "float32": 1e-4}
UNIT_ROUNDOFF = {"float64": 2.0**-53, "float32": 2.0**-24}
LIMITS = ("max_rank", "max_n", "max_d", "max_norm", "min_weight")


class Wrong(AssertionError):
    """The core answered, and the answer cannot be right: its shape, its kind, not finite."""


class Broken(Exception):
    """The core raised; the message is its exception on one line."""


@dataclass(frozen=True)
class Core:
    """A core to judge: ``target`` with its ``name`` and, where it was loaded, its ``spec``."""

    target: Any
    name: str
    spec: str | None = None

    def __post_init__(self) -> None:
        if not self.functions:
            raise InputError(
                f"{self.name} is no core: it has none of the functions {', '.join(FUNCTIONS)}"
            )
        if self.dtype not in UNIT_ROUNDOFF:
            raise InputError(f"{self.name}: dtype is {self.dtype!r}: declare float64 or float32")
        for function in self.functions:
            if not 0 < self.rtol(function) < 1:
                found = self._declared("rtol", function)
                raise InputError(f"{self.name}: rtol is {found!r}: declare a number in (0, 1)")
            samples = self.samples(function)
            if samples is not None and not samples >= 1:
                raise InputError(f"{self.name}: samples is {samples!r}: declare at least 1")

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions of the protocol that it has."""
        return tuple(f for f in FUNCTIONS if callable(getattr(self.target, f, None)))

    @property
    def misspelt(self) -> dict[str, str]:
        """For functions that it lacks, what it has under nearly that name."""
        names = [n for n in dir(self.target) if not n.startswith("_") and n not in FUNCTIONS]
        found = {}
        for function in FUNCTIONS:
            if function not in self.functions:
                near = difflib.get_close_matches(function, names, n=1, cutoff=0.8)
                if near and callable(getattr(self.target, near[0], None)):
                    found[function] = near[0]
        return found

    @property
    def dtype(self) -> str:
        return str(getattr(self.target, "dtype", None) or "float64")

    @property
    def unit(self) -> float:
        """The unit roundoff of its arithmetic."""
        return UNIT_ROUNDOFF[self.dtype]

    def rtol(self, function: str) -> float:
        found = self._declared("rtol", function)
        return DEFAULT_RTOL[self.dtype] if found is None else found

    def samples(self, function: str) -> float | None:
        """Samples behind a value of ``function``; None: it is not random. psi never is, unless
        a dict says so."""
        declared = getattr(self.target, "samples", None)
        if function == "psi" and not isinstance(declared, Mapping):
            return None
        return self._declared("samples", function)

    def limit(self, which: str, function: str) -> float | None:
        """The declared limit ``which`` (one of ``LIMITS``) for ``function``, or None."""
        return self._declared(which, function)

    def _declared(self, what: str, function: str) -> float | None:
        found = getattr(self.target, what, None)
        if isinstance(found, Mapping):
            unknown = sorted(set(found) - set(FUNCTIONS))
            if unknown:
                raise InputError(
                    f"{self.name}: {what} is declared for {unknown[0]!r}: "
                    f"the functions are {', '.join(FUNCTIONS)}"
                )
            found = found.get(function)
        if found is None:
            return None
        try:
            return float(found)
        except (TypeError, ValueError):
            raise InputError(
                f"{self.name}: {what} is {found!r}: declare a number or a dict by function"
            ) from None

    def raw(self, function: str, *arguments: Any) -> Any:
        """What the core returns, as it is; :class:`Broken` where it raises."""
        try:
            return getattr(self.target, function)(*arguments)
        except (Exception, SystemExit) as error:
            text = " ".join(str(error).split())
            raise Broken(f"{function} raised {type(error).__name__}: {text}"[:300]) from error

    def call(self, function: str, *arguments: Any) -> FloatArray:
        """The value as a new float64 array of the shape that the protocol gives.

        Raises :class:`Wrong` for another shape or kind and for numbers that are not finite.
        """
        found = self.raw(function, *arguments)
        return checked(function, found, expected_shape(function, *arguments))


def expected_shape(function: str, *arguments: Any) -> tuple[int, ...]:
    """The shape that the protocol gives for these arguments."""
    means = np.asarray(arguments[1] if function == "psi" else arguments[0])
    n, d = means.shape
    if function == "psi":
        return np.asarray(arguments[0]).shape[0], n
    return {"overlaps": (n, n), "gradient": (n, d), "em_step": (n, d)}.get(function, ())


def checked(function: str, found: Any, shape: tuple[int, ...]) -> FloatArray:
    """``found`` as a float64 array of ``shape``, finite; else :class:`Wrong`."""
    value = as_floats(function, found)
    if value.shape != shape:
        raise Wrong(f"{function} returned shape {value.shape}: expected {shape}")
    if not np.isfinite(value).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(value))[0])
        place = f"[{', '.join(map(str, where))}]" if where else ""
        raise Wrong(f"{function}{place} is {value[where]}: expected a finite number")
    return value


def as_floats(function: str, found: Any) -> FloatArray:
    """``found`` as a new float64 array; :class:`Wrong` where it is not made of real numbers."""
    try:
        array = np.asarray(found)
        if array.dtype.kind not in "fiuO":
            raise TypeError
        return np.array(array, dtype=np.float64)
    except Exception:  # noqa: BLE001 - arrays of other libraries raise what they like
        raise Wrong(f"{function} returned {_short(found)}: expected real numbers") from None


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def load(spec: str) -> Core:
    """The core ``MODULE``, ``MODULE:OBJECT`` or ``FILE.py[:OBJECT]``.

    The current directory is searched first. A class is instantiated without arguments. Raises
    :class:`InputError` where there is no such module or object, or where it is no core.
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
    return Core(_instance(target, f"core {spec!r}"), spec, spec)


def as_core(core: Any) -> Core:
    """``core`` as a :class:`Core`: a spec is loaded, a class instantiated without arguments,
    anything else is taken as it is."""
    if isinstance(core, Core):
        return core
    if isinstance(core, str):
        return load(core)
    if isinstance(core, ModuleType):
        return Core(core, core.__name__, core.__name__)
    name = str(getattr(core, "__name__", None) or type(core).__qualname__)
    return Core(_instance(core, f"core {name}"), name)


def _instance(target: Any, what: str) -> Any:
    """``target()`` for a class, else ``target``."""
    if not isinstance(target, type):
        return target
    try:
        return target()
    except (Exception, SystemExit) as error:
        raise InputError(
            f"{what}: {target.__qualname__}() raised {_said(error)}: give an instance"
        ) from error


def _module(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            raise InputError(f"core {name!r}: no such module in {here} or installed") from None
        raise InputError(f"core {name!r}: importing it raised {_said(error)}") from error
    except (Exception, SystemExit) as error:
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
    except (Exception, SystemExit) as error:
        raise InputError(f"core {name!r}: importing it raised {_said(error)}") from error
    return module


def _said(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
