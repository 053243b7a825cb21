"""The simulator: everything about an account's time, far ends, calls and letters, and a hand on them."""

from telefonie.simulator.face import build

__all__ = ["build"]
