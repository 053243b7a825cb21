"""What was recorded, as the vendor's clients fetch it: over HTTP, on both stores."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import soundfile

from tests.dialects.vonage.steps import HUMAN, NOT_FOUND, UNAUTHORIZED, Program, a_program
from tests.support.house import House
from tests.support.shop import Shop

SCRIPT = [{"wait": 3}, {"say": "This is the far end."}, {"wait": 20}]
SPOKEN = {"action": "talk", "text": "And this is the platform, which speaks after it."}
NOTHING = "00000000-0000-4000-8000-000000000000"


async def recorded(program: Program, shop: Shop, **wish: Any) -> dict[str, Any]:
    """What is told of the recording of a call of ten seconds, in which both sides speak one after the other."""
    phone = {"outcome": "human", "greeting": "Yes?", "script": SCRIPT}
    assert (await program.key.put(f"/v1/simulator/phones/{HUMAN}", json=phone)).is_success
    record = {"action": "record", "eventUrl": [shop.at("/recorded")], **wish}
    document = [record, {"action": "wait", "timeout": 6}, SPOKEN]
    await program.dial(ncco=document)
    await program.pass_time(60)
    told: dict[str, Any] = shop.asked("/recorded")[-1].json
    return told


def path_of(told: dict[str, Any]) -> str:
    return str(urlsplit(told["recording_url"]).path)


async def test_a_recording_is_fetched_by_its_address(program: Program, shop: Shop) -> None:
    told = await recorded(program, shop)
    path = path_of(told)
    assert path.rpartition("/")[0] == "/v1/files"
    assert path.rpartition("/")[2] != told["recording_uuid"]
    whole = await program.calls.get(path)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/mpeg")
    assert len(whole.content) == told["size"]
    sound = soundfile.info(io.BytesIO(whole.content))
    assert (sound.samplerate, sound.channels) == (16_000, 1)
    assert round(8 * len(whole.content) / sound.duration / 1000) == 32
    for name in ("/v3/files", "/v1/files"):
        again = await program.calls.get(f"{name}/{path.rpartition('/')[2]}")
        assert again.content == whole.content


async def test_a_recording_is_of_the_kind_that_was_wished_for(program: Program, shop: Shop) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "audio/wav": {"format": "wav"},
        "audio/ogg": {"format": "ogg"},
        "audio/mpeg": {"format": "mp3", "split": "conversation", "channels": 2},
    }
    for kind, wish in kinds.items():
        told = await recorded(program, shop, **wish)
        found = await program.calls.get(path_of(told), headers={"Accept": "application/json"})
        assert (found.status_code, found.headers["content-type"]) == (200, kind)
        sound = soundfile.info(io.BytesIO(found.content))
        assert (sound.samplerate, sound.channels) == (16_000, wish.get("channels", 1))
        assert kind == "audio/ogg" or told["size"] == len(found.content)
        assert told["size"] / 3 < len(found.content) < told["size"] * 3
    many = await recorded(program, shop, split="conversation", channels=4)
    assert (await program.calls.get(path_of(many))).headers["content-type"] == "audio/wav"


async def test_on_the_left_is_what_the_leg_says_on_the_right_what_it_hears(
    program: Program, shop: Shop
) -> None:
    told = await recorded(program, shop, format="wav", split="conversation", channels=2)
    found = await program.calls.get(path_of(told))
    frames, rate = soundfile.read(io.BytesIO(found.content))
    said, heard = (np.abs(frames[:, channel]) > 0.01 for channel in (0, 1))
    assert said[: 6 * rate].any()
    assert not heard[: 6 * rate].any()
    assert heard[6 * rate :].any()
    assert not said[6 * rate :].any()


async def test_a_part_of_it_or_its_headers_alone_can_be_had(program: Program, shop: Shop) -> None:
    path = path_of(await recorded(program, shop, format="wav"))
    whole = await program.calls.get(path)
    part = await program.calls.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    head = await program.calls.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    known = await program.calls.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    beyond = await program.calls.get(path, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.json()["type"]) == (416, "RANGE_NOT_SATISFIABLE")


async def test_only_who_has_a_token_of_the_application_hears_it(program: Program, shop: Shop) -> None:
    told = await recorded(program, shop)
    path = path_of(told)
    async with program.house.connect() as nobody:
        answer = await nobody.get(path)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    async with a_program(program.house, account=(program.account, "")) as sister:
        assert (await sister.calls.get(path)).json() == NOT_FOUND
    for wrong in (told["recording_uuid"], NOTHING, "nothing", path.rpartition("/")[2].upper()):
        answer = await program.calls.get(f"/v1/files/{wrong}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND), wrong


async def test_the_words_of_it_are_a_file_as_well(program: Program, shop: Shop) -> None:
    wish = {"split": "conversation", "channels": 2, "transcription": {"eventUrl": [shop.at("/words")]}}
    told = await recorded(program, shop, **wish)
    [asked] = shop.asked("/words")
    assert asked.json["recording_uuid"] == told["recording_uuid"]
    found = await program.calls.get(urlsplit(asked.json["transcription_url"]).path)
    assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
    left, right = found.json()["channels"]
    assert [each["sentence"] for each in left["transcript"]] == ["Yes?", "This is the far end."]
    assert [each["sentence"] for each in right["transcript"]] == [SPOKEN["text"]]
    spoken = left["transcript"][1]
    assert [each["word"] for each in spoken["words"]] == ["This", "is", "the", "far", "end."]
    assert spoken["words"][0]["start_time"] == spoken["timestamp"]


async def test_who_fetches_it_is_taken_down(program: Program, shop: Shop, house: House) -> None:
    told = await recorded(program, shop)
    await program.calls.get(path_of(told))
    async with house.operator() as operator:
        query = {"action": "download", "subject": told["recording_uuid"]}
        trail = await operator.get(f"/v1/admin/accounts/{program.account.id}/audit", params=query)
    assert [each["actor"] for each in trail.json()["entries"]] == [program.application.id]
