"""The only module that lists the settings: name, variable, text, and how each is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from telefonie.settings import readers

PREFIX: Final = "TELEFONIE_"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting as people see it."""

    name: str
    group: str
    read: Callable[[str], object]
    metavar: str
    help: str
    secret: bool = (
        False  # taken from the environment only: a command line can be read by every user of a machine
    )

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


_WHERE: Final = "where it listens"
_TLS: Final = "https, with a certificate of the local authority or one of your own"
_STORE: Final = "what it keeps, and where"
_KEYS: Final = "keys (variables only: a command line can be read by every user of a machine)"
_REACH: Final = "who may come in, and where callbacks may go"
_WORK: Final = "how it works"

OPTIONS: Final = (
    Option(
        "host", _WHERE, readers.host, "HOST", "address to listen on; another than loopback needs both keys"
    ),
    Option("port", _WHERE, readers.whole(0, 65535), "PORT", "port to listen on; 0 picks a free one"),
    Option("public_url", _WHERE, readers.public_url, "URL", "the address by which others reach this server"),
    Option("tls", _TLS, readers.flag, "", "speak https, instead of http, on the port"),
    Option(
        "tls_port",
        _TLS,
        readers.whole(0, 65535),
        "PORT",
        "speak https on this port beside http on the other; 0 picks a free one",
    ),
    Option(
        "tls_names",
        _TLS,
        readers.names,
        "NAMES",
        "names and addresses by which the server is called, beside localhost, 127.0.0.1, ::1, --host and the "
        "host of --public-url",
    ),
    Option(
        "tls_folder",
        _TLS,
        readers.folder,
        "DIR",
        "folder of the local certificate authority; unless it is given, `tls` inside the folder that --data "
        "names or would name",
    ),
    Option(
        "tls_certificate",
        _TLS,
        readers.file,
        "FILE",
        "certificate of your own with its chain (PEM), instead of one of the local authority",
    ),
    Option("tls_key", _TLS, readers.file, "FILE", "its private key (PEM), unless it is in the same file"),
    Option("data", _STORE, readers.folder, "DIR", "folder of the embedded store (SQLite: one process)"),
    Option(
        "database_url",
        _STORE,
        readers.database,
        "URL",
        "Postgres instead: postgresql://user:password@host:5432/name",
    ),
    Option(
        "listen_url",
        _STORE,
        readers.database,
        "URL",
        "direct address of the same Postgres, for LISTEN and migrations; giving it "
        "means that a pooler (PgBouncer in transaction mode, say) stands at the database URL",
    ),
    Option(
        "ephemeral", _STORE, readers.flag, "", "keep everything in a temporary folder that is gone at exit"
    ),
    Option("migrate", _STORE, readers.flag, "", "bring the store to this version's schema at start"),
    Option(
        "media",
        _STORE,
        readers.media,
        "PLACE",
        "folder of recordings and played files, shared by all replicas, or s3://bucket/prefix (with the extra "
        "`s3`); unless it is given, `media` inside the folder that --data names",
    ),
    Option(
        "media_endpoint",
        _STORE,
        readers.public_url,
        "URL",
        "address of an S3-compatible store other than AWS",
    ),
    Option(
        "region",
        _STORE,
        readers.region,
        "NAME",
        "where this deployment keeps its media, a part of every path; accounts pinned to another one are refused",
    ),
    Option(
        "api_key",
        _KEYS,
        readers.key,
        "KEY",
        "X-API-Key of the account `default`, made with a new store",
        secret=True,
    ),
    Option(
        "admin_key", _KEYS, readers.key, "KEY", "X-Admin-Key of /v1/admin, /metrics and /docs", secret=True
    ),
    Option(
        "allow_private_targets",
        _REACH,
        readers.networks,
        "CIDRS",
        "private networks that callbacks may go to, such as 10.0.0.0/8; "
        "on loopback all but link-local ones are allowed",
    ),
    Option(
        "trusted_authorities",
        _REACH,
        readers.file,
        "FILE",
        "certificates (PEM) of authorities to trust beside those of the system, where callbacks and sockets are "
        "https and wss",
    ),
    Option(
        "allowed_hosts",
        _REACH,
        readers.words,
        "HOSTS",
        "Host headers to answer beside the local ones, such as a tunnel's name, *.example.com or *",
    ),
    Option(
        "cors_origins",
        _REACH,
        readers.origins,
        "ORIGINS",
        "web pages that may call the API, such as https://app.example.com, or *",
    ),
    Option(
        "clock",
        _WORK,
        readers.mode,
        "MODE",
        "clock of the account made with a new store: realtime, auto or manual",
    ),
    Option(
        "workers",
        _WORK,
        readers.whole(1, 256),
        "N",
        "processes that share the port (more than one needs Postgres)",
    ),
    Option(
        "postmen", _WORK, readers.whole(1, 10_000), "N", "callbacks under way at the same time, per process"
    ),
    Option(
        "callback_timeout",
        _WORK,
        readers.whole(1, 60),
        "SECONDS",
        "how long a customer's server may take for its whole answer",
    ),
    Option(
        "lease_seconds",
        _WORK,
        readers.whole(2, 3_600),
        "SECONDS",
        "how long the callbacks of a process that died are left to it before another "
        "takes them up (Postgres; more than --callback-timeout)",
    ),
    Option(
        "media_seconds",
        _WORK,
        readers.whole(1, 31_536_000),
        "SECONDS",
        "how long an address at which a recording can be fetched without a key works, in the account's time",
    ),
    Option(
        "log_format",
        _WORK,
        readers.choice("auto", "json", "text"),
        "FORMAT",
        "auto, json or text; auto: text on a terminal, else json",
    ),
    Option(
        "log_level",
        _WORK,
        readers.choice("debug", "info", "warning", "error"),
        "LEVEL",
        "debug, info, warning or error; info logs requests "
        "that failed or took over a second, debug logs every request",
    ),
)
