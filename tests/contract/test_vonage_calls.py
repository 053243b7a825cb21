"""Every operation of the Vonage contract: parameters, fields, enums, defaults, limits and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from tests.contract.face import BRIEF, BUSY, FAILING, HUMAN, MACHINE, REJECTING, SILENT, Face
from tests.contract.ledger import Ledger, Proofs
from tests.contract.vonage import (
    ANSWER,
    CONTRACT,
    EVENTS,
    OURS,
    PassTime,
    application,
    number,
    order,
    token,
)

proofs: Final = Proofs(CONTRACT, {})
NOBODY: Final = str(UUID(int=0))
MEDIA: Final = ("startStream", "stopStream", "startTalk", "stopTalk", "startDTMF")
UNAUTHORIZED: Final = {"type": "UNAUTHORIZED", "error_title": "Unauthorized"}
STATE: Final = {"type": "BAD_REQUEST", "error_title": "Bad Request"}
NOT_FOUND: Final = {"type": "NOT_FOUND", "error_title": "Not Found"}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


class Phone(Face):
    """The face of an application, and what its owner can see beside it."""

    async def dial(self, to: str | Mapping[str, Any] = number(HUMAN), **fields: Any) -> Any:
        """Place a call; what was answered."""
        end = {"type": "phone", "number": to} if isinstance(to, str) else to
        return await self.good("createCall", json=order(end, **fields))

    async def look(self, call: Mapping[str, Any]) -> Any:
        """The call as it stands now."""
        return await self.good("getCall", call["uuid"])

    async def bad(self, operation: str, *ids: str, field: str | None = None, **parts: Any) -> Any:
        """What is wrong with a request, named by its field."""
        response = await self.ask(operation, *ids, **parts)
        assert response.status_code == 400, response.text
        problem = response.json()
        assert (problem["type"], problem["title"]) == (400, "Bad Request")
        names = [each["name"].partition(".")[0] for each in problem["invalid_parameters"]]
        assert all(each["reason"] for each in problem["invalid_parameters"])
        assert field is None or field in names, problem
        return problem

    async def deliveries(self, call: Mapping[str, Any]) -> list[Any]:
        """What was sent about a call, the oldest first."""
        params = {"call_id": call["uuid"], "page_size": "100"}
        found = await self.client.get("/v1/simulator/deliveries", params=params)
        assert found.status_code == 200, found.text
        listed: list[Any] = found.json()["deliveries"]
        return listed[::-1]


@pytest.fixture
async def face(client: httpx.AsyncClient, ledger: Ledger) -> Phone:
    client.headers["Authorization"] = f"Bearer {token(await application(client))}"
    return Phone(client, ledger)


def test_every_fact_is_proved_by_somebody() -> None:
    assert proofs.unclaimed("*") == []
    assert proofs.stale() == []


@proofs.claim("server", "security.*", "*.security.*")
async def test_every_operation_asks_for_a_token_before_all_else(face: Phone, ledger: Ledger) -> None:
    assert [ledger.value(f"security.bearerAuth.{each}") for each in ("type", "scheme", "bearerFormat")] == [
        "http",
        "bearer",
        "JWT",
    ]
    for operation in CONTRACT.operations.values():
        ids = [NOBODY for each in operation.parameters.values() if each["in"] == "path"]
        for wrong in ("Bearer no-token", "Basic abc", f"Bearer {token(NOBODY)}"):
            refused = await face.ask(operation.name, *ids, headers={"Authorization": wrong}, content=b"{")
            assert (refused.status_code, refused.json()) == (401, UNAUTHORIZED)
        request = face.request(operation.name, *ids)
        del request.headers["Authorization"]
        assert (await face.client.send(request)).status_code == 401
        assert (await face.ask(operation.name, *ids)).status_code != 401
        ledger.tick(*ledger.matching(f"{operation.name}.security.*"))
    assert (await face.good("getCalls"))["count"] == 0
    ledger.tick(*ledger.matching("security.*"))


# -- placing --


@proofs.claim(
    "createCall",
    "createCall.body*",
    "createCall.201*",
    "createCall.request.to",
    "createCall.request.to.type",
    "createCall.request.to.required",
    "createCall.request.from",
    "createCall.request.from.required",
    "createCall.request.from.EndpointPhone",
    "createCall.request.to.items.EndpointPhone",
    "EndpointPhone.*",
    "AddressE164.*",
)
async def test_a_phone_is_called(face: Phone, ledger: Ledger) -> None:
    made = await face.dial()
    assert made.keys() == {"uuid", "status", "direction", "conversation_uuid"}
    assert (made["status"], made["direction"]) == ("started", "outbound")
    assert str(UUID(made["uuid"])) == made["uuid"]
    found = await face.look(made)
    assert found["to"] == {"type": "phone", "number": number(HUMAN)}
    assert found["from"] == {"type": "phone", "number": OURS}
    shortest, longest = ledger.value("AddressE164.minLength"), ledger.value("AddressE164.maxLength")
    assert isinstance(shortest, int)
    assert isinstance(longest, int)
    for digits in ("3" * shortest, "3" * longest, f"+{OURS}"):
        await face.dial(digits)
    wrong = ("3" * (shortest - 1), "3" * (longest + 1), "3" * (shortest - 1) + "x", "", 7, None)
    for each in wrong:
        end = {"type": "phone", "number": each}
        await face.bad("createCall", json=order(end))
        await face.bad("createCall", json={**order(), "from": end})
    await face.bad("createCall", json=order({"number": OURS}))
    await face.bad("createCall", json=order({"type": "pigeon", "number": OURS}))
    for keys in ("p*123#", "0123456789*#p"):
        await face.dial({"type": "phone", "number": number(HUMAN), "dtmfAnswer": keys})
    await face.bad("createCall", json=order({"type": "phone", "number": OURS, "dtmfAnswer": "call me"}))
    for name in ("to", "from"):
        rest = {key: value for key, value in order().items() if key != name}
        await face.bad("createCall", field=name, json=rest)
        ledger.tick(f"createCall.request.{name}", f"createCall.request.{name}.required")
    for value in ("31", {"type": "phone", "number": OURS}, [], [1]):
        await face.bad("createCall", field="to", json={**order(), "to": value})
    ledger.tick("createCall.request.to.type", "createCall.request.to.items.EndpointPhone")
    ledger.tick("createCall.request.from.EndpointPhone", *ledger.matching("EndpointPhone.*", "AddressE164.*"))
    assert (await face.ask("createCall", json=[])).status_code == 400
    broken = await face.ask("createCall", content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, broken.json()) == (400, STATE)
    ledger.tick("createCall.body", "createCall.body.content")


@proofs.claim("createCall.request.to.items.EndpointSip", "EndpointSip.*", "AddressSip.*")
async def test_a_sip_address_is_called(face: Phone, ledger: Ledger) -> None:
    longest = ledger.value("AddressSip.maxLength")
    assert isinstance(longest, int)
    uri = "sip:" + "r" * (longest - 12) + "@sip.test"[: 12 - 4]
    assert len(uri) == longest
    for each in (uri, "sip:a@b.example"):
        made = await face.dial({"type": "sip", "uri": each})
        assert (await face.look(made))["to"] == {"type": "sip", "uri": each}
    for wrong in ("", "a b", 7, None):
        await face.bad("createCall", json=order({"type": "sip", "uri": wrong}))
    await face.bad("createCall", json=order({"type": "sip"}))
    ledger.tick("createCall.request.to.items.EndpointSip", *ledger.matching("EndpointSip.*", "AddressSip.*"))


@proofs.claim("createCall.request.to.items.EndpointWebsocket", "EndpointWebsocket.*", "AddressWebsocket.*")
async def test_a_socket_is_called(face: Phone, ledger: Ledger) -> None:
    longest = ledger.value("AddressWebsocket.maxLength")
    assert isinstance(longest, int)
    uri = "wss://shop.example/".ljust(longest, "s")
    for kind in ledger.value("EndpointWebsocket.content-type.enum"):
        end = {"type": "websocket", "uri": uri, "content-type": kind, "headers": {"customer_id": "ABC123"}}
        made = await face.dial(end)
        assert (await face.look(made))["to"] == end
        ledger.tick(f"EndpointWebsocket.content-type.enum.{kind}")
    good = {"type": "websocket", "uri": uri, "content-type": "audio/l16;rate=16000"}
    for name, wrong in (
        ("uri", ""),
        ("uri", "https://shop.example"),
        ("content-type", "audio/mp3"),
        ("headers", 7),
    ):
        await face.bad("createCall", json=order({**good, name: wrong}))
    for name in ("type", "content-type"):
        await face.bad("createCall", json=order({key: value for key, value in good.items() if key != name}))
    ledger.tick("createCall.request.to.items.EndpointWebsocket")
    ledger.tick(*ledger.matching("EndpointWebsocket.*", "AddressWebsocket.*"))


@proofs.claim("createCall.request.ncco*", "createCall.request.answer_*", "createCall.request.event_*")
async def test_documents_and_events_come_from_where_the_call_says(
    face: Phone, pass_time: PassTime, ledger: Ledger
) -> None:
    ways = ledger.value("createCall.request.answer_method.enum")
    asked = {}
    for way in (None, *ways):
        methods = {} if way is None else {"answer_method": way, "event_method": way}
        asking = {key: value for key, value in order(**methods).items() if key != "ncco"}
        asked[way] = await face.good("createCall", json={**asking, "answer_url": [ANSWER]})
    silent = await face.dial(event_url=[EVENTS])
    await pass_time(3)
    for way, call in asked.items():
        sent = await face.deliveries(call)
        answers = [each for each in sent if each["url"].startswith(ANSWER)]
        events = [each for each in sent if each["url"].startswith(EVENTS)]
        assert {each["method"] for each in answers} == {
            way or ledger.value("createCall.request.answer_method.default")
        }
        assert {each["method"] for each in events} == {
            way or ledger.value("createCall.request.event_method.default")
        }
        if way is not None:
            ledger.tick(*ledger.matching(f"createCall.request.*_method.enum.{way}"))
    assert not [each for each in await face.deliveries(silent) if each["url"].startswith(ANSWER)]
    for name in ("answer_url", "event_url"):
        for wrong in (EVENTS, [], [EVENTS, ANSWER], ["nowhere"], ["ftp://shop.example"], [7], 7):
            await face.bad("createCall", field=name, json=order(to=None, **{name: wrong}))
        await face.bad("createCall", json=order(to=None, **{name.replace("url", "method"): "PUT"}))
        ledger.tick(
            *ledger.matching(f"createCall.request.{name}*", f"createCall.request.{name[:-4]}_method*")
        )
    for document in ("talk", [7], {"action": "talk"}):
        await face.bad("createCall", field="ncco", json=order(ncco=document))
    neither = {key: value for key, value in order().items() if key != "ncco"}
    await face.bad("createCall", json=neither)
    ledger.tick(*ledger.matching("createCall.request.ncco*"))


@proofs.claim("createCall.request.machine_detection*")
async def test_a_machine_is_told_or_hung_up_on(face: Phone, pass_time: PassTime, ledger: Ledger) -> None:
    calls = {
        each: await face.dial(number(MACHINE, place), machine_detection=each)
        for place, each in enumerate(ledger.value("createCall.request.machine_detection.enum"))
    }
    await pass_time(9)
    assert (await face.look(calls["continue"]))["status"] == "machine"
    assert (await face.look(calls["hangup"]))["status"] == "completed"
    for wrong in ("stop", 7, ""):
        await face.bad("createCall", field="machine_detection", json=order(machine_detection=wrong))
    ledger.tick(*ledger.matching("createCall.request.machine_detection*"))


@proofs.claim("createCall.request.length_timer*", "createCall.request.ringing_timer*")
async def test_timers_end_calls_that_ring_or_last(face: Phone, pass_time: PassTime, ledger: Ledger) -> None:
    ringing = ledger.value("createCall.request.ringing_timer.default")
    assert isinstance(ringing, int)
    for fields, patience in (({}, ringing), ({"ringing_timer": 1}, 1), ({"ringing_timer": 120}, 120)):
        call = await face.dial(number(SILENT), **fields)
        await pass_time(1 + patience - 0.001)
        assert (await face.look(call))["status"] == "ringing"
        await pass_time(0.001)
        assert (await face.look(call))["status"] == "timeout"
    lasting = ledger.value("createCall.request.length_timer.default")
    for fields, seconds in (({}, lasting), ({"length_timer": 1}, 1), ({"length_timer": lasting}, lasting)):
        call = await face.dial(number(HUMAN), **fields)
        await pass_time(3 + seconds - 0.001)
        assert (await face.look(call))["status"] == "answered"
        await pass_time(0.001)
        ended = await face.look(call)
        assert (ended["status"], ended["duration"]) == ("completed", str(seconds))
    # The vendor's newer form takes a day.
    await face.dial(length_timer=86_400)
    await face.dial(length_timer="60", ringing_timer="60")
    for name, wrongs in (("length_timer", (0, 86_401, "soon")), ("ringing_timer", (0, 121, "soon"))):
        for wrong in wrongs:
            await face.bad("createCall", field=name, json=order(to=None, **{name: wrong}))
        ledger.tick(*ledger.matching(f"createCall.request.{name}*"))


# -- looking --


@proofs.claim(
    "getCall",
    "getCall.200*",
    "getCall.parameter*",
    "getCalls.200*",
    "callEvent.direction*",
    "to.*",
    "from.*",
    "uuid.*",
    "conversation_uuid.*",
    "status.type",
    "direction.*",
    "rate.*",
    "price.*",
    "duration.*",
    "start_time.*",
    "end_time.*",
    "network.*",
)
async def test_a_call_says_all_about_itself(face: Phone, pass_time: PassTime, ledger: Ledger) -> None:
    made = await face.dial(number(BRIEF))
    await pass_time(10)
    call = await face.look(made)
    assert call["_links"]["self"]["href"].endswith(f"/v1/calls/{made['uuid']}")
    assert (call["status"], call["duration"]) == ("completed", "3")
    assert float(call["price"]) == pytest.approx(float(call["rate"]) * 3 / 60, abs=1e-8)
    assert (len(call["rate"].partition(".")[2]), call["network"].isdigit()) == (8, True)
    assert (await face.good("getCalls"))["_embedded"]["calls"] == [call]
    fresh = await application(face.client, event_url=EVENTS)
    mine = {"number": f"+{OURS}", "dialect": "vonage", "application_id": fresh}
    assert (await face.client.post("/v1/numbers", json=mine)).status_code == 201
    arriving = {"from": "+447700900000", "to": f"+{OURS}"}
    arrived = await face.client.post("/v1/simulator/inbound-calls", json=arriving)
    assert arrived.status_code == 201, arrived.text
    await pass_time(1)
    await _told(face, ledger, [made, {"uuid": arrived.json()["id"]}])
    face.client.headers["Authorization"] = f"Bearer {token(fresh)}"
    [come] = (await face.good("getCalls"))["_embedded"]["calls"]
    assert (come["direction"], come["from"]["number"]) == ("inbound", "447700900000")
    assert (await face.ask("getCall", NOBODY)).json() == NOT_FOUND
    # Whose call it is not does not see it.
    assert (await face.ask("getCall", made["uuid"])).status_code == 404


@proofs.claim(
    "getCalls",
    "getCalls.parameter.page_size*",
    "getCalls.parameter.record_index*",
    "getCalls.parameter.order*",
)
async def test_calls_are_listed_by_pages(face: Phone, ledger: Ledger) -> None:
    calls = [(await face.dial())["uuid"] for _ in range(11)]

    async def page(**params: Any) -> Any:
        return await face.good("getCalls", params=params)

    def ids(found: Any) -> list[str]:
        return [each["uuid"] for each in found["_embedded"]["calls"]]

    first = await page()
    assert (first["count"], first["page_size"], first["record_index"]) == (
        11,
        ledger.value("getCalls.parameter.page_size.default"),
        ledger.value("getCalls.parameter.record_index.default"),
    )
    assert ids(first) == calls[:10]
    assert ids(await page(record_index=1)) == calls[10:]
    assert ids(await page(page_size=1, record_index=10)) == calls[10:]
    assert ids(await page(page_size=100)) == calls
    assert ids(await page(order="asc", page_size=2)) == calls[:2]
    assert ids(await page(order="desc", page_size=2)) == calls[:-3:-1]
    assert (await page(page_size=100))["_embedded"]["calls"][0]["uuid"] == calls[0]
    links = (await page(page_size=5, record_index=1, order="asc"))["_links"]
    assert links.keys() == {"self", "first", "last", "next", "prev"}
    following = await face.client.get(links["next"]["href"])
    assert ids(following.json()) == calls[10:]
    assert "next" not in following.json()["_links"]
    assert "prev" not in first["_links"]
    for name, wrongs in (
        ("page_size", (0, 101, "many")),
        ("record_index", (-1, "soon")),
        ("order", ("up", "")),
    ):
        for wrong in wrongs:
            await face.bad("getCalls", field=name, params={name: wrong})
        ledger.tick(*ledger.matching(f"getCalls.parameter.{name}*"))


@proofs.claim(
    "getCalls.parameter.status*",
    "getCalls.parameter.date_*",
    "getCalls.parameter.conversation_uuid*",
    "callEvent.[!d]*",
    "callEvent.direction.enum.outbound",
)
async def test_calls_are_found_by_what_they_are_and_told_as_that(
    face: Phone, pass_time: PassTime, ledger: Ledger
) -> None:
    away = {"outcome": "unavailable"}
    nobody = await face.client.put("/v1/simulator/phones/+31201112222", json=away)
    assert nobody.is_success, nobody.text
    began = (await face.client.get("/v1/simulator/clock")).json()["now"]
    wanted = {
        "completed": await face.dial(number(BRIEF), machine_detection="continue"),
        "busy": await face.dial(number(BUSY)),
        "timeout": await face.dial(number(SILENT), ringing_timer=5),
        "rejected": await face.dial(number(REJECTING)),
        "failed": await face.dial(number(FAILING)),
        "machine": await face.dial(number(MACHINE), machine_detection="continue"),
        "unanswered": await face.dial("31201112222"),
        "cancelled": await face.dial(number(SILENT, 1)),
    }
    assert (
        await face.ask("updateCall", wanted["cancelled"]["uuid"], json={"action": "hangup"})
    ).status_code == 204
    await pass_time(20)
    wanted["answered"] = await face.dial()
    await pass_time(3)
    wanted["ringing"] = await face.dial()
    await pass_time(1)
    wanted["started"] = await face.dial()
    assert wanted.keys() == set(ledger.value("getCalls.parameter.status.enum"))
    for status, call in wanted.items():
        listed = (await face.good("getCalls", params={"status": status}))["_embedded"]["calls"]
        assert [each["uuid"] for each in listed] == [call["uuid"]], status
        assert listed[0]["status"] == status
        ledger.tick(f"getCalls.parameter.status.enum.{status}")
        together = await face.good("getCalls", params={"conversation_uuid": call["conversation_uuid"]})
        assert [each["uuid"] for each in together["_embedded"]["calls"]] == [call["uuid"]]
    middle = (await face.look(wanted["completed"]))["start_time"]
    answered = {wanted[each]["uuid"] for each in ("answered", "completed", "machine")}
    for params, some in (
        ({"date_start": middle}, answered),
        ({"date_end": middle}, {wanted["completed"]["uuid"], wanted["machine"]["uuid"]}),
        ({"date_start": began, "date_end": began}, set()),
    ):
        found = (await face.good("getCalls", params=params))["_embedded"]["calls"]
        assert {each["uuid"] for each in found} == some
    for name in ("status", "date_start", "date_end"):
        for wrong in ("sleeping", ""):
            await face.bad("getCalls", field=name, params={name: wrong})
        ledger.tick(*ledger.matching(f"getCalls.parameter.{name}*"))
    ledger.tick(*ledger.matching("getCalls.parameter.conversation_uuid*"))
    seen = await _told(face, ledger, list(wanted.values()))
    assert set(ledger.value("callEvent.status.enum")) <= seen


async def _told(face: Phone, ledger: Ledger, calls: Sequence[Mapping[str, Any]]) -> set[str]:
    """The events of these calls are as the contract has them; which statuses are told."""
    seen = set()
    for call in calls:
        for each in await face.deliveries(call):
            sent = (await face.client.get(f"/v1/simulator/deliveries/{each['id']}")).json()
            shown = json.loads(sent["body"] or "{}")
            if "status" in shown:
                ledger.event("callEvent", shown)
                seen.add(shown["status"])
    return seen


# -- steering --


@proofs.claim("updateCall", "updateCall.[b2pr]*")
async def test_a_call_is_steered(face: Phone, pass_time: PassTime, ledger: Ledger) -> None:
    call = await face.dial()
    uuid = call["uuid"]
    await pass_time(3)
    for action in ledger.value("updateCall.request.action.enum"):
        if action in {"hangup", "transfer"}:
            continue
        for _ in range(2):  # to say it once more is no error
            await face.good("updateCall", uuid, json={"action": action})
        ledger.tick(f"updateCall.request.action.enum.{action}")
    there = {"type": "ncco", "url": ["https://shop.example/next"]}
    await face.good("updateCall", uuid, json={"action": "transfer", "destination": there})
    inline = {"type": "ncco", "ncco": [{"action": "conversation", "name": "attic"}]}
    await face.good("updateCall", uuid, json={"action": "transfer", "destination": inline})
    for destination in (
        None,
        {},
        {"type": "ncco"},
        {"type": "bus", "url": ["https://shop.example"]},
        7,
        {"type": "ncco", "url": "https://shop.example"},
        {"type": "ncco", "url": [7]},
    ):
        given = {"action": "transfer", "destination": destination}
        await face.bad("updateCall", uuid, json=given)
    for action in ("sing", 7, None):
        await face.bad("updateCall", uuid, field="action", json={"action": action})
    await face.bad("updateCall", uuid, field="action", json={})
    assert (await face.ask("updateCall", uuid)).status_code == 400
    await face.good("updateCall", uuid, json={"action": "hangup"})
    ended = await face.ask("updateCall", uuid, json={"action": "hangup"})
    assert (ended.status_code, ended.json()) == (404, NOT_FOUND)
    ledger.tick(*ledger.matching("updateCall.body*", "updateCall.request.*"))


BODIES: Final[Mapping[str, Mapping[str, Any] | None]] = {
    "startStream": {"stream_url": ["https://shop.example/waiting.mp3"]},
    "stopStream": None,
    "startTalk": {"text": "Good morning"},
    "stopTalk": None,
    "startDTMF": {"digits": "1713"},
}
GOOD: Final[tuple[Mapping[str, Any], ...]] = (
    {"loop": 0},
    {"loop": "3"},
    {"level": "0.4"},
    {"level": -1},
    {"level": 1.0},
)
# What is wrong with a field, wherever it stands.
WRONG: Final[Mapping[str, tuple[object, ...]]] = {
    "loop": (-1, "often"),
    "level": ("loud", 1.1, "-1.1"),
    "stream_url": (
        "https://shop.example/a.mp3",
        [],
        ["https://a.example", "https://b.example"],
        [7],
        None,
        7,
    ),
    "text": (None, 7, "", "a" * 1501),
    "voice_name": ("Nobody", 7),
    "digits": (None, "", "call", "12x"),
}
FIELDS: Final = {
    "startStream": ("stream_url", "loop", "level"),
    "startTalk": ("text", "loop", "level", "voice_name"),
    "startDTMF": ("digits",),
}


@proofs.claim("*.200.message*", "*.200.uuid.uuid", *MEDIA, *(f"{each}.[b2p]*" for each in MEDIA))
async def test_sound_goes_into_a_call_and_stops(face: Phone, pass_time: PassTime, ledger: Ledger) -> None:
    uuid = (await face.dial())["uuid"]
    early = await face.ask("startTalk", uuid, json=BODIES["startTalk"])
    assert (early.status_code, early.json()) == (400, STATE)
    await pass_time(3)
    said = {}
    for name, body in BODIES.items():
        answer = await face.good(name, uuid, status=200, json=body)
        assert answer["uuid"] == uuid
        said[name] = answer["message"]
        missing = await face.ask(name, NOBODY, json=body)
        assert (missing.status_code, missing.json()) == (404, NOT_FOUND)
        ledger.tick(*ledger.matching(f"{name}.body*"))
    assert said == {
        "startStream": "Stream started",
        "stopStream": "Stream stopped",
        "startTalk": "Talk started",
        "stopTalk": "Talk stopped",
        "startDTMF": "DTMF sent",
    }
    assert (await face.look({"uuid": uuid}))["uuid"] == uuid
    await face.good("getCalls")


@proofs.claim(*(f"{each}.request.*" for each in FIELDS), "startStream.request.*", "voice_name.*")
async def test_sound_is_as_it_is_wished(face: Phone, pass_time: PassTime, ledger: Ledger) -> None:
    uuid = (await face.dial())["uuid"]
    await pass_time(3)
    for name, fields in FIELDS.items():
        body = BODIES[name] or {}
        for more in GOOD if "loop" in fields else ():
            await face.good(name, uuid, json={**body, **more})
        for field in fields:
            for wrong in WRONG[field]:
                await face.bad(name, uuid, field=field, json={**body, field: wrong})
        assert (await face.ask(name, uuid, json=[])).status_code == 400
    for voice in ledger.value("voice_name.enum"):
        await face.good("startTalk", uuid, json={"text": "Hello", "voice_name": voice})
    await face.good("startDTMF", uuid, json={"digits": "0123456789*#p"})
    spoken = await _said(face, uuid)
    assert ledger.value("voice_name.default") in {each["voice"] for each in spoken}
    ledger.tick(*ledger.matching("voice_name.*", *(f"{each}.request.*" for each in FIELDS)))


async def _said(face: Phone, uuid: str) -> list[Any]:
    timeline = await face.client.get(f"/v1/simulator/calls/{uuid}/timeline", params={"page_size": "100"})
    assert timeline.status_code == 200, timeline.text
    return [
        each for each in timeline.json()["entries"] if each["type"] == "said" and each["actor"] == "platform"
    ]
