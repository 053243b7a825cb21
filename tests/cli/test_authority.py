"""The authority is made once and kept; certificates are renewed under it, by one process at a time."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from telefonie.cli import certificates
from telefonie.cli.authority import PRIVATE, PUBLIC, RENEWED_BEFORE, SERVER, keep
from telefonie.cli.certificates import LOCAL, NEAR
from telefonie.cli.refusal import Refusal
from tests.support.project import ROOT

START = datetime(2030, 1, 1, tzinfo=UTC)
FILES = (PRIVATE, PUBLIC, SERVER)

LOCKED = ec.generate_private_key(ec.SECP256R1()).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"a passphrase")
)


def held(place: Path) -> dict[str, bytes]:
    return {name: (place / name).read_bytes() for name in FILES}


def names(place: Path) -> tuple[str, ...]:
    return certificates.names_of(certificates.public_of((place / SERVER).read_bytes()))


def realm(place: Path) -> frozenset[str]:
    return certificates.realm_of(certificates.public_of((place / PUBLIC).read_bytes()))


def test_it_is_made_once(tmp_path: Path) -> None:
    place = tmp_path / "data" / "tls"
    kept = keep(place, (), START)
    assert (kept.authority, kept.server) == (place / PUBLIC, place / SERVER)
    first = held(place)
    assert keep(place, (), START + timedelta(days=300)) == kept
    assert held(place) == first
    assert names(place) == LOCAL
    assert realm(place) == NEAR


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_private_keys_are_for_their_owner_and_nothing_is_for_version_control(tmp_path: Path) -> None:
    place = tmp_path / "data" / "tls"
    keep(place, (), START)
    for private in (place.parent, place, place / PRIVATE, place / SERVER):
        assert private.stat().st_mode & 0o077 == 0, private
    assert (place.parent / ".gitignore").read_text() == "*\n"
    assert b"PRIVATE KEY" not in held(place)[PUBLIC]


def test_a_certificate_is_renewed_a_month_before_its_end_and_the_authority_stays(tmp_path: Path) -> None:
    first = keep(tmp_path, ("voice.test",), START)
    before = held(tmp_path)
    assert keep(tmp_path, ("voice.test",), first.renew_at - timedelta(seconds=1)) == first
    assert held(tmp_path) == before
    second = keep(tmp_path, ("voice.test",), first.renew_at)
    after = held(tmp_path)
    assert second.renew_at > first.renew_at + timedelta(days=360)
    assert after[SERVER] != before[SERVER]
    assert after[PUBLIC] == before[PUBLIC]
    assert names(tmp_path) == (*LOCAL, "voice.test")


def test_an_authority_that_ends_is_replaced_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(tmp_path, ("voice.test",), START)
    before = held(tmp_path)
    end = certificates.pair_of(before[PRIVATE]).until
    with caplog.at_level(logging.WARNING, "telefonie"):
        last = keep(tmp_path, (), end - RENEWED_BEFORE - timedelta(seconds=1))
        assert held(tmp_path)[PUBLIC] == before[PUBLIC]
        assert last.renew_at == end - RENEWED_BEFORE
        assert not caplog.messages
        keep(tmp_path, (), last.renew_at)
    assert held(tmp_path)[PUBLIC] != before[PUBLIC]
    assert realm(tmp_path) == NEAR | {"voice.test"}
    (said,) = caplog.messages
    assert "good until 2039-12-29 only" in said
    assert str(tmp_path / PUBLIC) in said
    assert "telefonie trust" in said


def test_a_name_nearby_is_added_without_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    keep(tmp_path, (), START)
    before = held(tmp_path)
    keep(tmp_path, ("api.localhost", "127.0.0.2"), START)
    assert held(tmp_path)[PUBLIC] == before[PUBLIC]
    assert names(tmp_path) == (*LOCAL, "api.localhost", "127.0.0.2")
    assert not caplog.messages


def test_a_strange_name_takes_a_new_authority_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(tmp_path, ("one.test",), START)
    before = held(tmp_path)
    keep(tmp_path, ("two.test", "192.168.1.5"), START)
    (said,) = caplog.messages
    assert "because it may not vouch for two.test, 192.168.1.5." in said
    after = held(tmp_path)
    assert after[PUBLIC] != before[PUBLIC]
    for given in (("one.test",), ("two.test",), ("deep.in.two.test",), ()):
        keep(tmp_path, given, START)
    assert held(tmp_path)[PUBLIC] == after[PUBLIC]
    assert set(names(tmp_path)) == {*LOCAL, "one.test", "two.test", "deep.in.two.test", "192.168.1.5"}
    assert len(caplog.messages) == 1


def test_what_others_have_of_it_is_written_again(tmp_path: Path) -> None:
    keep(tmp_path, (), START)
    before = held(tmp_path)
    (tmp_path / PUBLIC).write_text("something else")
    keep(tmp_path, (), START)
    assert held(tmp_path) == before


def test_a_certificate_that_is_spoiled_is_made_again(tmp_path: Path) -> None:
    keep(tmp_path, ("voice.test",), START)
    before = held(tmp_path)
    (tmp_path / SERVER).write_bytes(before[SERVER][:100])
    (tmp_path / f".{SERVER}.new").write_text("of somebody who was killed at it")
    keep(tmp_path, (), START)
    assert held(tmp_path)[PUBLIC] == before[PUBLIC]
    assert names(tmp_path) == LOCAL


def test_a_certificate_of_another_authority_is_made_again(tmp_path: Path) -> None:
    for each in ("one", "other"):
        keep(tmp_path / each, (), START)
    (tmp_path / "one" / SERVER).write_bytes(held(tmp_path / "other")[SERVER])
    keep(tmp_path / "one", (), START)
    pairs = {name: certificates.pair_of(held(tmp_path / "one")[name]) for name in (PRIVATE, SERVER)}
    assert certificates.issued(pairs[SERVER], pairs[PRIVATE])


@pytest.mark.parametrize("found", ["nothing", "locked", "of a server"])
def test_an_authority_that_cannot_be_read_is_not_thrown_away(found: str, tmp_path: Path) -> None:
    keep(tmp_path, (), START)
    text = {"nothing": b"not a key", "locked": LOCKED, "of a server": held(tmp_path)[SERVER]}[found]
    (tmp_path / PRIVATE).write_bytes(text)
    with pytest.raises(Refusal, match=r"authority\.key is no authority of ours.*Remove it.*--tls-folder"):
        keep(tmp_path, (), START)
    assert (tmp_path / PRIVATE).read_bytes() == text


def test_a_folder_that_cannot_be_used_is_told_with_its_option(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match=r"file/tls .*cannot be used.*--tls-folder"):
        keep(tmp_path / "file" / "tls", (), START)


@pytest.mark.e2e
def test_processes_that_start_at_once_have_one_authority(tmp_path: Path) -> None:
    """All files fit, and every name that was given to one of them is there."""
    program = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path; "
        "from telefonie.cli.authority import keep; print(flush=True); sys.stdin.read(); "
        "keep(Path('tls'), (sys.argv[1],), datetime(2030, 1, 1, tzinfo=UTC))"
    )
    started = [
        subprocess.Popen(  # noqa: S603 - our own words, no shell
            [sys.executable, "-c", program, f"{name}.localhost"], cwd=tmp_path, text=True,
            env={"PYTHONPATH": str(ROOT / "src")}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for name in "abc"
    ]  # fmt: skip
    for each in started:
        assert each.stdout is not None
        each.stdout.readline()
    for each in started:
        assert each.stdin is not None
        each.stdin.close()
    for each in started:
        with each:
            assert each.wait(20) == 0
    pairs = {name: certificates.pair_of(held(tmp_path / "tls")[name]) for name in (PRIVATE, SERVER)}
    assert certificates.text_of(pairs[PRIVATE].above) == held(tmp_path / "tls")[PUBLIC]
    assert certificates.issued(pairs[SERVER], pairs[PRIVATE])
    assert set(names(tmp_path / "tls")) == {*LOCAL, "a.localhost", "b.localhost", "c.localhost"}
