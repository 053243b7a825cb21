"""The only module that bears processes which have read their code already: each is forked from one that did.

A program that is started thirty times in a test reads the same modules thirty times, and that is nine tenths of its
start. What it does from `main` on is what it does anywhere; the tests of the command line start it from nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from telefonie.cli import listen, process  # noqa: F401 - what commands load; read here, once
from telefonie.cli.main import main

_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])
_READ_BY: Final = os.getpid()


@dataclass(frozen=True, slots=True)
class Cradle:
    """Where a program begins its life."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    out: Path
    err: Path


def bear(cradle: Cradle) -> ForkServerProcess:
    """A process that runs `telefonie` with these arguments, in a session of its own."""
    child = _CONTEXT.Process(target=_live, args=(cradle,))
    # The one that all are forked from finds our code by this, and only by this.
    found, given = os.pathsep.join(filter(None, sys.path)), os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = found
    try:
        child.start()
    finally:
        if given is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = given
    return child


def _live(cradle: Cradle) -> None:
    os.setsid()
    for path, number in ((cradle.out, 1), (cradle.err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    assert os.getpid() != _READ_BY, "it was not forked, but read its code itself"
    os.environ.clear()
    os.environ.update(cradle.environment)
    os.chdir(cradle.folder)
    sys.exit(main(cradle.arguments))
