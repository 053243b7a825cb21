"""The application as a whole: who may see what, from where, and what a new store begins with."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from telefonie.app import build_app, links_of, make_engine, settle
from telefonie.core.clocks import Mode
from telefonie.dialects import telefonie
from telefonie.engine.house import Engine
from telefonie.settings import (
    DEVELOPMENT_ADMIN_KEY,
    DEVELOPMENT_APPLICATION,
    DEVELOPMENT_KEY,
    BadSetting,
    Settings,
)
from tests.support.house import House
from tests.support.tokens import keys

API_KEY, ADMIN_KEY = "the-operators-api-key", "the-operators-admin-key"
OPEN = Settings(host="192.0.2.1", api_key=API_KEY, admin_key=ADMIN_KEY)
FACES = ("/v1/voice", "/v1/recordings", "/v1/simulator", "/v1/admin", "/v1/numbers")


@asynccontextmanager
async def begun(settings: Settings) -> AsyncIterator[Engine]:
    engine = make_engine(settings)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with these settings, on a store of its own."""
    async with begun(settings) as engine:
        await settle(engine, settings)
        transport = httpx.ASGITransport(build_app(engine, settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A server on loopback with the development keys."""
    async with serving(Settings(data=tmp_path)) as client:
        yield client


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A server that others can reach."""
    async with serving(replace(OPEN, data=tmp_path)) as client:
        yield client


# -- probes, figures, documents --


async def test_probes_on_both_stores(house: House) -> None:
    async with house.connect() as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")
    assert (alive.status_code, alive.json()["status"]) == (200, "ok")
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ready", "store": True, "schema": True, "revision": ready.json()["revision"], "worker": True,
    }  # fmt: skip


async def test_a_server_whose_workers_stopped_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    async with begun(settings) as engine:
        app = build_app(engine, settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["worker"]) == (503, False)
        assert "telefonie_store_up 0.0" in (await client.get("/metrics")).text


async def test_figures_on_both_stores(house: House) -> None:
    async with house.customer() as client:
        created = await client.post("/v1/voice/calls", json={"from": "+15550001111", "to": "+12125550100"})
        await client.get(f"/v1/voice/calls/{created.json()['id']}")
        text = (await client.get("/metrics")).text
    assert (
        'telefonie_request_seconds_count{method="GET",route="/v1/voice/calls/{call_id}",status="2xx"}' in text
    )
    assert 'telefonie_calls{status="queued"}' in text
    assert "telefonie_batch_size_count" in text
    assert created.json()["id"] not in text


@pytest.mark.parametrize("face", FACES)
async def test_every_face_has_its_documents(local: httpx.AsyncClient, face: str) -> None:
    assert f'href="{face}/docs"' in (await local.get("/docs")).text
    assert "openapi.json" in (await local.get(f"{face}/docs")).text
    assert (await local.get(f"{face}/openapi.json")).json()["openapi"].startswith("3.")


async def test_another_path_is_told_in_our_envelope(local: httpx.AsyncClient) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("POST", "/healthz", 405),
        ("GET", "/v1/nothing", 404),
    ):
        answer = await local.request(method, path)
        assert answer.status_code == status
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


# -- who may see what --


@pytest.mark.parametrize("path", ["/metrics", "/docs"])
async def test_others_need_the_admin_key(public: httpx.AsyncClient, path: str) -> None:
    without = await public.get(path)
    assert without.status_code == 401
    assert without.headers["www-authenticate"].startswith("Basic")
    basic = base64.b64encode(f"anybody:{ADMIN_KEY}".encode()).decode()
    for headers in (
        {"X-Admin-Key": ADMIN_KEY},
        {"Authorization": f"Bearer {ADMIN_KEY}"},
        {"Authorization": f"Basic {basic}"},
    ):
        assert (await public.get(path, headers=headers)).status_code == 200, headers
    strangers = [
        (b"X-Admin-Key", API_KEY.encode()),
        (b"X-Admin-Key", DEVELOPMENT_ADMIN_KEY.encode()),
        (b"X-Admin-Key", b"\xc3\xa9"),
        (b"Authorization", b"Basic !!!"),
        (b"Authorization", b"Digest " + ADMIN_KEY.encode()),
    ]
    for header in strangers:
        assert (await public.get(path, headers=[header])).status_code == 401, header


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_probes_are_open(public: httpx.AsyncClient, path: str) -> None:
    assert (await public.get(path)).status_code == 200


