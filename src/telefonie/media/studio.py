"""The only module that has recordings rendered: by one worker process, which is replaced when it fails."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from telefonie.core.score import Score, packed
from telefonie.engine.media import Form, Unrenderable

_PROGRAM: Final = Path(__file__).parents[1] / "booth" / "__main__.py"
_READY: Final = b"ready\n"
_START_SECONDS: Final = 30.0
_TRIES: Final = 2
_STOPPING: Final = "The server is being stopped."
_BREAKS: Final = "Whatever tries to render it breaks down."
_LOG: Final = logging.getLogger(__name__)


class _Died(Exception):
    """The worker is gone, or says nothing any more."""


class SpeechStudio:
    """Renders scores, one at a time.

    A worker that says nothing for `quiet` seconds is given up, and so is one that takes longer than `least` seconds
    and `share` of the time that the recording plays.
    """

    def __init__(
        self, *, quiet: float = 60.0, least: float = 60.0, share: float = 0.5, program: Path = _PROGRAM
    ) -> None:
        self._quiet = quiet
        self._least = least
        self._share = share
        self._program = program
        self._worker: Process | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    @property
    def worker(self) -> int | None:
        """Which process renders."""
        return None if self._worker is None else self._worker.pid

    async def render(self, score: Score, form: Form, rate: int, sounds: dict[str, Path], into: Path) -> None:
        """Write the file; raises Unrenderable. What breaks a worker is tried once more by another."""
        line = await asyncio.to_thread(_order, score, form, rate, sounds, into)
        patience = self._least + self._share * score.ms / 1000
        async with self._turn:
            answer = await self._answer(line, patience)
        if "broken" in answer:
            _LOG.error("A recording cannot be rendered: %s", answer["broken"])
            raise Unrenderable("Something went wrong on our side; the server's log says what.")
        if "wrong" in answer:
            raise Unrenderable(answer["wrong"])

    async def close(self) -> None:
        """End the worker; what is still to be rendered cannot be."""
        self._closed = True
        await self._dismiss()

    async def _answer(self, line: bytes, patience: float) -> dict[str, Any]:
        for _ in range(_TRIES):
            await self._hire()
            try:
                async with asyncio.timeout(patience):
                    return await self._ask(line)
            except (_Died, TimeoutError):
                continue
        raise Unrenderable(_STOPPING if self._closed else _BREAKS)

    async def _ask(self, line: bytes) -> dict[str, Any]:
        """What a worker says at last."""
        answer: dict[str, Any] = {"at": 0}
        try:
            while "at" in answer:
                async with asyncio.timeout(self._quiet):
                    answer = json.loads(await self._exchange(line))
                line = b""
        except ValueError as error:  # something else than the worker talks there
            raise _Died from error
        finally:
            if "at" in answer:  # what it says from now on is no answer to anything
                await self._dismiss()
        return answer

    async def _exchange(self, line: bytes) -> bytes:
        """Say this line and hear one."""
        worker = self._worker
        if worker is None or worker.stdin is None or worker.stdout is None:
            raise _Died
        with suppress(ConnectionError):
            worker.stdin.write(line)
            await worker.stdin.drain()
        said = await worker.stdout.readline()
        if not said.endswith(b"\n"):
            raise _Died
        return said

    async def _hire(self) -> None:
        """See to it that there is a worker."""
        if self._worker is not None and self._worker.returncode is None:
            return
        await self._dismiss()
        if self._closed:
            raise Unrenderable(_STOPPING)
        try:
            await self._start()
        except (OSError, TimeoutError, _Died) as error:
            if self._closed:
                raise Unrenderable(_STOPPING) from error
            _LOG.exception("Recordings cannot be rendered: %s does not run", self._program)
            raise Unrenderable("Nothing here can render recordings; see the server's log.") from error

    async def _start(self) -> None:
        self._worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(self._program), "render"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # the decoders chat there about every odd file
            limit=1 << 20,
            start_new_session=True,  # Ctrl-C is for the server, which ends it then
        )
        ready = False
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await self._exchange(b"") == _READY and not self._closed
            if not ready:
                raise OSError("it ended before it was ready")
        finally:
            if not ready:
                await self._dismiss()

    async def _dismiss(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()


def _order(score: Score, form: Form, rate: int, sounds: dict[str, Path], into: Path) -> bytes:
    """A line for the worker, which stands in another folder."""
    order = {
        "score": packed(score),
        "form": form.value,
        "rate": rate,
        "sounds": {key: str(path.absolute()) for key, path in sounds.items()},
        "into": str(into.absolute()),
    }
    return json.dumps(order).encode() + b"\n"
