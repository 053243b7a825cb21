"""Calls one by one and page by page, as the vendor's clients read them: over HTTP, on both stores."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from telefonie.core.accounts import Settings as AccountSettings
from telefonie.settings import Settings
from tests.dialects.vonage.steps import (
    BRIEF,
    BUSY,
    CALLER,
    CALLS,
    FAILED,
    FAX,
    HUMAN,
    MACHINE,
    NOBODY,
    NOT_FOUND,
    REJECTED,
    WAITING,
    Program,
    a_program,
    dashed,
    invalid,
)
from tests.support.house import House, running

GONE = "447911123456"  # rings, and turns out to be switched off
LONDON = "447700900010"  # reserved, too: hangs up after three seconds


async def test_a_call_shows_what_it_came_to_once_it_is_over(program: Program) -> None:
    call = await program.dial(LONDON, ncco=WAITING)
    new = await program.look(call)
    assert new == {
        "_links": {"self": {"href": f"{CALLS}/{call['uuid']}"}},
        "uuid": call["uuid"],
        "conversation_uuid": call["conversation_uuid"],
        "to": {"type": "phone", "number": LONDON},
        "from": {"type": "phone", "number": CALLER},
        "status": "started",
        "direction": "outbound",
    }
    await program.pass_time(1)
    assert await program.look(call) == new | {"status": "ringing"}
    await program.pass_time(2)
    answered = {"status": "answered", "start_time": "2030-01-01T00:00:03.000Z", "network": "23420"}
    assert await program.look(call) == new | answered
    await program.pass_time(3)
    came_to = {
        "status": "completed",
        "end_time": "2030-01-01T00:00:06.000Z",
        "duration": "3",
        "rate": "0.01600000",
        "price": "0.00080000",
    }
    assert await program.look(call) == new | answered | came_to


async def test_of_a_call_that_nobody_answered_only_the_status_tells(program: Program) -> None:
    gone = {"outcome": "unavailable"}
    assert (await program.key.put(f"/v1/simulator/phones/{GONE}", json=gone)).is_success
    ends = {"busy": BUSY, "timeout": NOBODY, "rejected": REJECTED, "failed": FAILED, "unanswered": GONE}
    new = {status: await program.look(await program.dial(to)) for status, to in ends.items()}
    await program.pass_time(62)
    for status, call in new.items():
        assert await program.look(call) == call | {"status": status}
        assert await program.listed(status=status) == [call["uuid"]]
    assert await program.listed(status="completed") == []


async def test_every_status_is_found_by_its_name(program: Program) -> None:
    hung_up = await program.dial(NOBODY)
    await program.change(hung_up, "hangup")
    over = await program.dial(BRIEF, ncco=WAITING)
    machine = await program.dial(MACHINE, ncco=WAITING, machine_detection="continue")
    fax = await program.dial(FAX, ncco=WAITING, machine_detection="continue")
    person = await program.dial(HUMAN, ncco=WAITING, machine_detection="continue")
    unjudged = await program.dial(HUMAN, ncco=WAITING)
    await program.pass_time(10)
    ringing = await program.dial(NOBODY)
    await program.pass_time(1)
    started = await program.dial(NOBODY)
    found = {
        "cancelled": [hung_up],
        "completed": [over],
        "machine": [machine, fax],
        "answered": [person, unjudged],
        "ringing": [ringing],
        "started": [started],
    }
    for status, calls in found.items():
        assert await program.listed(status=status) == [each["uuid"] for each in calls], status
        for each in calls:
            assert (await program.look(each))["status"] == status


async def test_the_rate_is_the_accounts_and_every_second_counts(house: House) -> None:
    async with a_program(house, settings=AccountSettings(rates={"+44": "0.1"})) as program:
        call = await program.dial("447700900000", ncco=WAITING)
        await program.pass_time(3 + 2)
        await program.change(call, "hangup")
        found = await program.look(call)
    assert (found["rate"], found["duration"], found["price"]) == ("0.10000000", "2", "0.00333333")


async def test_who_calls_in_has_an_id_without_dashes(program: Program) -> None:
    await program.number("+31201234567")
    came = await program.key.post(
        "/v1/simulator/inbound-calls", json={"from": f"+{HUMAN}", "to": "+31201234567"}
    )
    call_id = came.json()["id"]
    [uuid] = await program.listed()
    assert (uuid, dashed(uuid)) == (call_id.replace("-", ""), call_id)
    call = await program.look({"uuid": uuid})
    assert (call["direction"], call["from"]["number"], call["to"]["number"]) == (
        "inbound",
        HUMAN,
        "31201234567",
    )
    assert call["conversation_uuid"].startswith("CON-")
    for wrong in (call_id, uuid.upper(), call_id.upper(), f"{uuid}0", uuid[:-1], "nobody", "%00"):
        answer = await program.calls.get(f"{CALLS}/{wrong}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND), wrong


async def test_the_id_of_a_call_out_is_spelled_with_dashes_only(program: Program) -> None:
    call = await program.dial()
    for wrong in (call["uuid"].replace("-", ""), call["uuid"].upper()):
        assert (await program.calls.get(f"{CALLS}/{wrong}")).status_code == 404
        assert (await program.put({"uuid": wrong}, action="hangup")).status_code == 404


async def test_a_leg_of_connect_is_a_call_of_the_same_conversation(program: Program) -> None:
    connect = [{"action": "connect", "endpoint": [{"type": "phone", "number": LONDON}]}]
    call = await program.talk(ncco=connect)
    legs = (await program.page(conversation_uuid=call["conversation_uuid"]))["_embedded"]["calls"]
    mine, leg = legs
    assert mine["uuid"] == call["uuid"]
    assert (len(leg["uuid"]), leg["to"]) == (32, {"type": "phone", "number": LONDON})
    assert leg["conversation_uuid"] == call["conversation_uuid"]
    assert await program.look(leg) == leg


async def test_a_user_of_an_app_is_shown_as_the_clients_can_bear(program: Program) -> None:
    await program.dial({"type": "app", "user": "kim"})
    [call] = (await program.page())["_embedded"]["calls"]
    assert call["to"] == {"type": "phone", "number": "kim", "user": "kim"}


async def test_pages_have_ten_calls_the_oldest_first(program: Program) -> None:
    calls = [(await program.dial())["uuid"] for _ in range(12)]
    first = await program.page()
    assert (first["count"], first["page_size"], first["record_index"]) == (12, 10, 0)
    assert await program.listed() == calls[:10]
    assert await program.listed(record_index=1) == calls[10:]
    assert await program.listed(order="desc") == calls[:1:-1]
    assert await program.listed(page_size=5, record_index=2) == calls[10:]
    assert await program.listed(page_size=100) == calls
    assert await program.listed(record_index=7) == []


async def test_links_are_absolute_and_repeat_what_was_asked_for(program: Program) -> None:
    for _ in range(5):
        await program.dial()
    given = {"page_size": "2", "status": "started", "order": "desc"}
    query: dict[str, Any] = {}
    for index, names in enumerate(
        ("self first last next", "self first last next prev", "self first last prev")
    ):
        links = (await program.page(**given, record_index=index))["_links"]
        assert set(links) == set(names.split())
        for name, link in links.items():
            parts = urlsplit(link["href"])
            assert (parts.scheme, parts.netloc, parts.path) == ("http", "127.0.0.1", CALLS)
            query[name] = {key: value[0] for key, value in parse_qs(parts.query).items()}
        assert query["self"] == given | {"record_index": str(index)}
        assert query["first"] == given
        assert query["last"] == given | {"record_index": "2"}
        if "next" in links:
            assert query["next"] == given | {"record_index": str(index + 1)}
        if "prev" in links:
            assert query["prev"] == given | {"record_index": str(index - 1)}


async def test_a_list_can_be_walked_by_its_links(program: Program) -> None:
    calls = [(await program.dial())["uuid"] for _ in range(5)]
    url, found = f"http://127.0.0.1{CALLS}?page_size=2", []
    while url:
        page = (await program.calls.get(url)).json()
        found += [each["uuid"] for each in page["_embedded"]["calls"]]
        url = page["_links"].get("next", {}).get("href")
    assert found == calls


async def test_an_empty_list_has_links_all_the_same(program: Program) -> None:
    page = await program.page(conversation_uuid="CON-00000000-0000-4000-8000-000000000000")
    assert (page["count"], page["_embedded"]) == (0, {"calls": []})
    assert page["_links"].keys() == {"self", "first", "last"}


async def test_links_lead_where_the_server_is_known_by(tmp_path: Any) -> None:
    settings = Settings(data=tmp_path, public_url="https://api.nexmo.example:8443")
    async with running(settings) as house, a_program(house) as program:
        links = (await program.page())["_links"]
        assert links["self"]["href"].startswith("https://api.nexmo.example:8443/v1/calls?")


async def test_dates_are_compared_with_the_moment_of_the_answer(program: Program) -> None:
    early = await program.talk()
    await program.pass_time(100)
    late = await program.talk()
    await program.dial(NOBODY)
    start = (await program.look(late))["start_time"]
    assert await program.listed(date_start=start) == [late["uuid"]]
    assert await program.listed(date_end="2030-01-01T00:01:00Z") == [early["uuid"]]
    assert await program.listed(date_start="2030-01-01", date_end="2030-01-01") == [
        early["uuid"],
        late["uuid"],
    ]
    assert await program.listed(date_start="2031-01-01") == []


async def test_a_conversation_is_found_by_its_id(program: Program) -> None:
    call = await program.dial()
    await program.dial()
    con = call["conversation_uuid"]
    for given in (con, con.removeprefix("CON-")):
        assert await program.listed(conversation_uuid=given) == [call["uuid"]]


WRONG: Final[tuple[tuple[dict[str, str], str], ...]] = (
    ({"status": "human"}, "status"),
    ({"status": "in-progress"}, "status"),
    ({"page_size": "0"}, "page_size"),
    ({"page_size": "101"}, "page_size"),
    ({"page_size": "ten"}, "page_size"),
    ({"record_index": "-1"}, "record_index"),
    ({"record_index": "9" * 30}, "record_index"),
    ({"order": "up"}, "order"),
    ({"date_start": "yesterday"}, "date_start"),
    ({"date_end": "2030-13-01"}, "date_end"),
    ({"conversation_uuid": "CON-1"}, "conversation_uuid"),
)


async def test_a_bad_wish_is_named(program: Program) -> None:
    for query, name in WRONG:
        assert invalid(await program.calls.get(CALLS, params=query)) == [name]


async def test_a_stale_content_type_means_nothing_without_a_body(program: Program) -> None:
    call = await program.dial()
    for path in (CALLS, f"{CALLS}/{call['uuid']}"):
        for kind in ("application/json", "text/plain"):
            assert (await program.calls.get(path, headers={"Content-Type": kind})).status_code == 200


async def test_after_some_days_a_call_is_not_found_any_more(house: House) -> None:
    async with a_program(house, calls_days=1) as program:
        call = await program.dial(BRIEF, ncco=WAITING)
        await program.pass_time(6 + 86_399)
        assert (await program.look(call))["status"] == "completed"
        assert await program.listed() == [call["uuid"]]
        await program.pass_time(1)
        assert await program.listed() == []
        answer = await program.calls.get(f"{CALLS}/{call['uuid']}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
        assert (await program.put(call, action="hangup")).status_code == 404
