"""What the local authority certifies is believed for its names by the strictest of checks, and nothing else is."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import pytest
from cryptography import x509

from telefonie.cli import certificates
from telefonie.cli.certificates import LOCAL, NEAR, Pair, lies_in, realm_for, text_of
from tests.cli.shakes import shake, showing, trusting

NOW = datetime.fromtimestamp(int(time()), UTC)  # who checks a certificate has no other clock
NAMES = (*LOCAL, "voice.test", "*.voice.test", "192.168.1.5", "fd00::5")

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")


@pytest.fixture(scope="module")
def authority() -> Pair:
    return certificates.new_authority(realm_for(NAMES), NOW)


@pytest.fixture(scope="module")
def leaf(authority: Pair) -> Pair:
    return certificates.new_leaf(authority, NAMES, NOW)


@pytest.mark.parametrize("name", [*LOCAL, "voice.test", "api.voice.test", "192.168.1.5", "fd00::5"])
def test_every_name_is_believed(name: str, authority: Pair, leaf: Pair, tmp_path: Path) -> None:
    shaken = shake(showing(leaf, tmp_path), trusting(text_of(authority.above)), name)
    assert shaken.carries(b"hello") == b"hello"


@needs_openssl
def test_openssl_believes_it_too(authority: Pair, leaf: Pair, tmp_path: Path) -> None:
    assert openssl_says(authority, leaf, tmp_path).endswith("leaf.pem: OK\n")


def test_a_name_that_was_not_given_is_not(authority: Pair, leaf: Pair, tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake(showing(leaf, tmp_path), trusting(text_of(authority.above)), "other.test")


@pytest.mark.parametrize(
    "name", ["bank.test", "voice.test.example.com", "localhost.example.com", "10.0.0.1", "fd00::6"]
)
def test_a_stolen_authority_is_of_no_use_for_other_names(name: str, authority: Pair, tmp_path: Path) -> None:
    forged = certificates.new_leaf(authority, [name], NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake(showing(forged, tmp_path), trusting(text_of(authority.above)), name)


@needs_openssl
def test_nor_does_openssl_believe_it(authority: Pair, tmp_path: Path) -> None:
    forged = certificates.new_leaf(authority, ["bank.test"], NOW)
    assert "permitted subtree violation" in openssl_says(authority, forged, tmp_path)


def test_nor_for_making_further_authorities(authority: Pair, tmp_path: Path) -> None:
    below = certificates.new_authority(NEAR, NOW)
    forged = certificates.new_leaf(below, LOCAL, NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        shake(showing(forged, tmp_path), trusting(text_of(authority.above)), "localhost")
    for each, depth in ((authority.certificate, 0), (authority.above, 1)):
        basic = each.extensions.get_extension_for_class(x509.BasicConstraints)
        assert basic.critical
        assert basic.value == x509.BasicConstraints(ca=True, path_length=depth)


def test_the_names_are_a_limit_that_nobody_may_overlook(authority: Pair) -> None:
    """They stand in both, as some do not look for limits in what they were told to trust."""
    for each in (authority.certificate, authority.above):
        assert each.extensions.get_extension_for_class(x509.NameConstraints).critical
        assert certificates.realm_of(each) == NEAR | {
            "voice.test",
            "192.168.1.5/32",
            "fd00::5/128",
        }


def test_a_certificate_lives_no_longer_than_browsers_allow(authority: Pair, leaf: Pair) -> None:
    shown = leaf.certificate
    life = shown.not_valid_after_utc - shown.not_valid_before_utc + timedelta(seconds=1)  # both ends count
    assert life <= timedelta(days=397)
    assert leaf.until > NOW + timedelta(days=396)
    assert shown.not_valid_before_utc < NOW  # clocks differ
    late = certificates.new_leaf(authority, LOCAL, authority.until - timedelta(days=100))
    assert late.until == authority.until


def test_two_authorities_have_two_names() -> None:
    """Programs that know both by one name try the wrong key."""
    one, other = (certificates.new_authority(NEAR, NOW) for _ in range(2))
    subjects = {each.subject for pair in (one, other) for each in (pair.certificate, pair.above)}
    assert len(subjects) == 4
    assert not certificates.issued(certificates.new_leaf(one, LOCAL, NOW), other)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("localhost", True),
        ("api.localhost", True),
        ("notlocalhost", False),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("128.0.0.1", False),
        ("::1", True),
        ("::2", False),
        ("voice.test", False),
    ],
)
def test_what_is_near_needs_no_new_authority(name: str, *, inside: bool) -> None:
    assert lies_in(name, NEAR) is inside


def test_a_wildcard_lies_in_its_domain() -> None:
    realm = realm_for(["*.voice.test"])
    assert realm == NEAR | {"voice.test"}
    assert lies_in("*.eu.voice.test", realm)
    assert not lies_in("*.test", realm)


def test_a_file_that_lacks_anything_is_no_pair(leaf: Pair) -> None:
    assert certificates.pair_of(leaf.whole).whole == leaf.whole
    key, _, _ = leaf.whole.partition(b"-----BEGIN CERTIFICATE")
    one, other = text_of(leaf.certificate), text_of(leaf.above)
    for wrong in (b"", key, one + other, key + one, key + other + one):
        with pytest.raises(ValueError, match=r"."):
            certificates.pair_of(wrong)


def openssl_says(authority: Pair, leaf: Pair, folder: Path) -> str:
    for name, each in (("root", authority.above), ("issuer", leaf.above), ("leaf", leaf.certificate)):
        (folder / f"{name}.pem").write_bytes(text_of(each))
    trusted = ["-CAfile", "root.pem", "-untrusted", "issuer.pem"]
    words = ["-x509_strict", "-purpose", "sslserver", *trusted, "leaf.pem"]
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        ["openssl", "verify", *words], cwd=folder, capture_output=True, text=True, check=False  # noqa: S607 - whose it is
    )  # fmt: skip
    return done.stdout + done.stderr
