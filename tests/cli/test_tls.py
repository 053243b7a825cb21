"""What the https port shows is never old, also in a server that runs for years, and never half of a pair."""

from __future__ import annotations

import asyncio
import gc
import logging
import shutil
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from telefonie.cli import address, certificates, tls
from telefonie.cli.authority import PRIVATE, PUBLIC, SERVER, keep
from telefonie.cli.certificates import LOCAL, NEAR, Pair, text_of
from telefonie.cli.process import Server
from telefonie.cli.refusal import Refusal
from telefonie.cli.tls import Papers, keep_fresh, papers
from telefonie.settings import Settings
from tests.cli.shakes import Shake, shake, trusting

NOW = tls.wall()
YEAR = timedelta(days=367)  # so long ago a certificate was made that now has less than a month
OF_ANOTHER = certificates.new_authority(NEAR, NOW).whole
SPOILED = OF_ANOTHER[:60] + b"\n-----END PRIVATE KEY-----\n"
LOCKED = SPOILED.replace(b"PRIVATE KEY", b"ENCRYPTED PRIVATE KEY")


def encrypted(folder: Path, **others: object) -> Settings:
    return Settings(tls=True, tls_folder=folder, **others)  # type: ignore[arg-type]  # what each test gives fits


def opened(settings: Settings, now: datetime = NOW) -> Papers:
    shown = papers(settings, now)
    assert shown is not None
    return shown


def seen(shown: Papers) -> Shake:
    """A new connection."""
    authority = shown.authority
    return shake(shown.context, trusting(authority.read_bytes() if authority else None), "localhost")


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, Pair]:
    """Two certificates that somebody brings along."""
    authority = certificates.new_authority(NEAR, NOW)
    return certificates.new_leaf(authority, LOCAL, NOW), certificates.new_leaf(authority, LOCAL, NOW)


