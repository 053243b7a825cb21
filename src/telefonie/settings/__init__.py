"""The only module that reads environment variables: how one server is set up."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from telefonie.core.clocks import Mode
from telefonie.settings import readers
from telefonie.settings.agreement import objections
from telefonie.settings.options import OPTIONS, PREFIX, Option
from telefonie.settings.readers import Network

SECRET_VARIABLE: Final = "TELEFONIE_WEBHOOK_SECRET"  # noqa: S105 - a name, not a secret
FOR_TESTS: Final = "TELEFONIE_TEST_"
DEVELOPMENT_KEY: Final = "telefonie-dev-key"
# Of the development account: the same on every server, so that examples can name it.
DEVELOPMENT_APPLICATION: Final = "7e1ef041-e000-4000-8000-000000000001"
DEVELOPMENT_ADMIN_KEY: Final = "telefonie-dev-admin"


__all__ = [
    "DEVELOPMENT_ADMIN_KEY",
    "DEVELOPMENT_APPLICATION",
    "DEVELOPMENT_KEY",
    "OPTIONS",
    "SECRET_VARIABLE",
    "BadSetting",
    "Option",
    "Settings",
    "default_of",
    "from_environment",
    "given_secret",
    "is_loopback",
    "present_settings",
    "unknown_variables",
]


class BadSetting(Exception):
    """A setting that cannot be used; the message is for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How one server runs. The field `name` is set by TELEFONIE_NAME and mostly by --name too."""

    host: str = "127.0.0.1"
    port: int = 8080
    tls: bool = False
    tls_port: int | None = None
    tls_names: tuple[str, ...] = ()
    tls_folder: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    data: Path = Path(".telefonie")
    database_url: str | None = None
    listen_url: str | None = None
    ephemeral: bool = False
    migrate: bool = True
    media: str | None = None
    media_endpoint: str | None = None
    region: str = "local"
    workers: int = 1
    postmen: int = 256
    callback_timeout: int = 15
    lease_seconds: int = 30
    media_seconds: int = 86_400
    clock: Mode = Mode.REALTIME
    api_key: str | None = None
    admin_key: str | None = None
    allow_private_targets: tuple[Network, ...] = ()
    trusted_authorities: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    public_url: str | None = None
    log_format: str = "auto"
    log_level: str = "info"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def pooled(self) -> bool:
        """Whether a pooler that hands out connections by the transaction stands before the database."""
        return self.listen_url is not None

    @property
    def media_place(self) -> str:
        """Where files are kept: a folder, or s3://bucket/prefix."""
        return self.media or str(self.data / "media")

    @property
    def encrypted(self) -> bool:
        """Whether there is a port that speaks https."""
        return self.tls or self.tls_port is not None

    @property
    def scheme(self) -> str:
        """How the port is spoken to, which is the only one or the first of two."""
        return "https" if self.tls else "http"

    @property
    def tls_place(self) -> Path:
        """The folder of the local certificate authority."""
        return self.tls_folder or self.data / "tls"

    @property
    def certified_names(self) -> tuple[str, ...]:
        """By which names and addresses, beside the local ones, a certificate has to be right."""
        public = urlsplit(self.public_url or "").hostname
        given = (None if self.host in _EVERYWHERE else self.host, public)
        return (*self.tls_names, *(readers.certified(each) for each in given if each))

    @property
    def effective_admin_key(self) -> str:
        """What X-Admin-Key must be. (Off loopback a server without one does not start.)"""
        return self.admin_key or DEVELOPMENT_ADMIN_KEY

    @property
    def known_keys(self) -> bool:
        """Whether a key that stands in the README opens this server's doors."""
        known = {None, DEVELOPMENT_KEY, DEVELOPMENT_ADMIN_KEY}
        return self.api_key in known or self.admin_key in known

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand in no log."""
        urls = (urlsplit(url) for url in (self.database_url, self.listen_url) if url)
        passwords = [url.password for url in urls if url.password]
        keys = [key for key in (self.api_key, self.admin_key) if key]
        return (*keys, *passwords, *map(unquote, passwords))


def is_loopback(host: str) -> bool:
    """Whether a host, as it stands in a setting or a Host header, certainly means this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def from_environment(environ: Mapping[str, str], given: Mapping[str, str] | None = None) -> Settings:
    """The settings out of the variables and, above them, what the command line gave, by name."""
    given = given or {}
    texts = _texts(environ, given)
    values = {}
    for option in OPTIONS:
        text = given.get(option.name, texts.get(option.name))
        if text is not None:
            try:
                values[option.name] = option.read(text)
            except ValueError as error:
                name = option.flag if option.name in given else option.variable
                raise BadSetting(f"{name} {error}.") from None
    settings = Settings(**values)  # type: ignore[arg-type]  # each reader gives its field's type; a test goes through all
    for objection in objections(settings):
        raise BadSetting(objection)
    return settings


def _texts(environ: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What the environment says, without what the command line answers in another way."""
    texts = {option.name: environ[option.variable] for option in OPTIONS if environ.get(option.variable)}
    for rivals in _RIVALS:
        if not given.keys().isdisjoint(rivals):
            for rival in rivals:
                texts.pop(rival, None)
    return texts


def present_settings(given: Mapping[str, str]) -> Settings:
    """The settings of this process."""
    return from_environment(os.environ, given)


def unknown_variables() -> tuple[str, ...]:
    """Variables of this process that look like settings and are none: typing errors, most of the time."""
    known = {*(option.variable for option in OPTIONS), SECRET_VARIABLE}
    strange = (name for name in os.environ if name.startswith(PREFIX) and name not in known)
    return tuple(sorted(name for name in strange if not name.startswith(FOR_TESTS)))


def given_secret() -> str | None:
    """What `telefonie listen` checks signatures with."""
    return os.environ.get(SECRET_VARIABLE)


def default_of(option: Option) -> str:
    """The default of a setting, for people."""
    value = getattr(Settings(), option.name)
    match value:
        case bool():
            return "yes" if value else "no"
        case None | ():
            return "none"
        case _:
            return str(value)


# Whoever gives one of them on the command line has answered the question that all of them answer.
_RIVALS: Final = (("data", "database_url", "ephemeral"), ("tls", "tls_port"))
_EVERYWHERE: Final = {"0.0.0.0", "::"}  # noqa: S104 - looked for, not listened on
