"""The only module that tells which settings, fine alone, contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telefonie.settings import Settings


def objections(settings: Settings) -> Iterator[str]:
    """Settings that are fine alone and contradict each other."""
    if settings.ephemeral and settings.database_url:
        yield "--ephemeral and --database-url exclude each other (TELEFONIE_EPHEMERAL, TELEFONIE_DATABASE_URL)."
    if settings.listen_url and not settings.database_url:
        yield "--listen-url (TELEFONIE_LISTEN_URL) goes with --database-url (TELEFONIE_DATABASE_URL)."
    if settings.media_endpoint and not settings.media_place.startswith("s3://"):
        yield "--media-endpoint (TELEFONIE_MEDIA_ENDPOINT) goes with --media s3://bucket (TELEFONIE_MEDIA)."
    if settings.workers > 1 and not settings.database_url:
        yield (
            f"--workers {settings.workers} needs Postgres: the embedded store is for one process. "
            "Give --database-url (TELEFONIE_DATABASE_URL), or leave --workers out."
        )
    if settings.lease_seconds <= settings.callback_timeout:
        yield (
            f"--lease-seconds {settings.lease_seconds} must be more than --callback-timeout "
            f"{settings.callback_timeout}, or callbacks that are still under way are sent again."
        )
    yield from _about_keys(settings)
    yield from _about_tls(settings)


def _about_keys(settings: Settings) -> Iterator[str]:
    if settings.api_key and settings.api_key == settings.admin_key:
        yield "TELEFONIE_API_KEY and TELEFONIE_ADMIN_KEY must differ."
    missing = [name for name, key in (("API", settings.api_key), ("ADMIN", settings.admin_key)) if not key]
    if missing and not settings.loopback:
        yield _open_door(settings.host, missing)


def _open_door(host: str, missing: list[str]) -> str:
    lines = [
        f"Others can reach {host}, and the development keys are known to everybody. Set your own keys first:"
    ]
    lines += [f"  export TELEFONIE_{name}_KEY=$(openssl rand -hex 32)" for name in missing]
    return "\n".join([*lines, "or listen on this machine only: --host 127.0.0.1 (TELEFONIE_HOST)."])


def _about_tls(settings: Settings) -> Iterator[str]:
    if settings.tls and settings.tls_port is not None:
        yield (
            "--tls makes the port https and --tls-port adds one beside http: give one of them "
            "(TELEFONIE_TLS, TELEFONIE_TLS_PORT)."
        )
    if settings.tls_port and settings.tls_port == settings.port:
        yield f"--port and --tls-port are both {settings.port}; for https alone, give --tls instead of --tls-port."
    if settings.tls_key and not settings.tls_certificate:
        yield "--tls-key (TELEFONIE_TLS_KEY) goes with --tls-certificate FILE."
    if settings.tls_certificate and settings.tls_names:
        yield (
            "--tls-names are names for the local authority to certify; a certificate of your own "
            "(--tls-certificate) has its names already (TELEFONIE_TLS_NAMES, TELEFONIE_TLS_CERTIFICATE)."
        )
    if settings.encrypted:
        yield from _about_names(settings)
    elif settings.tls_certificate or settings.tls_names:
        flag = "--tls-certificate" if settings.tls_certificate else "--tls-names"
        yield f"{flag} does nothing without --tls or --tls-port (TELEFONIE_TLS, TELEFONIE_TLS_PORT)."


def _about_names(settings: Settings) -> Iterator[str]:
    try:
        settings.certified_names  # noqa: B018 - looked at for what it objects to
    except ValueError as error:
        yield f"What --host and --public-url say is to stand in the certificate, and {error}."
