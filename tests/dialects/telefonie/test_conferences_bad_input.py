"""Whatever a client sends to rooms is answered with a clear 4xx in one envelope, and nothing comes of it."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

from telefonie.core.accounts import Scope
from telefonie.web.ids import new_key
from tests.dialects.telefonie.rooms import (
    CONFERENCES,
    GUESTS,
    created,
    guests_of,
    invite,
    place,
    present,
    shown,
)
from tests.dialects.telefonie.steps import CALLER, NOBODY, refused
from tests.support.house import House

JSON: Final = {"Content-Type": "application/json"}

BAD_ROOMS: Final[dict[str, tuple[dict[str, Any], str, int]]] = {
    "a name of 129 characters": ({"friendly_name": "x" * 129}, "friendly_name", 20001),
    "a name that is a number": ({"friendly_name": 1}, "friendly_name", 20001),
    "a name that is null": ({"friendly_name": None}, "friendly_name", 20001),
    "room for one": ({"max_participants": 1}, "max_participants", 20001),
    "room for 251": ({"max_participants": 251}, "max_participants", 20001),
    "room for a half": ({"max_participants": 2.5}, "max_participants", 20001),
    "room in words": ({"max_participants": "2"}, "max_participants", 20001),
    "room as a flag": ({"max_participants": True}, "max_participants", 20001),
    "a flag in words": ({"record": "true"}, "record", 20001),
    "no URL": ({"status_callback": "shop"}, "status_callback", 21609),
    "another scheme": ({"status_callback": "file:///etc/passwd"}, "status_callback", 21609),
    "three channels": ({"recording_channels": 3}, "recording_channels", 20001),
    "a channel as a flag": ({"recording_channels": True}, "recording_channels", 20001),
}
BAD_GUESTS: Final[dict[str, tuple[dict[str, Any], str, int]]] = {
    "nobody to call": ({"to": None}, "to", 21211),
    "no number": ({"to": "112"}, "to", 21211),
    "a SIP address": ({"to": "sip:anna@example.com"}, "to", 21211),
    "no caller": ({"from": "anonymous"}, "from", 21212),
    "muted in words": ({"muted": "false"}, "muted", 20001),
    "hold as a number": ({"hold": 1}, "hold", 20001),
    "a label of 129 characters": ({"label": "x" * 129}, "label", 20001),
    "a coached party that is no id": ({"coach": "the chair"}, "coach", 20001),
    "another beep": ({"beep": "loud"}, "beep", 20001),
    "a beep in other words": ({"beep": "yes"}, "beep", 20001),
    "no time to ring": ({"timeout": 0}, "timeout", 21208),
    "ringing for ever": ({"timeout": 601}, "timeout", 21208),
    "no time to talk": ({"time_limit": 0}, "time_limit", 20001),
    "talking for two days": ({"time_limit": 172_800}, "time_limit", 20001),
    "an event that is none": ({"status_callback_events": ["joined"]}, "status_callback_events.0", 20001),
    "notes that are no text": ({"metadata": {"a": 1}}, "metadata.a", 20001),
}
BAD_STEPS: Final[dict[str, tuple[dict[str, Any], str, int]]] = {
    "muted in words": ({"muted": "true"}, "muted", 20001),
    "hold as null": ({"hold": None}, "hold", 20001),
    "a coached party that is no id": ({"coach": "x"}, "coach", 20001),
    "an announcement from nowhere": ({"announce_url": "hello"}, "announce_url", 21205),
    "an unknown method": ({"announce_url": "https://a.example", "announce_method": "PUT"}, "", 20001),
}
BAD_CHANGES: Final[dict[str, tuple[dict[str, Any], str, int]]] = {
    "another status": ({"status": "in-progress"}, "status", 20001),
    "an announcement from nowhere": ({"announce_url": ""}, "announce_url", 21205),
    "an ending with an announcement": (
        {"status": "completed", "announce_url": "https://a.example"},
        "status",
        20001,
    ),
}


def blamed(answer: httpx.Response, field: str, code: int) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code), answer.text
    assert problem["message"]
    fields = [each["field"] for each in problem["details"]]
    assert not field or any(each == field or each.startswith(f"{field}.") for each in fields), fields


@pytest.mark.parametrize(("body", "field", "code"), BAD_ROOMS.values(), ids=BAD_ROOMS)
async def test_a_room_that_cannot_be_is_not_made(
    client: httpx.AsyncClient, body: dict[str, Any], field: str, code: int
) -> None:
    blamed(await client.post(CONFERENCES, json=body), field, code)
    assert (await client.get(CONFERENCES)).json()["total"] == 0


async def test_bad_invitations_call_nobody(client: httpx.AsyncClient) -> None:
    room = await created(client)
    for body, field, code in BAD_GUESTS.values():
        good = {"to": GUESTS[0], "from": CALLER}
        blamed(await client.post(guests_of(room), json=good | body), field, code)
    for missing, code in (("to", 21201), ("from", 21213)):
        rest = {"to": GUESTS[0], "from": CALLER}
        del rest[missing]
        blamed(await client.post(guests_of(room), json=rest), missing, code)
    assert await present(client, room) == []
    assert (await client.get("/v1/voice/calls")).json()["total"] == 0


async def test_bad_changes_change_nothing(client: httpx.AsyncClient) -> None:
    room = await created(client)
    who = await invite(client, room)
    for body, field, code in BAD_STEPS.values():
        blamed(await client.post(place(room, who), json=body), field, code)
    for body, field, code in BAD_CHANGES.values():
        blamed(await client.post(f"{CONFERENCES}/{room['id']}", json=body), field, code)
    assert await present(client, room) == [who]
    assert await shown(client, room) == room


@pytest.mark.parametrize("content", [b"{", b"[]", b'"x"', b"\xff", b'{"a":1,"a":1}', b"[" * 99_999])
async def test_a_body_that_cannot_be_read_is_400_everywhere(
    client: httpx.AsyncClient, content: bytes
) -> None:
    room = await created(client)
    who = await invite(client, room)
    for path in (CONFERENCES, f"{CONFERENCES}/{room['id']}", guests_of(room), place(room, who)):
        answer = await client.post(path, content=content, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, 20001), answer.text
        form = await client.post(path, data={"a": "b"})
        refused(form, 415, 20415, "unsupported_media_type")
    assert await shown(client, room) == room


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "waiting"),
        ("date_from", "yesterday"),
        ("date_to", "2030-13-01"),
        ("page", "0"),
        ("page", "one"),
        ("page_size", "101"),
        ("page_size", "0"),
    ],
)
async def test_a_list_names_what_it_does_not_understand(
    client: httpx.AsyncClient, name: str, value: str
) -> None:
    blamed(await client.get(CONFERENCES, params={name: value}), name, 20001)


async def test_without_a_known_key_nothing_else_is_even_looked_at(house: House) -> None:
    room = f"{CONFERENCES}/x"
    async with house.connect() as nobody:
        for method, path in (
            ("GET", CONFERENCES),
            ("POST", CONFERENCES),
            *((method, room) for method in ("GET", "POST", "DELETE")),
            *((method, f"{room}/participants") for method in ("GET", "POST")),
            *((method, f"{room}/participants/y") for method in ("GET", "POST", "DELETE")),
        ):
            refused(await nobody.request(method, path, content=b"{"), 401, 20003, "missing_key")


async def test_a_reading_key_reads_and_changes_nothing(house: House) -> None:
    account, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as owner:
        room = await created(owner)
        who = await invite(owner, room)
    reading = new_key()
    await house.engine.registry.add_key(account.id, "reads", frozenset({Scope.READ}), reading)
    async with house.connect(**{"X-API-Key": reading}) as reader:
        assert await shown(reader, room) == room
        assert await present(reader, room) == [who]
        for method, path in (
            ("POST", CONFERENCES),
            ("POST", f"{CONFERENCES}/{room['id']}"),
            ("DELETE", f"{CONFERENCES}/{room['id']}"),
            ("POST", guests_of(room)),
            ("POST", place(room, who)),
            ("DELETE", place(room, who)),
        ):
            refused(await reader.request(method, path), 403, 20403, "missing_scope")


async def test_another_method_is_405_and_told_which_are_taken(client: httpx.AsyncClient) -> None:
    room = {"id": NOBODY}
    for method, path, allowed in (
        ("PUT", CONFERENCES, "GET, POST"),
        ("DELETE", CONFERENCES, "GET, POST"),
        ("PATCH", f"{CONFERENCES}/{NOBODY}", "GET, POST, DELETE"),
        ("DELETE", guests_of(room), "GET, POST"),
        ("PUT", place(room, NOBODY), "GET, POST, DELETE"),
    ):
        answer = await client.request(method, path)
        refused(answer, 405, 20004, "method_not_allowed")
        assert answer.headers["allow"] == allowed
