"""A folder and a bucket keep files in the same way: whole or not at all, below the region, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from telefonie.app import make_engine
from telefonie.engine.media import Blobs, Unkept
from telefonie.media import place_of
from telefonie.media.bucket import Bucket
from telefonie.media.folder import Folder
from telefonie.settings import BadSetting, Settings
from tests.dialects.telefonie.steps import BRIEF, dial
from tests.dialects.telefonie.tapes import RECORDINGS, only
from tests.support.house import running

BUCKET: Final = "recordings"
REGION: Final = "eu-test"
KEY: Final = "acc-1/recordings/rec-1.8000.wav"
Write = Callable[[bytes], Path]


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A store of buckets on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", "testing")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patched.delenv("AWS_PROFILE", raising=False)
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(s3: str) -> Iterator[Any]:
    """The library itself, for what no place of ours does."""
    client = boto3.client("s3", endpoint_url=s3, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.close()


@pytest.fixture(params=["folder", "bucket"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    """Both, one after the other."""
    if request.param == "folder":
        place: Blobs = place_of(str(tmp_path / "media"), REGION, None)
    else:
        request.getfixturevalue("client")
        place = place_of(f"s3://{BUCKET}/{tmp_path.name}", REGION, request.getfixturevalue("s3"))
    yield place
    await place.close()


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """A file with this in it."""

    def write(data: bytes) -> Path:
        path = tmp_path / "to-be-kept"
        path.write_bytes(data)
        return path

    return write


async def all_of(place: Blobs, key: str, start: int = 0, length: int = 1 << 40) -> bytes:
    return b"".join([piece async for piece in place.read(key, start, length)])


async def listed(place: Blobs, prefix: str) -> list[str]:
    return sorted([key async for key, _ in place.keys(prefix)])


async def test_what_was_put_is_found_and_read(blobs: Blobs, written: Write) -> None:
    data = bytes(range(256)) * 1000
    assert await blobs.find(KEY) is None
    file = written(data)
    blob = await blobs.put(KEY, file)
    assert not await asyncio.to_thread(file.exists)
    assert (blob.key, blob.size) == (KEY, len(data))
    assert await blobs.find(KEY) == blob
    assert await all_of(blobs, KEY, 0, blob.size) == data


async def test_a_part_is_read(blobs: Blobs, written: Write) -> None:
    data = bytes(range(256)) * 1000
    await blobs.put(KEY, written(data))
    for start, length in ((0, 1), (1000, 100_000), (255_999, 1), (255_990, 10), (65_536, 65_536), (3, 0)):
        assert await all_of(blobs, KEY, start, length) == data[start : start + length]


async def test_long_files_come_in_small_pieces(blobs: Blobs, written: Write) -> None:
    await blobs.put(KEY, written(bytes(1_000_000)))
    pieces = [len(piece) async for piece in blobs.read(KEY, 0, 1_000_000)]
    assert sum(pieces) == 1_000_000
    assert max(pieces) <= 64 * 1024


async def test_who_stops_reading_holds_nothing(blobs: Blobs, written: Write) -> None:
    await blobs.put(KEY, written(bytes(1_000_000)))
    reading = aiter(blobs.read(KEY, 0, 1_000_000))
    assert len(await anext(reading)) == 64 * 1024
    await reading.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert len(await all_of(blobs, KEY)) == 1_000_000


async def test_another_content_has_another_etag(blobs: Blobs, written: Write) -> None:
    first = await blobs.put(KEY, written(b"one"))
    second = await blobs.put(KEY, written(b"other"))
    assert first.etag != second.etag
    assert await all_of(blobs, KEY) == b"other"


async def test_an_empty_file(blobs: Blobs, written: Write) -> None:
    assert (await blobs.put(KEY, written(b""))).size == 0
    assert await all_of(blobs, KEY, 0, 0) == b""


async def test_a_copy_is_ones_own(blobs: Blobs, written: Write, tmp_path: Path) -> None:
    await blobs.put("acc-1/sounds/abc", written(b"music"))
    assert await blobs.copy("acc-1/sounds/abc", tmp_path / "copy")
    await blobs.delete("acc-1/sounds/abc")
    assert (tmp_path / "copy").read_bytes() == b"music"
    assert not await blobs.copy("acc-1/sounds/abc", tmp_path / "other")


async def test_what_was_deleted_is_gone(blobs: Blobs, written: Write) -> None:
    await blobs.put(KEY, written(b"one"))
    await blobs.delete(KEY)
    await blobs.delete(KEY)
    assert await blobs.find(KEY) is None
    assert await listed(blobs, "") == []
    with pytest.raises(Unkept):
        await all_of(blobs, KEY, 0, 3)


async def test_all_below_a_key_is_deleted_and_nothing_beside_it(blobs: Blobs, written: Write) -> None:
    mine = [f"acc-1/recordings/{number}.wav" for number in range(12)]
    others = ["acc-1/sounds/a", "acc-10/recordings/1.wav"]
    for key in (*mine, *others):
        await blobs.put(key, written(b"x"))
    assert await listed(blobs, "acc-1/recordings/") == sorted(mine)
    await blobs.delete("acc-1/recordings/")
    assert await listed(blobs, "") == others
    await blobs.delete("acc-1/")
    await blobs.delete("nobody/")
    assert await listed(blobs, "") == ["acc-10/recordings/1.wav"]


async def test_it_is_known_since_when_something_is_kept(blobs: Blobs, written: Write) -> None:
    first, second = [await blobs.put(f"a/{number}", written(b"x")) for number in (1, 2)]
    moments = {key: since async for key, since in blobs.keys("a/")}
    assert moments.keys() == {first.key, second.key}
    assert all(since > 1.7e9 for since in moments.values())


async def test_several_write_the_same_and_one_of_them_is_kept_whole(blobs: Blobs, tmp_path: Path) -> None:
    def file(number: int) -> Path:
        path = tmp_path / f"of{number}"
        path.write_bytes(bytes([number]) * 300_000)
        return path

    await asyncio.gather(*(blobs.put(KEY, file(number)) for number in range(8)))
    found = await all_of(blobs, KEY)
    assert len(found) == 300_000
    assert len(set(found)) == 1
    assert await listed(blobs, "") == [KEY]


ODD: Final = (
    *(
        "",
        "/etc/passwd",
        "a//b",
        "../b",
        "a/../b",
        "a/./b",
        ".parts/x",
        "a/.b",
        "a b",
        "a\\b",
        "a\x00",
        "\xe4",
    ),
    "a" * 300,
)


async def test_no_key_leads_out_of_the_place(blobs: Blobs, written: Write) -> None:
    for key in ODD:
        attempts = (
            blobs.find(key),
            blobs.put(key, written(b"x")),
            blobs.delete(key),
            all_of(blobs, key, 0, 1),
        )
        for attempt in attempts:
            with pytest.raises(Unkept, match="no name under which"):
                await attempt
    assert await listed(blobs, "") == []


async def test_nothing_is_swept_that_is_whole_or_just_begun(blobs: Blobs, written: Write) -> None:
    await blobs.put(KEY, written(b"x"))
    assert await blobs.sweep(3600) == 0
    assert await blobs.find(KEY) is not None


# --- the folder


async def test_files_lie_inside_the_region(tmp_path: Path, written: Write) -> None:
    place = Folder(tmp_path / "media", REGION)
    await place.put(KEY, written(b"x"))
    found = [each for each in (tmp_path / "media").rglob("*") if each.is_file()]
    assert found == [tmp_path / "media" / REGION / KEY]
    assert await place.link(KEY, 60) is None


async def test_a_reader_reads_on_while_the_file_is_deleted(tmp_path: Path, written: Write) -> None:
    place = Folder(tmp_path / "media", REGION)
    await place.put(KEY, written(bytes(200_000)))
    reading = place.read(KEY, 0, 200_000)
    first = await anext(reading)
    await place.delete(KEY)
    assert len(first) + sum([len(piece) async for piece in reading]) == 200_000


async def test_what_a_dead_process_left_half_written_is_swept(tmp_path: Path, written: Write) -> None:
    place = Folder(tmp_path / "media", REGION)
    await place.put(KEY, written(b"x"))
    old, young = place.workroom / "put-old", place.workroom / "put-young"
    for each in (old, young):
        each.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    assert await listed(place, "") == [KEY]
    assert await place.sweep(3600) == 1
    assert [old.exists(), young.exists()] == [False, True]


async def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path, written: Write) -> None:
    (tmp_path / "media").write_text("a file, where a folder should be")
    place = Folder(tmp_path / "media", REGION)
    with pytest.raises(Unkept, match="The media folder cannot be used: Not a directory"):
        await place.put(KEY, written(b"x"))
    assert await place.find(KEY) is None


# --- the bucket


@pytest.mark.usefixtures("client")
async def test_anybody_can_have_a_linked_file_for_a_while(s3: str, written: Write) -> None:
    place = Bucket(BUCKET, f"below/{REGION}", s3)
    await place.put(KEY, written(b"RIFF and so on"))
    link = await place.link(KEY, 60)
    await place.close()
    assert link is not None
    assert link.startswith(f"{s3}/{BUCKET}/below/{REGION}/{KEY}?")
    assert "X-Amz-Expires=60" in link
    async with httpx.AsyncClient() as anybody:
        whole = await anybody.get(link)
        part = await anybody.get(link, headers={"Range": "bytes=5-7"})
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (
        200,
        b"RIFF and so on",
        "audio/wav",
    )
    assert (part.status_code, part.content) == (206, b"and")


async def test_an_upload_that_was_given_up_is_swept(s3: str, client: Any) -> None:
    client.create_multipart_upload(Bucket=BUCKET, Key=f"swept/{REGION}/{KEY}")
    place = Bucket(BUCKET, f"swept/{REGION}", s3)
    assert await place.sweep(3600) == 1  # that store gives all uploads the same old date
    assert client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []
    await place.close()


@pytest.mark.usefixtures("client")
async def test_a_bucket_that_is_not_there_says_so(s3: str, written: Write) -> None:
    place = Bucket("nobodys-bucket", REGION, s3)
    with pytest.raises(Unkept, match="The bucket nobodys-bucket cannot be used"):
        await place.put(KEY, written(b"x"))
    await place.close()


def test_without_the_library_a_bucket_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(BadSetting, match=r"--media .*needs the package boto3: pip install 'telefonie\[s3\]'"):
        make_engine(Settings(data=tmp_path, media=f"s3://{BUCKET}"))


async def test_a_server_with_a_bucket_sends_whoever_wants_a_recording_there(
    s3: str, client: Any, tmp_path: Path, migrated_folder: Path
) -> None:
    shutil.copytree(migrated_folder, tmp_path / "store")
    settings = Settings(
        data=tmp_path / "store", media=f"s3://{BUCKET}/served", media_endpoint=s3, region=REGION
    )
    async with running(settings) as house, house.customer() as customer, httpx.AsyncClient() as anybody:
        call = await dial(customer, BRIEF, record=True)
        await customer.post("/v1/simulator/clock/advance", json={"seconds": 30})
        it = await only(customer, call)
        answer = await customer.get(f"{RECORDINGS}/{it['id']}/media.wav")
        assert answer.status_code == 307, answer.text
        sound = await anybody.get(answer.headers["location"])
        assert (await customer.delete(f"{RECORDINGS}/{it['id']}")).status_code == 204
    assert (sound.status_code, sound.content[:4], sound.headers["content-type"]) == (
        200,
        b"RIFF",
        "audio/wav",
    )
    kept = client.list_objects_v2(Bucket=BUCKET, Prefix="served/").get("Contents", [])
    assert [each["Key"] for each in kept if it["id"] in each["Key"]] == []