async def test_the_admin_face_takes_the_operators_key_only(public: httpx.AsyncClient) -> None:
    for key, status in ((ADMIN_KEY, 200), (DEVELOPMENT_ADMIN_KEY, 401)):
        assert (await public.get("/v1/admin/accounts", headers={"X-Admin-Key": key})).status_code == status


# -- from where --


async def test_with_known_keys_only_local_names_are_answered(tmp_path: Path) -> None:
    async with serving(Settings(data=tmp_path)) as client:
        for host, status in (("evil.example", 403), ("localhost:8080", 200)):
            answer = await client.get("/v1/voice/calls", headers={"Host": host, "X-API-Key": DEVELOPMENT_KEY})
            assert answer.status_code == status
    own = Settings(data=tmp_path / "own", api_key=API_KEY, admin_key=ADMIN_KEY)
    async with serving(own) as client:
        answer = await client.get("/v1/voice/calls", headers={"Host": "behind.a.proxy", "X-API-Key": API_KEY})
        assert answer.status_code == 200


async def test_a_name_may_be_allowed(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path, allowed_hosts=("tunnel.example",), public_url="https://public.example:8443"
    )
    async with serving(settings) as client:
        for host, status in (("tunnel.example", 200), ("public.example:8443", 200), ("evil.example", 403)):
            answer = await client.get("/v1/voice/calls", headers={"Host": host, "X-API-Key": DEVELOPMENT_KEY})
            assert answer.status_code == status


async def test_pages_of_other_origins_stay_out_unless_let_in(tmp_path: Path) -> None:
    asking = {
        "Origin": "https://app.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key,content-type,idempotency-key",
    }
    async with serving(Settings(data=tmp_path)) as client:
        assert (
            "access-control-allow-origin"
            not in (await client.options("/v1/voice/calls", headers=asking)).headers
        )
    async with serving(Settings(data=tmp_path, cors_origins=("https://app.example.com",))) as client:
        asked = await client.options("/v1/voice/calls", headers=asking)
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == "https://app.example.com"
        stranger = await client.options(
            "/v1/voice/calls", headers=asking | {"Origin": "https://evil.example"}
        )
        assert "access-control-allow-origin" not in stranger.headers
        refused = await client.get("/v1/voice/calls", headers={"Origin": "https://app.example.com"})
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == "https://app.example.com"
        assert "X-Request-Id" in refused.headers["access-control-expose-headers"]


# -- what a new store begins with --


async def test_a_new_store_on_loopback_has_the_development_account(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, clock=Mode.MANUAL)
    async with begun(settings) as engine:
        first = await settle(engine, settings)
        again = await settle(engine, settings)
        caller = await engine.registry.authenticate(DEVELOPMENT_KEY)
        assert caller is not None
        assert caller.account.name == "development"
        assert (await engine.timekeeper.clock(caller.account.id)).clock.mode is Mode.MANUAL
        assert (await engine.registry.accounts(1, 10))[1] == 1
    assert (first.key, first.admin_key) == (DEVELOPMENT_KEY, DEVELOPMENT_ADMIN_KEY)
    assert first.secrets[0].startswith("whsec_")
    assert first == again


async def test_the_development_account_is_the_same_everywhere(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "other"):
        settings = Settings(data=tmp_path / name)
        async with begun(settings) as engine:
            await settle(engine, settings)
            caller = await engine.registry.authenticate(DEVELOPMENT_KEY)
            assert caller is not None
            ids.add(caller.account.id)
    assert len(ids) == 1


