"""The only module that makes ready what a server needs before it is loaded: log, folder, port."""

from __future__ import annotations

import gc
import signal
from contextlib import ExitStack
from dataclasses import replace
from types import FrameType

from telefonie.cli import address, folder, tls
from telefonie.cli.logs import log_to_stderr
from telefonie.settings import Settings


def serve(settings: Settings) -> int:
    """Run until told to stop; the exit code."""
    log_to_stderr(settings)
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _leave)  # until something runs that can be finished
    with ExitStack() as stack:
        settings = with_folder(settings, stack)
        doors = stack.enter_context(address.doors(settings))
        papers = tls.papers(settings, tls.wall())
        # What is behind these takes most of a second to load: first comes all that may be refused at once.
        if settings.workers > 1:
            from telefonie.cli import workers  # noqa: PLC0415

            return workers.run(settings, doors)
        gc.disable()  # while modules load, nothing is garbage: looking for it costs a tenth of the start
        from telefonie.cli import process  # noqa: PLC0415

        return process.run(process.Duty(settings, doors, print_now, papers))


def with_folder(settings: Settings, stack: ExitStack) -> Settings:
    """The settings with the folder of the store, which is ours until the stack is left."""
    if settings.database_url:
        return settings
    if settings.ephemeral:
        # Not the authority: who has come to trust it shall not have to do so again at every start.
        settings = replace(
            settings, data=stack.enter_context(folder.temporary()), tls_folder=settings.tls_place
        )
    stack.enter_context(folder.held(settings.data))
    return settings


def _leave(number: int, _frame: FrameType | None) -> None:
    """Not where we stand: what was begun (a temporary folder, above all) is cleared away first."""
    raise SystemExit(128 + number)


def print_now(text: str) -> None:
    """Whoever waits for the line in a pipe shall not wait for a full buffer."""
    print(text, flush=True)
