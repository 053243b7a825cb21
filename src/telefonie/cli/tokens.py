"""The only module that signs a token from the command line, for curl: `telefonie vonage token`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jwt

from telefonie.cli.refusal import Refusal
from telefonie.cli.serve import print_now
from telefonie.settings import DEVELOPMENT_APPLICATION
from telefonie.web.ids import new_id

LONGEST_SECONDS: Final = 86_400
SHORTEST_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose token, and for how long it is good."""

    file: Path
    application: str | None
    seconds: int


def token(wish: Wish) -> int:
    """Print a token and nothing else; the exit code."""
    if not SHORTEST_SECONDS <= wish.seconds <= LONGEST_SECONDS:
        raise Refusal(f"A token is good for {SHORTEST_SECONDS} to {LONGEST_SECONDS} seconds (--seconds).")
    now = int(time.time())
    claims = {
        "application_id": wish.application or DEVELOPMENT_APPLICATION,
        "iat": now,
        "exp": now + wish.seconds,
        "jti": new_id(),
    }
    try:
        print_now(jwt.encode(claims, wish.file.read_text("utf-8"), "RS256"))
    except OSError as error:
        raise Refusal(
            f"{wish.file} cannot be read: {error.strerror}. Have it made by `telefonie vonage init`, or name "
            "another with --file."
        ) from None
    except (jwt.PyJWTError, ValueError):
        raise Refusal(f"{wish.file} holds no private RSA key in PEM form (--file).") from None
    return 0
