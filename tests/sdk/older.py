"""Drives `nexmo` 2 or `vonage` 3, whose methods have the same names; run by the Python that has it, and no other.

A line on stdin is a call, `{"do": name, "with": [...]}`; the line on stdout that answers it is what came of it.
METHODS is not one of their methods, but asks for all their names.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any


def nexmo_voice(given: dict[str, str]) -> Any:
    """Its voice object."""
    import nexmo  # noqa: PLC0415 - it has one of both only

    client = nexmo.Client(application_id=given["application"], private_key=given["key"])
    client._Client__api_host = given["host"]  # its own check lets no port through
    voice = nexmo.Voice(client)
    voice.get_recording = client.get_recording  # it has that one elsewhere
    return voice


def vonage_voice(given: dict[str, str]) -> Any:
    """Its voice object."""
    import vonage  # noqa: PLC0415 - the same

    client = vonage.Client(application_id=given["application"], private_key=given["key"])
    client.api_host(given["host"])
    return client.voice


def answer(voice: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """What a method gives, or what it throws."""
    if asked["do"] == "METHODS":
        return {"gave": [each for each in dir(voice) if each[0] != "_" and callable(getattr(voice, each))]}
    try:
        gave = getattr(voice, asked["do"])(*asked["with"])
    except Exception as error:  # noqa: BLE001 - all of them are told
        return {"threw": type(error).__name__, "said": str(error)}
    if isinstance(gave, bytes):
        return {"bytes": base64.b64encode(gave).decode()}
    return {"gave": gave}


def main() -> None:
    """Answer to the end."""
    voices: dict[str, Any] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        given = asked["client"]
        known = json.dumps(given)
        if known not in voices:
            voices[known] = nexmo_voice(given) if given["package"] == "nexmo" else vonage_voice(given)
        sys.stdout.write(json.dumps(answer(voices[known], asked)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
