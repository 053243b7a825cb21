"""The only module that gives an application a key from the command line: `telefonie vonage init`."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from telefonie.cli import sdks
from telefonie.cli.authority import PUBLIC
from telefonie.cli.refusal import Refusal
from telefonie.cli.serve import print_now
from telefonie.engine.keypairs import pair
from telefonie.settings import DEVELOPMENT_APPLICATION, DEVELOPMENT_KEY, Settings

WITHIN_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Which application gets a key, and where the private one goes."""

    url: str
    secure: str | None
    key: str | None
    file: Path
    application: str | None
    force: bool


def init(settings: Settings, wish: Wish) -> int:
    """Make a pair of keys, send the server the public one, and say how the SDKs are set; the exit code."""
    url = wish.url.rstrip("/")
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refusal(f"{wish.url} is no address of a server; it begins with http:// or https:// (--url).")
    application = wish.application or DEVELOPMENT_APPLICATION
    kept = settings.tls_place / PUBLIC
    authority = kept.absolute() if kept.is_file() else None
    with _written(wish.file, force=wish.force) as draft:
        made = pair()
        draft.write_text(made.private)
        given = {"public_key": made.public, "signature_secret": True}
        path = f"/v1/simulator/applications/{quote(application, safe='')}/rotate"
        answer = _sent(url, path, given, wish.key or settings.api_key or DEVELOPMENT_KEY, authority)
    secure = wish.secure or (url if url.startswith("https:") else None)
    print_now("\n".join(_told(answer, wish.file.absolute(), sdks.Place(url, secure, authority))))
    return 0


@contextmanager
def _written(file: Path, *, force: bool) -> Iterator[Path]:
    """A draft that takes the file's place once all has gone well: who fails keeps the key that he had."""
    if file.exists() and not force:
        message = f"{file} is there already, and who overwrites a key loses it. Take --force, or --file."
        raise Refusal(message)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        # It is nobody else's from its first moment on.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield draft
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror} (--file).") from None


def _sent(url: str, path: str, given: dict[str, Any], key: str, authority: Path | None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "X-API-Key": key}
    request = Request(url + path, json.dumps(given).encode(), headers)  # noqa: S310 - http or https, see init
    context = ssl.create_default_context(cafile=authority) if url.startswith("https:") else None
    try:
        with urlopen(request, timeout=WITHIN_SECONDS, context=context) as answer:  # noqa: S310 - as above
            found: dict[str, Any] = json.load(answer)
            return found
    except HTTPError as error:
        raise Refusal(_why(error, url)) from None
    except ValueError:
        raise Refusal(f"What answers at {url} is no server of ours (--url).") from None
    except URLError as error:
        raise Refusal(_unreached(error.reason, url)) from None
    except OSError as error:
        raise Refusal(_unreached(error, url)) from None


def _why(error: HTTPError, url: str) -> str:
    match error.code:
        case HTTPStatus.UNAUTHORIZED:
            return f"The server at {url} does not know this key; name yours with --key (TELEFONIE_API_KEY)."
        case HTTPStatus.NOT_FOUND:
            return (
                f"The server at {url} has no such application for this key. Make one with POST "
                "/v1/simulator/applications and name it with --application."
            )
        case _:
            return f"The server at {url} answers {error.code}: {_message(error)}"


def _message(error: HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, LookupError, TypeError):
        return str(error.reason)


def _unreached(reason: object, url: str) -> str:
    if isinstance(reason, ssl.SSLError):
        return (
            f"The certificate of {url} is not trusted, or it speaks no https: {reason}. Name the folder of the "
            "server's authority with --data or --tls-folder, or take its http address (--url)."
        )
    return f"No server answers at {url} ({reason}). Start one with `telefonie serve`, or name its address with --url."


def _told(answer: dict[str, Any], file: Path, place: sdks.Place) -> Iterator[str]:
    rows = {
        "application": answer["id"],
        "private key": f"{file}  (nobody else has it)",
        "signature secret": f"{answer['signature_secret']}  (verifies our webhooks; shown once)",
    }
    yield f"The application has a new key at {place.url}; tokens of its old one are good no more."
    yield from (f"  {name:16} {value}" for name, value in rows.items())
    yield ""
    yield from sdks.told(place, answer["id"], file)