@pytest.fixture
def brought(tmp_path: Path, pairs: tuple[Pair, Pair]) -> Settings:
    """A server with a certificate of its own."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_bytes(text_of(pairs[0].certificate))
    key.write_bytes(pairs[0].whole)
    return Settings(tls=True, tls_certificate=certificate, tls_key=key)


def test_without_tls_nothing_is_made(tmp_path: Path) -> None:
    assert papers(Settings(tls_folder=tmp_path), NOW) is None
    assert list(tmp_path.iterdir()) == []


def test_the_names_of_the_settings_are_certified(tmp_path: Path) -> None:
    named = encrypted(tmp_path, host="127.0.0.2", public_url="https://voice.test:8443", tls_names=("a.test",))
    names = certificates.names_of(seen(opened(named)).shown)
    assert names == (*LOCAL, "a.test", "127.0.0.2", "voice.test")


def test_a_server_that_runs_for_a_year_shows_a_new_certificate(tmp_path: Path) -> None:
    """New connections get it without a restart; one that stands goes on."""
    shown = opened(encrypted(tmp_path), NOW - YEAR)
    before = seen(shown)
    shown.renew(NOW - timedelta(days=2))
    assert not shown.load()
    assert seen(shown).shown == before.shown
    shown.renew(NOW)
    assert shown.load()
    after = seen(shown)
    assert after.shown != before.shown
    assert after.shown.not_valid_after_utc - NOW > timedelta(days=396)
    assert after.shown.issuer == before.shown.issuer
    assert before.carries(b"still here") == b"still here"


def test_what_another_process_renewed_is_taken_over(tmp_path: Path) -> None:
    shown = opened(encrypted(tmp_path), NOW - YEAR)
    keep(tmp_path, (), NOW)
    shown.renew(NOW)
    assert shown.load()
    assert certificates.pair_of((tmp_path / SERVER).read_bytes()).certificate == seen(shown).shown


def test_who_removes_the_folder_begins_anew(tmp_path: Path) -> None:
    shown = opened(encrypted(tmp_path / "tls"))
    before = seen(shown).shown
    shutil.rmtree(tmp_path / "tls")
    shown.renew(NOW)
    assert shown.load()
    assert seen(shown).shown.issuer != before.issuer


def test_a_certificate_of_ones_own_is_shown_and_its_successor_too(
    brought: Settings, pairs: tuple[Pair, Pair]
) -> None:
    shown = opened(brought)
    assert shown.authority is None
    assert seen(shown).shown == pairs[0].certificate
    put(brought.tls_certificate, text_of(pairs[1].certificate))
    with pytest.raises(Refusal, match=r"key\.pem is not that of the certificate"):
        shown.load()  # whoever renews it writes two files, one after the other
    assert seen(shown).shown == pairs[0].certificate
    put(brought.tls_key, pairs[1].whole)
    assert shown.load()
    assert seen(shown).shown == pairs[1].certificate


def test_one_file_may_hold_both(tmp_path: Path, pairs: tuple[Pair, Pair]) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(pairs[0].whole)
    assert seen(opened(Settings(tls=True, tls_certificate=both))).shown == pairs[0].certificate


async def test_it_is_kept_fresh_until_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = opened(encrypted(tmp_path), NOW - YEAR)
    before = seen(shown).shown
    with caplog.at_level(logging.INFO, "telefonie"):
        await until_asked(shown, [NOW - YEAR, NOW, NOW])
    assert caplog.messages == ["A new certificate is shown from now on"]
    assert seen(shown).shown != before


async def test_what_cannot_be_renewed_is_said_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shown = opened(encrypted(tmp_path), NOW - YEAR)
    before = seen(shown).shown
    kept = (tmp_path / PRIVATE).read_bytes()
    (tmp_path / PRIVATE).write_bytes(b"spoiled")
    with caplog.at_level(logging.INFO, "telefonie"):
        await until_asked(shown, [NOW, NOW, NOW])
        (said,) = caplog.messages
        assert "cannot be renewed; the old one is shown" in said
        assert seen(shown).shown == before
        (tmp_path / PRIVATE).write_bytes(kept)
        await until_asked(shown, [NOW])
    assert seen(shown).shown != before


async def until_asked(shown: Papers, moments: list[datetime]) -> None:
    """Keep it fresh, without pauses, for as many rounds as there are moments."""
    ended = asyncio.Event()
    left = list(moments)

    def clock() -> datetime:
        moment = left.pop(0)
        if not left:
            ended.set()
        return moment

    await keep_fresh(shown, ended, clock, pause=0)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda files: put(files.tls_certificate, b"nothing"), "cert.pem holds no certificate in PEM form"),
        (lambda files: put(files.tls_key, b"nothing"), "key.pem holds no private key in PEM form"),
        (lambda files: put(files.tls_key, OF_ANOTHER), "key.pem is not that of the certificate in"),
        (lambda files: put(files.tls_key, LOCKED), "key.pem has a passphrase, and nobody can be asked"),
        (lambda files: put(files.tls_key, SPOILED), "cert.pem cannot be used"),
        (lambda files: files.tls_key.unlink(), "key.pem cannot be read: No such file"),
        (lambda files: files.tls_certificate.unlink(), "cert.pem cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_ones_own_certificate_is_told(
    spoil: Callable[[Settings], None], told: str, brought: Settings
) -> None:
    spoil(brought)
    with pytest.raises(Refusal) as refused:
        opened(brought)
    assert told in str(refused.value)
    assert "--tls-" in str(refused.value)


def put(file: Path | None, content: bytes) -> None:
    """As programs that renew certificates do: another file in its place."""
    assert file is not None
    fresh = file.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(file)


async def test_who_does_not_shake_hands_is_not_waited_for(tmp_path: Path) -> None:
    shown, ready = opened(encrypted(tmp_path)), asyncio.Event()
    with address.take("127.0.0.1", 0) as listening:
        door = address.Door(listening, "https://127.0.0.1", encrypted=True)
        app = PlainTextResponse("ok")
        server = Server(app, [door], shown, ready.set, handshake_seconds=0.05)
        where = listening.getsockname()
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            async with asyncio.timeout(10):
                await ready.wait()
                silent, line = await asyncio.open_connection(*where)
                assert await silent.read() == b""
                line.close()
                spoken, line = await asyncio.open_connection(
                    *where, ssl=trusting((tmp_path / PUBLIC).read_bytes()), server_hostname="localhost"
                )
                line.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert (await spoken.readline()) == b"HTTP/1.1 200 OK\r\n"
                line.close()
        finally:
            server.should_exit = True
            await serving
            gc.unfreeze()  # what a server does for its own sake is nothing for a process full of tests


def test_old_versions_are_not_spoken(tmp_path: Path) -> None:
    shown = opened(encrypted(tmp_path))
    for version, spoken in (("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")):
        assert shake(shown.context, limited(version), "localhost").client.version() == spoken
    with pytest.warns(DeprecationWarning, match=r"TLSv1_1 is deprecated"):
        old = limited("TLSv1_1")
    with pytest.raises(ssl.SSLError, match="UNSUPPORTED_PROTOCOL"):
        shake(shown.context, old, "localhost")


def limited(version: str) -> ssl.SSLContext:
    """A client that speaks one version only, however weak."""
    context = trusting(None)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    return context
