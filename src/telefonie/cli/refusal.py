"""The only module that says how the command line gives up: one clear sentence instead of a stack."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


class Refusal(Exception):
    """Something cannot be done; the message tells a person why, and which option helps."""


def reason_of(error: BaseException) -> str:
    """What was behind an error of a driver: the first cause, without what the layers above it say."""
    while error.__cause__ is not None:
        error = error.__cause__
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def or_refusal(work: Callable[[], int]) -> int:
    """Do it; the exit code. A refusal is told where errors are told."""
    try:
        return work()
    except Refusal as refusal:
        print(f"telefonie: {refusal}", file=sys.stderr, flush=True)
        return 1
    except BrokenPipeError:
        # Whoever read what we print has seen enough; at our exit nothing must be printed there any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
