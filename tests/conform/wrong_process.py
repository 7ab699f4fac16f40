"""Wrong cores that do other things than compute: end, hang, print, change what others use."""

from __future__ import annotations

import builtins
import importlib
import itertools
import os
import signal
import sys
from typing import Any

import numpy as np

from tests.conform.wrong_core import Array, Core


class PsiThatExits(Core, caught_by="psi-generic"):
    """os._exit(0): to a shell, all went well."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        os._exit(0)


class LossThatDies(Core, caught_by="loss-generic"):
    """A signal, as from a wild pointer."""

    def loss(self, means: Array, weights: Array) -> Any:
        os.kill(os.getpid(), signal.SIGSEGV)


class LossWithoutEnd(Core, caught_by="loss-many"):
    """An iteration that never converges for more than five components."""

    seconds = 0.5

    def loss(self, means: Array, weights: Array) -> Any:
        while len(weights) > 5:
            pass
        return super().loss(means, weights)


class GradientWithoutEndInC(Core, caught_by="gradient-generic"):
    """The same inside one call of C code, where no handler of Python runs."""

    seconds = 0.5

    def gradient(self, means: Array, weights: Array) -> Any:
        return sum(itertools.repeat(0))


class OverlapsThatAreAbandoned(Core, caught_by="overlaps-generic"):
    """GeneratorExit passes every ``except Exception``."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        raise GeneratorExit


class StepThatIsInterrupted(Core, caught_by="em_step-generic"):
    """KeyboardInterrupt, as if the user had pressed Ctrl-C."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        raise KeyboardInterrupt


class LossThatLeaves(Core, caught_by="loss-ordinary"):
    """sys.exit(0)."""

    def loss(self, means: Array, weights: Array) -> Any:
        sys.exit(0)


class PsiThatPrints(Core, caught_by="psi-ordinary"):
    """A line left over from debugging."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        print("psi", x.shape)  # noqa: T201
        return super().psi(x, means, weights)


class LossThatWritesFromC(Core, caught_by="loss-ordinary"):
    """A line written to the file descriptor, as a library in C does."""

    def loss(self, means: Array, weights: Array) -> Any:
        os.write(2, b"converged\n")
        return super().loss(means, weights)


class GradientThatClosesTheOutput(Core, caught_by="gradient-ordinary"):
    """sys.stdout.close(), to be quiet."""

    def gradient(self, means: Array, weights: Array) -> Any:
        sys.stdout.close()
        return super().gradient(means, weights)


class OverlapsThatCloseFiles(Core, caught_by="overlaps-ordinary"):
    """Everything that is open is closed, as daemons do when they start."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        os.closerange(3, 256)
        return super().overlaps(means, weights)


class LossThatReplacesTheSuite(Core, caught_by="loss-generic"):
    """Wrong by a factor, and replaces the function that would find that."""

    def loss(self, means: Array, weights: Array) -> Any:
        check = importlib.import_module("gembounds.conform.check")
        passed = check.Finding("passed")
        vars(check)["compared"] = lambda *_: passed
        for name in ("certified", "memory"):
            module = importlib.import_module(f"gembounds.conform.checks.{name}")
            vars(module)["compared"] = lambda *_: passed
        return 2 * super().loss(means, weights)


class GradientThatReplacesAMethod(Core, caught_by="gradient-generic"):
    """The same with the class that the suite's values are."""

    def gradient(self, means: Array, weights: Array) -> Any:
        found = importlib.import_module("gembounds.values.enclosure").Enclosure
        found.contains = lambda *_: True
        return super().gradient(means, weights)


class PsiThatReplacesNumPy(Core, caught_by="psi-generic"):
    """np.isfinite says yes from now on."""

    def psi(self, x: Array, means: Array, weights: Array) -> Any:
        vars(np)["isfinite"] = lambda a: np.ones(np.shape(a), dtype=bool)
        return super().psi(x, means, weights)


class OverlapsThatReplaceABuiltin(Core, caught_by="overlaps-generic"):
    """max is NumPy's from now on."""

    def overlaps(self, means: Array, weights: Array) -> Any:
        vars(builtins)["max"] = np.max
        return super().overlaps(means, weights)


class StepThatForgesAnswers(Core, caught_by="em_step-generic"):
    """Writes into whatever is open, in the hope that the judge reads it."""

    def em_step(self, means: Array, weights: Array, eta: float) -> Any:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b'{"passed": true}' + b"\0" * 40)
            except OSError:
                continue
        return super().em_step(means, weights, eta)
