"""The composition root: the one module that knows every part, and puts them together."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import ssl
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from telefonie import __version__, admin, numbers, simulator
from telefonie.core.accounts import Account
from telefonie.core.accounts import Settings as AccountSettings
from telefonie.core.applications import Application
from telefonie.core.errors import Conflict
from telefonie.dialects import telefonie, telefoon, vonage
from telefonie.engine.doorman import Seal
from telefonie.engine.house import Engine, Options
from telefonie.engine.media import Blobs, Unkept
from telefonie.engine.ports import Faces, Reply
from telefonie.engine.registry import ClockWish
from telefonie.engine.sounds import Sounds
from telefonie.media import SoundMeasurer, SpeechStudio, place_of
from telefonie.reach import Guard
from telefonie.reach.trust import trusting
from telefonie.settings import DEVELOPMENT_APPLICATION, DEVELOPMENT_KEY, BadSetting, Settings
from telefonie.simulator.words import STATUS
from telefonie.store.opening import open_store
from telefonie.streams import ProgramSockets
from telefonie.web.docs import Entry
from telefonie.web.envelope import OURS, envelope
from telefonie.web.figures import Figures
from telefonie.web.gate import Gate
from telefonie.web.hosts import Hosts, Names
from telefonie.web.ids import new_secret, new_signature_secret
from telefonie.web.links import Links, url_of
from telefonie.web.naming import ByName
from telefonie.web.operation import Operation
from telefonie.web.peers import Peers
from telefonie.web.problems import Problem, problem_of
from telefonie.web.sharing import Shared
from telefonie.web.watch import Watch
from telefonie.webhooks import HttpPostman

# What a web page of another origin may send and see, where the operator lets it in.
_SENT: Final = (
    "X-API-Key",
    "X-Admin-Key",
    "Content-Type",
    "Idempotency-Key",
    "X-Request-Id",
    "Authorization",
    "Range",
    "If-Range",
    "If-None-Match",
)
_SEEN: Final = (
    "X-Request-Id",
    "X-Ignored-Fields",
    "Idempotent-Replayed",
    "Retry-After",
    "Allow",
    "Accept-Ranges",
    "Content-Range",
    "Content-Length",
    "Content-Disposition",
    "ETag",
)
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_PLAIN: Final = envelope(OURS)
# The words by which a number says on which face its calls appear.
FACES: Final = (telefonie.FACE, telefoon.FACE, vonage.FACE)
CONNECT_SECONDS: Final = 5.0
_LOG: Final = logging.getLogger(__name__)


def make_engine(settings: Settings, url: str | None = None) -> Engine:
    """The engine over the store that the settings name. `url`: where its server listens."""
    seal = Seal(new_secret())
    store = open_store(settings.database_url or settings.data, pooled=settings.pooled)
    blobs = _place(settings)
    guard = Guard(allow_private=settings.loopback, allowed=settings.allow_private_targets)
    patience = settings.callback_timeout
    tls = _trust(settings)
    figures = Figures()
    postman = HttpPostman(
        guard,
        f"Telefonie/{__version__}",
        connections=settings.postmen,
        tls=tls,
        connect_timeout=min(CONNECT_SECONDS, patience),
        total_timeout=patience,
        measurer=SoundMeasurer(),
        keeper=Sounds(blobs),
    )
    options = Options(
        migrate=settings.migrate,
        postmen=settings.postmen,
        slot=_slot(),
        listen_url=settings.listen_url or settings.database_url,
        lease_seconds=settings.lease_seconds,
        meters=figures,
        region=settings.region,
        seal=seal,
        studio=SpeechStudio(),
        blobs=blobs,
        sockets=ProgramSockets(
            guard,
            f"Telefonie/{__version__}",
            connect_seconds=min(CONNECT_SECONDS, patience),
            tls=tls,
            late=figures.frame,
        ),
        voices=SpeechStudio(),
    )
    links = links_of(seal, settings, url)
    faces: Faces = {
        telefonie.FACE: telefonie.TelefonieFace(links),
        telefoon.FACE: telefoon.TelefoonFace(links),
        vonage.FACE: vonage.VonageFace(links),
    }
    return Engine(store, faces, postman, options)


def links_of(seal: Seal, settings: Settings, url: str | None = None) -> Links:
    """Addresses of media below the one by which others reach us, or else where we listen."""
    base = settings.public_url or url or url_of(settings.host, settings.port, settings.scheme)
    return Links(seal, base, settings.public_url is not None, settings.media_seconds)


def _place(settings: Settings) -> Blobs:
    try:
        return place_of(settings.media_place, settings.region, settings.media_endpoint)
    except Unkept as missing:
        raise BadSetting(f"--media (TELEFONIE_MEDIA): {missing}") from None


def _trust(settings: Settings) -> ssl.SSLContext | None:
    """None: whom the system trusts, nobody else."""
    if settings.trusted_authorities is None:
        return None
    try:
        return trusting(settings.trusted_authorities)
    except OSError as unreadable:  # an SSLError is one, too
        raise BadSetting(
            f"--trusted-authorities (TELEFONIE_TRUSTED_AUTHORITIES): {settings.trusted_authorities} holds no "
            f"certificates that can be read: {unreadable.strerror or unreadable}"
        ) from None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _slot() -> int:
    """Another number for each process, so that two of them seldom count in the same row."""
    return zlib.crc32(f"{socket.gethostname()}:{os.getpid()}".encode())


def build_app(
    engine: Engine, settings: Settings, *, known_keys: bool | None = None, peers: Peers | None = None
) -> ASGIApp:
    """Everything that is served. `known_keys`: whether a key that stands in the README opens a door here."""
    figures = engine.meters if isinstance(engine.meters, Figures) else Figures()
    links = links_of(engine.doorman.seal, settings)
    # A mount never answers its own collection path, so numbers lies at /v1, after the more specific ones.
    by_name = telefoon.build(engine, links)
    faces: dict[str, FastAPI] = {
        "/v1/voice": telefonie.build(engine, links),
        "/v1/recordings": telefonie.build_recordings(engine, links),
        telefoon.PREFIX: by_name,
        "/v1/simulator": simulator.build(engine),
        "/v1/admin": admin.build(engine, _hash(settings.effective_admin_key)),
        "/v2": vonage.build_v2(engine, links),
        "/v3": vonage.build_v3(engine, links),
    }
    inventory = numbers.build(engine, FACES)
    by_token = vonage.build(engine, links)
    shown = {**faces, f"/v1{numbers.BELOW}": inventory, f"/v1{vonage.DOCUMENTS}": by_token}
    door = None if settings.loopback else settings.effective_admin_key
    operation = Operation(engine, figures, door, _entries(shown), STATUS, peers)
    app: ASGIApp = Starlette(
        routes=[
            *operation.routes(),
            *(Mount(path, face) for path, face in faces.items()),
            Mount("/v1", Shared(vonage.PATHS, by_token, inventory)),
        ],
        exception_handlers={Problem: _render, HTTPException: _render},
    )
    app = Gate(ByName(app, telefoon.HOST, telefoon.ALIAS, by_name), _PLAIN)
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=_METHODS,
            allow_headers=_SENT,
            expose_headers=_SEEN,
        )
    by_known_keys = settings.known_keys if known_keys is None else known_keys
    if settings.allowed_hosts or (settings.loopback and by_known_keys):
        app = Hosts(app, _names(settings), _PLAIN)
    return Watch(app, figures)


def _entries(faces: Mapping[str, FastAPI]) -> list[Entry]:
    return [Entry(path, face.title, face.description) for path, face in faces.items()]


def _names(settings: Settings) -> Names:
    public = urlsplit(settings.public_url or "").hostname
    return Names([telefoon.HOST, *settings.allowed_hosts, *settings.tls_names, *([public] if public else [])])


async def _render(request: Request, error: Exception) -> Response:
    return _PLAIN(problem_of(error), request.scope["state"]["request_id"])


@dataclass(frozen=True, slots=True)
class Welcome:
    """What to tell the person who started the server. `account` None: nothing to tell."""

    key: str | None = None
    admin_key: str | None = None
    secrets: tuple[str, ...] = ()


async def settle(engine: Engine, settings: Settings) -> Welcome:
    """Give a new store its first account; the development account only where nobody else can come in."""
    registry = engine.registry
    _, present = await registry.accounts(1, 1)
    if not present and settings.api_key:
        await _first_account(engine, settings, "default", settings.api_key)
    elif not present and settings.loopback:
        await _first_account(engine, settings, "development", DEVELOPMENT_KEY)
    if settings.api_key and await registry.authenticate(settings.api_key) is None:
        _LOG.warning(
            "TELEFONIE_API_KEY is no key of this store, which has accounts already; only a new store takes "
            "it. Add it with POST /v1/admin/accounts/{id}/keys, or unset the variable."
        )
    development = await registry.authenticate(DEVELOPMENT_KEY)
    if development is None:
        return Welcome()
    if not settings.loopback:
        raise BadSetting(
            f"Others can reach {settings.host}, and this store takes {DEVELOPMENT_KEY}, a key that everybody "
            "knows. Take another store (--data, --database-url), or revoke that key on loopback first "
            "(DELETE /v1/admin/accounts/{id}/keys/{key_id})."
        )
    await _first_application(engine, development.account)
    secrets = await registry.secrets(development.account.id)
    return Welcome(
        DEVELOPMENT_KEY,
        None if settings.admin_key else settings.effective_admin_key,
        tuple(each.value for each in secrets if each.retires_at is None),
    )


async def _first_application(engine: Engine, account: Account) -> None:
    """The development account has one ready; it has no key until somebody gives it one."""
    if await engine.applications.known(DEVELOPMENT_APPLICATION) is not None:
        return
    ready = Application(DEVELOPMENT_APPLICATION, account.id, "development", secret=new_signature_secret())
    with suppress(Conflict):  # another process that began at the same moment was quicker
        await engine.applications.add(ready, lambda _: Reply(201))


async def _first_account(engine: Engine, settings: Settings, name: str, key: str) -> Account | None:
    try:
        return await engine.registry.create_account(
            name, AccountSettings(), ClockWish(settings.clock), key, new_secret()
        )
    except Exception:
        # Another process that began at the same moment was quicker; then the key is there.
        if await engine.registry.authenticate(key) is None:
            raise
        return None
