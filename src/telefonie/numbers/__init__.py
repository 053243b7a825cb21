"""The face of the number inventory: which numbers an account has, and what a call to one runs."""

from telefonie.numbers.face import BELOW, build

__all__ = ["BELOW", "build"]
