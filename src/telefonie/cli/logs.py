"""The only module that sets up the log of a process."""

from __future__ import annotations

import sys

from telefonie.settings import Settings
from telefonie.web import logs


def log_to_stderr(settings: Settings) -> None:
    """Lines for people on a terminal, for machines elsewhere, unless the settings say which."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    logs.set_up(as_json=as_json, level=settings.log_level, stream=sys.stderr, secrets=settings.secrets)
