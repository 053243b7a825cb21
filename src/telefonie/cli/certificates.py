"""The only module that makes certificates: of an authority that can vouch for few names only, and by it of a server.

What people trust is a root whose key nobody has: it signed one issuer and was forgotten. The limits stand in both,
for many programs (Java's, for one) do not look for limits in what they were told to trust.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# What browsers take from an authority that a person has installed: Apple's allow 825 days, and 398 from others.
LEAF_LIFE: Final = timedelta(days=397)
AUTHORITY_LIFE: Final = timedelta(days=3650)
# Clocks differ; a certificate that begins this second is refused by whoever is slow.
EARLIER: Final = timedelta(hours=1)
LOCAL: Final = ("localhost", "127.0.0.1", "::1")

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Realm: TypeAlias = frozenset[str]  # domains (each with all below it) and networks
NEAR: Final[Realm] = frozenset({"localhost", "127.0.0.0/8", "::1/128"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, and who vouches for it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: x509.Certificate

    @property
    def whole(self) -> bytes:
        """All of it in one text, so that a file never holds one without the other."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + text_of(self.certificate) + text_of(self.above)

    @property
    def until(self) -> datetime:
        """When it expires."""
        return self.certificate.not_valid_after_utc


def pair_of(text: bytes) -> Pair:
    """The pair in a text; a ValueError if there is none."""
    try:
        key = load_pem_private_key(text, None)
        certificates = x509.load_pem_x509_certificates(text)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from None
    if len(certificates) != 2:
        raise ValueError(f"certificates: {len(certificates)}, not two")
    certificate, above = certificates
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
        raise ValueError("the key is not that of the certificate")
    return Pair(certificate, key, above)


def text_of(certificate: x509.Certificate) -> bytes:
    """What others may read."""
    return certificate.public_bytes(Encoding.PEM)


def public_of(text: bytes) -> x509.Certificate:
    """The certificate in a text."""
    return x509.load_pem_x509_certificate(text)


def new_authority(realm: Realm, now: datetime) -> Pair:
    """An issuer and the root above it. Whoever has its key can vouch for nothing outside of the realm."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    # Names of their own: programs that know two authorities of one name mix up their certificates.
    tag = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()).digest.hex()[:8]
    name, root_name = _name(f"Telefonie local issuer {tag}"), _name(f"Telefonie local authority {tag}")
    until = now - EARLIER + AUTHORITY_LIFE
    limits = x509.NameConstraints([_subtree(each) for each in sorted(realm)], None)

    def authority(begun: x509.CertificateBuilder, below: int) -> x509.CertificateBuilder:
        return (
            begun.add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
            .add_extension(limits, critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
        )

    root = authority(_begun(root_name, root_name, root_key, now, until), 1).sign(root_key, hashes.SHA256())
    issuer = _below(authority(_begun(name, root_name, key, now, until), 0), root)
    return Pair(issuer.sign(root_key, hashes.SHA256()), key, root)


def new_leaf(authority: Pair, names: Iterable[str], now: datetime) -> Pair:
    """A certificate for a server of these names, for as long as browsers put up with, or the authority lives."""
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(now - EARLIER + LEAF_LIFE - timedelta(seconds=1), authority.until)
    issuer = authority.certificate
    begun = (
        _begun(_name("localhost"), issuer.subject, key, now, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
    )
    return Pair(_below(begun, issuer).sign(authority.key, hashes.SHA256()), key, issuer)


def issued(leaf: Pair, authority: Pair) -> bool:
    """Whether the authority vouches for the leaf, as far as its signature goes."""
    if leaf.above != authority.certificate:
        return False
    try:
        leaf.certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(certificate: x509.Certificate) -> str:
    """By which people compare certificates."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def names_of(leaf: x509.Certificate) -> tuple[str, ...]:
    """What a leaf is for; a ValueError if it does not say."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise ValueError(str(error)) from None
    return tuple(str(each.value) for each in names)


def realm_of(authority: x509.Certificate) -> Realm:
    """What an authority may vouch for; a ValueError if that has no limits."""
    try:
        found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        raise ValueError("it may vouch for any name") from None
    return frozenset(str(each.value) for each in found.permitted_subtrees or ())


def realm_for(names: Iterable[str], known: Realm = NEAR) -> Realm:
    """A realm in which these names lie, too."""
    strange = [each for each in names if not lies_in(each, known)]
    return known | {_bare(each) if _address(each) is None else str(_network(each)) for each in strange}


def lies_in(name: str, realm: Realm) -> bool:
    """Whether an authority of the realm may vouch for the name."""
    if _address(name) is not None:
        wanted = _network(name)
        nets = (net for each in realm if (net := _as_network(each)) is not None)
        return any(net.version == wanted.version and wanted.subnet_of(net) for net in nets)  # type: ignore[arg-type]  # of one version
    bare = _bare(name)
    return any(bare == each or bare.endswith(f".{each}") for each in realm)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


def _below(begun: x509.CertificateBuilder, issuer: x509.Certificate) -> x509.CertificateBuilder:
    above = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    known = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above)
    return begun.add_extension(known, critical=False)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Telefonie"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _subtree(each: str) -> x509.GeneralName:
    network = _as_network(each)
    return x509.DNSName(each) if network is None else x509.IPAddress(network)


def _bare(name: str) -> str:
    return name.removeprefix("*.")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _network(address: str) -> Network:
    return ipaddress.ip_network(address)


def _as_network(each: str) -> Network | None:
    try:
        return ipaddress.ip_network(each)
    except ValueError:
        return None
