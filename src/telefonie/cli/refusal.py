"""The only module that says how the command line gives up: one clear sentence instead of a stack."""

from __future__ import annotations

import sys
from collections.abc import Callable


class Refusal(Exception):
    """Something cannot be done; the message tells a person why, and which option helps."""


def or_refusal(work: Callable[[], int]) -> int:
    """Do it; the exit code. A refusal is told where errors are told."""
    try:
        return work()
    except Refusal as refusal:
        print(f"telefonie: {refusal}", file=sys.stderr, flush=True)
        return 1
