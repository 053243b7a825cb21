"""What a client may send, and how it is told what is wrong with it."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

GOOD: Final = '"to":"+31201234567"'
JSON: Final = {"Content-Type": "application/json"}


async def sent(things: httpx.AsyncClient, content: bytes | str, **headers: str) -> httpx.Response:
    return await things.post("/things", content=content, headers=JSON | headers)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "The body is not JSON"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"to":"\xff"}', "not UTF-8: see the byte at 7"),
        (b"{" + GOOD.encode() + b"} trailing", "The body is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"count":' + b"9" * 5_000 + b"}", "a number that is too long"),
        (b'{"count":NaN}', "NaN is no number"),
        (b'{"count":-Infinity}', "-Infinity is no number"),
        (b'{"to":"\\u0000"}', "a NUL character"),
        (b'{"\\u0000":1}', "a NUL character"),
        (b'{"to":"\\\\\\u0000"}', "a NUL character"),
        (b'{"to":"\\ud800"}', "half of a surrogate pair"),
        (b'{"unknown":{"a":["\\udfff"]}}', "half of a surrogate pair"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_in_one_sentence(
    things: httpx.AsyncClient, content: bytes, told: str
) -> None:
    answer = await sent(things, content)
    problem = answer.json()
    assert (answer.status_code, problem["error"]) == (400, "malformed_body")
    assert told in problem["message"]
    assert "details" not in problem


@pytest.mark.parametrize(
    ("fields", "field", "issue"),
    [
        ("", "to", "is required"),
        ('"to":1', "to", "should be a valid string"),
        ('"to":null', "to", "should be a valid string"),
        ('"to":"12"', "to", "E.164"),
        ('"to":"+0123"', "to", "E.164"),
        ('"to":"+31"', "to", "no possible phone number"),
        ('"to":"+31201234567x12"', "to", "E.164"),
        ('"to":"+31201234567\\n"', "to", "E.164"),
        ('"to":"+٣١٢٠١٢٣٤٥٦٧"', "to", "E.164"),
        (GOOD + ',"name":null', "name", "must not be null"),
        (GOOD + ',"name":"' + "n" * 1_001 + '"', "name", "at most 1000 characters"),
        (GOOD + ',"count":0', "count", "greater than or equal to 1"),
        (GOOD + ',"count":601', "count", "less than or equal to 600"),
        (GOOD + ',"count":-1', "count", "greater than or equal to 1"),
        (GOOD + ',"count":1000000000000000000000000000000', "count", "less than or equal to 600"),
        (GOOD + ',"count":1.5', "count", "valid integer"),
        (GOOD + ',"count":"30"', "count", "valid integer"),
        (GOOD + ',"count":true', "count", "valid integer"),
        (GOOD + ',"loud":"yes"', "loud", "valid boolean"),
        (GOOD + ',"loud":1', "loud", "valid boolean"),
        (GOOD + ',"url":"/relative"', "url", "absolute http or https URL"),
        (GOOD + ',"count":1,"count":2', "count", "more than once"),
    ],
)
async def test_a_field_that_is_wrong_is_named(
    things: httpx.AsyncClient, fields: str, field: str, issue: str
) -> None:
    answer = await sent(things, "{" + fields + "}")
    problem = answer.json()
    assert (answer.status_code, problem["error"]) == (400, "invalid_request")
    assert [detail["field"] for detail in problem["details"]] == [field]
    assert issue in problem["details"][0]["issue"]
    assert field in problem["message"]


async def test_all_wrong_fields_are_named_at_once(things: httpx.AsyncClient) -> None:
    problem = (await sent(things, '{"name":null,"count":0,"loud":1}')).json()
    assert [detail["field"] for detail in problem["details"]] == ["to", "count", "loud", "name"]
    assert "3 more" in problem["message"]


@pytest.mark.parametrize("number", ["30", "30.0", "3e1"])
async def test_a_whole_number_may_be_written_in_any_way(things: httpx.AsyncClient, number: str) -> None:
    answer = await sent(things, "{" + GOOD + f',"count":{number}' + "}")
    assert (answer.status_code, answer.json()["count"]) == (201, 30)


async def test_an_escaped_backslash_before_u0000_is_no_nul(things: httpx.AsyncClient) -> None:
    answer = await sent(things, "{" + GOOD + r',"name":"\\u0000"}')
    assert (answer.status_code, answer.json()["name"]) == (201, r"\u0000")


@pytest.mark.parametrize(
    "kind", [None, "", "application/json", "Application/JSON; charset=UTF-8", "application/x+json"]
)
async def test_a_body_is_json_unless_it_says_otherwise(things: httpx.AsyncClient, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = await things.post("/things", content="{" + GOOD + "}", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "text/json",
        "application/jsonl",
        ";",
    ],
)
async def test_a_body_of_another_kind_is_told_which_header_to_send(
    things: httpx.AsyncClient, kind: str
) -> None:
    answer = await sent(things, "{" + GOOD + "}", **{"Content-Type": kind})
    problem = answer.json()
    assert (answer.status_code, problem["error"]) == (415, "unsupported_media_type")
    assert "Content-Type: application/json" in problem["message"]


async def test_an_empty_body_stands_for_no_fields_whatever_it_calls_itself(things: httpx.AsyncClient) -> None:
    for headers in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):
        problem = (await things.post("/things", headers=headers)).json()
        assert [detail["field"] for detail in problem["details"]] == ["to"]
        assert (await things.patch("/things", headers=headers)).json() == {"set": []}


async def test_where_null_is_a_value_it_is_taken(things: httpx.AsyncClient) -> None:
    assert (await things.patch("/things", json={"name": None})).json() == {"set": ["name"]}


@pytest.mark.parametrize(
    ("names", "header"),
    [
        ({}, None),
        ({"timout": 5}, "timout"),
        ({"b": 1, "a": 2}, "b, a"),
        ({"naam é": 1, "x,\r\ny": 2}, "naam%20%C3%A9, x%2C%0D%0Ay"),
        ({"n" * 200: 1}, "n" * 64),
        ({"😀" * 64: 1}, "%F0%9F%98%80" * 16),
        ({f"f{n}": n for n in range(50)}, ", ".join(f"f{n}" for n in range(20))),
    ],
)
async def test_unknown_fields_are_ignored_but_named(
    things: httpx.AsyncClient, names: dict[str, Any], header: str | None
) -> None:
    answer = await things.post("/things", json={"to": "+31201234567", **names})
    assert answer.status_code == 201
    assert answer.headers.get("x-ignored-fields") == header


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("page=3&page_size=100", 200),
        ("page=1&page=2", 200),
        ("unknown=1", 200),
        ("page=0", 400),
        ("page=-1", 400),
        ("page=", 400),
        ("page=1.0", 400),
        ("page=1e2", 400),
        ("page=1_0", 400),
        ("page=%2B1", 400),
        ("page=%00", 400),
        ("page=%D9%A3", 400),
        ("page=" + "9" * 30, 400),
        ("page=" + "9" * 5_000, 400),
        ("page_size=0", 400),
        ("page_size=101", 400),
    ],
)
async def test_pages_are_whole_numbers_within_reach(
    things: httpx.AsyncClient, query: str, status: int
) -> None:
    answer = await things.get(f"/things?{query}")
    assert answer.status_code == status
    if status == 400:
        name = query.partition("=")[0]
        assert [detail["field"] for detail in answer.json()["details"]] == [name]


async def test_the_first_page_of_fifty_is_the_usual_one(things: httpx.AsyncClient) -> None:
    assert (await things.get("/things")).json() == {"page": 1, "page_size": 50}
