"""The only module that puts the log of the test process back as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def log_put_back() -> Iterator[logging.Logger]:
    """Whatever is set up inside is undone; pytest's own handlers hang on the root logger too."""
    root, ours = logging.getLogger(), logging.getLogger("telefonie")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    try:
        yield root
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)
        ours.setLevel(our_level)
