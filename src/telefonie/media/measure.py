"""The only module that has sound files measured: by one worker process, which is replaced when it fails."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from telefonie.engine.letters import Unplayable

_PROGRAM: Final = Path(__file__).parents[1] / "booth" / "__main__.py"
_READY: Final = b"ready\n"
_START_SECONDS: Final = 30.0
_STOPPING: Final = "the server is being stopped"
_LOG: Final = logging.getLogger(__name__)


class SoundMeasurer:
    """Says how long files play. One at a time; the others wait, and only so many of them."""

    def __init__(self, *, seconds: float = 5.0, most: int = 256, program: Path = _PROGRAM) -> None:
        self._seconds = seconds
        self._most = most
        self._program = program
        self._worker: Process | None = None
        self._turn = asyncio.Lock()
        self._under_way = 0
        self._closed = False

    async def length_ms(self, path: str, content_type: str) -> int:
        """How long this file plays; raises Unplayable."""
        if self._under_way >= self._most:
            raise Unplayable(f"{self._most} other files are to be measured first")
        kind = content_type.partition(";")[0].strip().lower()
        self._under_way += 1
        try:
            async with self._turn:
                answer = await self._answer({"path": path, "type": kind})
        finally:
            self._under_way -= 1
        if "wrong" in answer:
            raise Unplayable(answer["wrong"])
        return int(answer["ms"])

    async def close(self) -> None:
        """End the worker; what is still to be measured cannot be."""
        self._closed = True
        await self._dismiss()

    async def _answer(self, question: dict[str, str]) -> dict[str, Any]:
        """What a worker says. A new one is asked when the one we had is dead; a file that kills kills once."""
        line = json.dumps(question).encode() + b"\n"
        said, new = b"", False
        while not said and not new:
            new = await self._hire()
            said = await self._ask(line)
        if not said and self._closed:
            raise Unplayable(_STOPPING)
        if not said:
            raise Unplayable("the file cannot be read: whatever tries to breaks down")
        answer: dict[str, Any] = json.loads(said)
        return answer

    async def _ask(self, line: bytes) -> bytes:
        """One line for another; b"" when the worker died of it, or before."""
        said = b""
        try:
            async with asyncio.timeout(self._seconds):
                said = await _exchange(self._worker, line)
        except TimeoutError:
            raise Unplayable(f"it could not be measured within {self._seconds:g} s") from None
        finally:
            if not said:  # too slow, called back or dead: what it says from now on is no answer to anything
                await self._dismiss()
        return said

    async def _hire(self) -> bool:
        """See to it that there is a worker; whether it is a new one."""
        if self._worker is not None and self._worker.returncode is None:
            return False
        await self._dismiss()
        if self._closed:
            raise Unplayable(_STOPPING)
        try:
            await self._start()
        except (OSError, TimeoutError) as error:
            if not self._closed:
                _LOG.exception("Sounds cannot be measured: %s does not run", self._program)
            raise Unplayable("nothing here can measure sounds; see the server's log") from error
        return True

    async def _start(self) -> None:
        self._worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(self._program), "measure"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # the decoders chat there about every odd file
            start_new_session=True,  # Ctrl-C is for the server, which ends it then
        )
        ready = False
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await _exchange(self._worker, b"") == _READY and not self._closed
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


async def _exchange(worker: Process | None, line: bytes) -> bytes:
    """Say this line and hear one; b"" when nobody is there any more."""
    if worker is None or worker.stdin is None or worker.stdout is None:
        return b""
    with suppress(ConnectionError):
        worker.stdin.write(line)
        await worker.stdin.drain()
    return await worker.stdout.readline()
