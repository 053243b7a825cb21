"""What each face says about itself is true: no request that follows its document, or breaks it, finds it wrong.

schemathesis makes the requests, from the document that is served: every field at and beyond its limits, then at
random from a fixed seed, then one after the other with the ids of earlier answers.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.contract.bridge import Bridge
from tests.support.house import ADMIN_KEY, House

SEED: Final = 2030
EXAMPLES: Final = 5
PHONE: Final = "+31201234567"
LABEL: Final = "chair"
ROOM: Final = "/conferences/{conference_id}"
# Refused for reasons that no schema can tell: which numbers a country has, from when to when a clock goes, how deep
# a script may be, which patterns end in time, which trunks and applications there are,
# which of two fields there must be, and what state a call is in.
UNTELLABLE: Final = (
    "is no possible phone number of its country",
    "must be a time b",
    "steps inside steps",
    "is no regular expression",
    "may not refer back",
    "may not repeat a group",
    "may repeat at most",
    "is the domain of none of the account's trunks",
    "is not the id of one of the account's trunks",
    "must be a public RSA key in PEM",
    "is not the id of one of the account's applications",
    "needs `uri`, or `user` and `domain`",
    "cannot be used together with `from`",
    "is required, since the application has no number",
    "or `answer_url` is required",
    '"destination", "reason": "is required"',
    '"destination.url", "reason": "or `ncco` is required"',
    '"event_url", "reason": "is required"',
    '{"type": "BAD_REQUEST", "error_title": "Bad Request"}',
)


def _ends(context: Any) -> bool:
    """Whether an operation takes something away from others: a call, a recording, a room."""
    operation = context.operation
    return operation.method == "delete" or (operation.method, operation.path) == ("post", ROOM)


# Whoever asks for these ends all calls or forgets them, or leaves no recording to be heard.
RUINOUS: Final[Mapping[str, Mapping[str, Any]]] = {
    "/v1/simulator": {"path_regex": "^/(clock|reset)"},
    "/v1/admin": {"method": "DELETE", "path_regex": "^/accounts/[^/]+$"},
    "/v1/voice": {"func": _ends},
    "/v1/recordings": {"method": "DELETE", "path_regex": "^/recordings"},
    "/telefoon/v1/voice": {"method": "DELETE"},
}
# Faces that take numbers as text, one spelling for another, and null for nothing, since their clients send such.
LIBERAL: Final = ("vonage/openapi.json",)
# Said of operations that lead to no other.
NOTHING_TO_FOLLOW: Final = "All link definitions required for stateful testing are excluded by filters"
# The rest of these is what schemathesis takes for granted.
FINE: Final = ["2xx", 401, 403, 404, 409, 422, 429, "5xx"]  # 422: a key was used before for something else


@dataclass(slots=True)
class Findings:
    """What was objected to, and what each operation answered."""

    objections: list[str] = field(default_factory=list)
    statuses: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def take(self, event: events.EngineEvent) -> None:
        if isinstance(event, events.ScenarioFinished):
            self._judge(event)
        elif isinstance(event, events.NonFatalError) and NOTHING_TO_FOLLOW not in event.info.format():
            self.objections.append(f"{event.label}: {event.info.format()}")
        elif isinstance(event, events.FatalError):
            self.objections.append(repr(event.exception))

    def _judge(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        for case_id, interaction in recorder.interactions.items():
            if interaction.response is not None:
                label = recorder.cases[case_id].value.operation.label
                self.statuses[label].add(interaction.response.status_code)
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    answer = recorder.interactions[case_id].response
                    shown = "" if answer is None else f"{answer.status_code} {answer.text[:500]}"
                    why = check.failure_info
                    self.objections.append(f"{check.name}: {why.failure}\n{shown}\n{why.code_sample}\n")


def explore(
    app: Bridge,
    face: str,
    headers: Mapping[str, str],
    ids: Mapping[str, list[str]],
    place: str = "openapi.json",
) -> Findings:
    """Everything that schemathesis objects to. `place`: where in the face its document is."""
    config = _config(face, headers, ids, liberal=place in LIBERAL)
    place = f"{face}/{place}"
    document = schemathesis.openapi.from_asgi(place, app, config=config, headers={"host": "127.0.0.1"})
    document.hook("filter_failure")(_tellable)
    findings = Findings()
    # What takes the ground from under all others comes last, and apart.
    last = RUINOUS.get(face)
    parts = [document.exclude(**last), document.include(**last)] if last else [document]
    for part in parts:
        for event in from_schema(part).execute():
            findings.take(event)
    return findings


def _config(
    face: str, headers: Mapping[str, str], ids: Mapping[str, list[str]], *, liberal: bool
) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "base-url": f"http://127.0.0.1{face}",
            "headers": dict(headers),
            "continue-on-failure": True,
            # A NUL stands in no text that is stored; the faces refuse it wherever it is, and say so in words.
            "generation": {
                "max-examples": EXAMPLES,
                "database": "none",
                "no-shrink": True,
                "allow-x00": False,
            },
            "checks": {
                "positive_data_acceptance": {"expected-statuses": FINE},
                # Who is liberal in what he takes cannot say so in a schema that anybody would read.
                "negative_data_rejection": {"enabled": not liberal},
                # DELETE of a call hangs up: the call stays.
                "use_after_free": {"enabled": not face.endswith("/v1/voice")},
            },
            "dictionaries": {name: {"values": values} for name, values in ids.items()},
            "parameters": {
                f"{place}.{name}": {"dictionary": name, "probability": 0.8}
                for name in ids
                for place in ("path", "body")
            },
        }
    )


def _tellable(_context: object, _failure: object, _case: object, response: Any) -> bool:
    return not any(reason in response.text for reason in UNTELLABLE)


async def _ids(client: httpx.AsyncClient, *, rooms: bool) -> dict[str, list[str]]:
    """Calls in every state, recordings of some, and deliveries that failed, to be asked about."""
    # First: people without anybody to talk with hang up soon.
    people = {"participant": [LABEL], "conference_id": await _rooms(client)} if rooms else {}
    made: list[str] = []
    for number in range(8):
        talker = {"outcome": "human", "hangs_up_after": 3600}
        await client.put(f"/v1/simulator/phones/+1202555010{number}", json=talker)
    # People who talk, people who hung up, a busy one, and phones that ring on.
    for digit in "00000000000111333333333333":
        order = {
            "from": "+12025550100",
            "to": f"+120255501{digit}{len(made) % 10}",
            "status_callback": "http://169.254.169.254/",
            "timeout": 600,
            "record": digit in "01",
        }
        made.append((await client.post("/v1/voice/calls", json=order)).json()["id"])
    assert (await client.post("/v1/simulator/clock/advance", json={"seconds": 10})).status_code == 200
    taped = (await client.get("/v1/voice/recordings")).json()["recordings"]
    listed = (await client.get("/v1/simulator/deliveries")).json()["deliveries"]
    return people | {
        "call_id": made,
        "recording_id": [each["id"] for each in taped],
        "delivery_id": [each["id"] for each in listed],
        "number": [PHONE, "+12025550123"],
    }


async def _rooms(client: httpx.AsyncClient) -> list[str]:
    """Rooms with somebody in them, who goes by the same label in all."""
    made: list[str] = []
    for number in range(150):  # many of them are ended on the way
        room = (await client.post("/v1/voice/conferences", json={})).json()["id"]
        who = {"from": "+12025550100", "to": f"+12025552{number:03}", "label": LABEL}
        await client.post(f"/v1/voice/conferences/{room}/participants", json=who)
        made.append(room)
    assert (await client.post("/v1/simulator/clock/advance", json={"seconds": 5})).status_code == 200
    return made


async def _explored(house: House, face: str) -> Findings:
    account, key = await house.account()
    headers = {"X-API-Key": key}
    async with house.connect(**headers) as client:
        ids = await _ids(client, rooms=face == "/v1/voice")
    if face == "/v1/admin":
        headers = {"X-Admin-Key": ADMIN_KEY}
        ids = {"account_id": [account.id], "recording_id": ids["recording_id"]}
    return await asyncio.to_thread(explore, Bridge(house.app), face, headers, ids, _place(face))


def _place(face: str) -> str:
    """Where its document is: one face shares its mount with another."""
    return "numbers/openapi.json" if face == "/v1" else "openapi.json"


@pytest.mark.parametrize("face", ["/v1/voice", "/v1/recordings", "/v1/simulator", "/v1/admin", "/v1"])
async def test_a_face_does_what_its_document_says(house: House, face: str) -> None:
    findings = await _explored(house, face)
    assert not findings.objections, "\n".join(findings.objections)
    never = [label for label, answers in findings.statuses.items() if not answers & {200, 201, 204}]
    assert never == [], {label: findings.statuses[label] for label in never}
    async with house.connect() as client:
        paths = (await client.get(f"{face}/{_place(face)}")).json()["paths"]
    told = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert findings.statuses.keys() == told