async def test_the_development_account_has_one_application_without_a_key(tmp_path: Path) -> None:
    """It is made where it is not there, and left alone where it is."""
    settings = Settings(data=tmp_path)
    async with begun(settings) as engine:
        await settle(engine, settings)
        caller = await engine.registry.authenticate(DEVELOPMENT_KEY)
        assert caller is not None
        first = await engine.applications.one(caller.account.id, DEVELOPMENT_APPLICATION)
        assert (first.name, first.public_key) == ("development", "")
        assert first.secret
        await engine.applications.rotate(caller.account.id, first.id, keys().public)
        await settle(engine, settings)
        [[found], total] = await engine.applications.page(caller.account.id, 1, 10)
        assert (found, total) == (replace(first, public_key=keys().public), 1)


async def test_a_new_store_with_a_key_of_its_own_has_the_default_account(tmp_path: Path) -> None:
    settings = replace(OPEN, data=tmp_path)
    async with begun(settings) as engine:
        told = await settle(engine, settings)
        caller = await engine.registry.authenticate(API_KEY)
        assert caller is not None
        assert caller.account.name == "default"
        assert await engine.registry.authenticate(DEVELOPMENT_KEY) is None
    assert (told.key, told.admin_key, told.secrets) == (None, None, ())


# -- where links in letters lead --


@pytest.mark.parametrize(
    ("settings", "listening", "base"),
    [
        (Settings(), "http://127.0.0.1:4711", "http://127.0.0.1:4711"),
        (Settings(host="0.0.0.0", port=81), None, "http://127.0.0.1:81"),  # noqa: S104 - nobody listens
        (Settings(tls=True), None, "https://127.0.0.1:8080"),
        (Settings(tls_port=8443), None, "http://127.0.0.1:8080"),
        (Settings(public_url="https://voice.example"), "http://127.0.0.1:4711", "https://voice.example"),
    ],
)
async def test_links_in_letters_lead_to_where_the_server_is_found(
    tmp_path: Path, settings: Settings, listening: str | None, base: str
) -> None:
    engine = make_engine(replace(settings, data=tmp_path), listening)
    with pytest.raises(RuntimeError, match="before the engine has started"):
        engine.doorman.seal.key.hex()
    await engine.start()
    seal = engine.doorman.seal
    await engine.stop()
    address = telefonie.TelefonieFace(links_of(seal, settings, listening)).link("r-1", 0)
    assert address.startswith(f"{base}/v1/voice/recordings/r-1/media.wav?expires=86400&signature=")


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_authorities_that_cannot_be_read_are_refused(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "authorities.pem"
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadSetting, match=r"^--trusted-authorities .*authorities\.pem holds no certificates"):
        make_engine(Settings(data=tmp_path, trusted_authorities=file))


async def test_a_key_that_an_old_store_does_not_know_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with begun(Settings(data=tmp_path)) as engine:
        await settle(engine, Settings(data=tmp_path))
        assert not caplog.records
        await settle(engine, Settings(data=tmp_path, api_key=API_KEY))
        assert await engine.registry.authenticate(API_KEY) is None
    assert "TELEFONIE_API_KEY is no key of this store" in caplog.text
    assert API_KEY not in caplog.text


async def test_a_store_with_the_development_key_is_not_opened_to_others(tmp_path: Path) -> None:
    async with begun(Settings(data=tmp_path)) as engine:
        await settle(engine, Settings(data=tmp_path))
        with pytest.raises(BadSetting, match=r"192\.0\.2\.1.*everybody"):
            await settle(engine, replace(OPEN, data=tmp_path))
        caller = await engine.registry.authenticate(DEVELOPMENT_KEY)
        assert caller is not None
        await engine.registry.revoke_key(caller.account.id, caller.key_id)
        assert (await settle(engine, replace(OPEN, data=tmp_path))).key is None
