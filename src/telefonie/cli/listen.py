"""The only module that runs `telefonie listen`, a server for callbacks that nobody has to write."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from dataclasses import dataclass

import uvicorn

from telefonie.cli import address
from telefonie.cli.letterbox import Letterbox
from telefonie.cli.refusal import Refusal
from telefonie.cli.serve import print_now
from telefonie.cli.signatures import Secrets
from telefonie.webhooks.sign import key_of


@dataclass(frozen=True, slots=True)
class Wish:
    """How to listen. `count`: end after so many that were taken."""

    host: str
    port: int
    secrets: Secrets
    fail: int
    count: int | None
    bodies: bool


def listen(wish: Wish) -> int:
    """Take callbacks until told to stop; the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    if wish.secrets.webhook is not None:
        try:
            key_of(wish.secrets.webhook)
        except ValueError as error:
            raise Refusal(f"--secret cannot be used: {error}.") from None
    with address.take(wish.host, wish.port) as listening:
        box = Letterbox(wish.secrets, print_now, wish.fail, wish.bodies)
        server = uvicorn.Server(
            uvicorn.Config(
                box, interface="asgi3", lifespan="off", ws="none", log_config=None, access_log=False
            )
        )

        def enough(taken: int) -> None:
            server.should_exit = wish.count is not None and taken >= wish.count

        box.enough = enough
        print_now(f"Callbacks are taken at {address.url_of(wish.host, listening)}; Ctrl-C ends it")
        with suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[listening]))
    return 0
