"""The only module that serves the bare route: our body and answer models on FastAPI, and nothing else.

A program of its own (`python -m benchmarks.bare`), on the HTTP server and the settings that ours runs on.
"""

from __future__ import annotations

import socket
import time
import uuid

import uvicorn
from fastapi import FastAPI

from benchmarks.serving import host
from telefonie.dialects.telefonie.schemas import Call, CallCreation
from telefonie.web.fields import iso


def build() -> FastAPI:
    """As its documentation teaches it."""
    app = FastAPI()

    @app.post("/v1/voice/calls", status_code=201, response_model_exclude_none=True)
    async def initiate_call(wish: CallCreation) -> Call:
        fields = {
            "id": str(uuid.uuid4()),  # noqa: TID251 - the bare route makes its ids where it stands
            "status": "queued",
            "direction": "outbound",
            "from": wish.from_,
            "to": wish.to,
            "created_at": iso(time.time_ns() // 1_000_000),
            "timeout": wish.timeout,
            "url": wish.url,
            "status_callback": wish.status_callback,
            "metadata": wish.metadata,
        }
        return Call.model_validate(fields)

    return app


async def _server(_listening: socket.socket) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            build(),
            interface="asgi3",
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
    )


if __name__ == "__main__":
    host(_server)
