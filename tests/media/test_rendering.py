"""A recording sounds as its score says: each part on its channel, at its sample, and silence elsewhere."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest
import soundfile

from telefonie.core.score import File, Key, Part, Score, Sounding, Tone
from telefonie.engine.media import Form, Unrenderable
from telefonie.engine.sizes import size_of
from telefonie.media import SpeechStudio
from tests.media.listening import (
    Render,
    audible,
    envelope,
    heard,
    keys,
    power,
    rendering,
    score,
    silent,
    studio,
    words,
)

RATES: Final = (8000, 16000)


@pytest.fixture(scope="module")
async def shared() -> AsyncIterator[SpeechStudio]:
    """One for many recordings, as in a server."""
    async with studio() as made:
        yield made


@pytest.fixture
def render(shared: SpeechStudio, tmp_path: Path) -> Render:
    return rendering(shared, tmp_path)


# --- the file


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("ms", [1, 999, 10_000, 25_001])
async def test_a_wave_file_is_as_long_as_the_recording_to_the_sample(
    shared: SpeechStudio, tmp_path: Path, ms: int, channels: int, rate: int
) -> None:
    await shared.render(Score(ms, channels), Form.WAV, rate, {}, tmp_path / "a")
    with wave.open(str(tmp_path / "a")) as file:
        assert file.getparams()[:4] == (channels, 2, rate, ms * rate // 1000)
        assert set(file.readframes(file.getnframes())) == {0}
    assert soundfile.info(str(tmp_path / "a")).frames == ms * rate // 1000


@pytest.mark.parametrize("form", list(Form))
async def test_a_recording_of_no_time_is_a_file_all_the_same(
    shared: SpeechStudio, tmp_path: Path, form: Form
) -> None:
    await shared.render(Score(0, 2), form, 8000, {}, tmp_path / "a")
    assert (tmp_path / "a").exists()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2])
async def test_mp3_sounds_like_the_wave_file(render: Render, rate: int, channels: int) -> None:
    what = score(
        21_000,
        Part(0, 500, 4000, words("Goedemorgen, waarmee kan ik u helpen?", 4000, "nl-NL")),
        *(Part(0, 6000 + 300 * at, 100, Key(digit)) for at, digit in enumerate("1234")),
        Part(channels - 1, 9000, 3000, words("Ich möchte bitte eine Auskunft.", 3000, "de-DE")),
        Part(channels - 1, 15_000, 5000, Sounding(Tone.MUSIC)),
        channels=channels,
    )
    whole = await render(what, rate)
    small = await render(what, rate, Form.MP3)
    assert abs(len(small) - len(whole)) < rate // 10
    for channel in range(channels):
        same = np.corrcoef(envelope(whole[:, channel], rate), envelope(small[: len(whole), channel], rate))
        assert same[0, 1] > 0.99
        assert keys(small[:, channel], rate) == keys(whole[:, channel], rate)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2])
async def test_how_large_a_file_becomes_is_known_before(
    shared: SpeechStudio, tmp_path: Path, rate: int, channels: int
) -> None:
    for ms in (1, 36, 37, 72, 4_999, 61_000):
        for form in (Form.WAV, Form.MP3, Form.LEAN):
            await shared.render(Score(ms, channels), form, rate, {}, tmp_path / "a")
            assert (tmp_path / "a").stat().st_size == size_of(form, ms, channels, rate), (form, ms)


@pytest.mark.parametrize("channels", [1, 2])
async def test_ogg_sounds_like_the_wave_file_and_is_about_as_large_as_was_said(
    shared: SpeechStudio, tmp_path: Path, channels: int
) -> None:
    said = words("Goedemorgen, waarmee kan ik u helpen?", 4000, "nl-NL")
    what = score(10_000, Part(0, 500, 4000, said), Part(channels - 1, 5000, 4000, said), channels=channels)
    for form, name in ((Form.WAV, "wav"), (Form.OGG, "ogg")):
        await shared.render(what, form, 16_000, {}, tmp_path / name)
    assert soundfile.info(str(tmp_path / "ogg")).format == "OGG"
    whole, small = (soundfile.read(str(tmp_path / name), always_2d=True)[0] for name in ("wav", "ogg"))
    assert abs(len(small) - len(whole)) < 1_600
    for channel in range(channels):
        left, right = (envelope(each[: len(whole), channel], 16_000) for each in (whole, small))
        assert np.corrcoef(left, right)[0, 1] > 0.99
    estimate = size_of(Form.OGG, 10_000, channels, 16_000)
    assert estimate / 2 < (tmp_path / "ogg").stat().st_size < estimate * 2


# --- keys and tones


@pytest.mark.parametrize("rate", RATES)
async def test_exactly_the_keys_are_heard_where_they_were_pressed(render: Render, rate: int) -> None:
    pressed = [(digit, 400 + 230 * number) for number, digit in enumerate("1234567890*#ABCD")]
    parts = [Part(0, at, 100, Key(digit)) for digit, at in pressed]
    sound = await render(score(5000, *parts, channels=2), rate)
    found = keys(sound[:, 0], rate)
    assert [digit for digit, _ in found] == [digit for digit, _ in pressed]
    assert all(abs(at - when) <= 40 for (_, at), (_, when) in zip(found, pressed, strict=True))
    assert silent(sound[:, 1])
    for _, at in pressed:
        start, end = at * rate // 1000, (at + 100) * rate // 1000
        assert silent(sound[end : end + 100 * rate // 1000, 0])
        assert audible(sound[start:end, 0], rate) == 1.0


async def test_what_is_on_no_key_is_not_heard(render: Render) -> None:
    assert silent(await render(score(300, Part(0, 0, 100, Key("w")), Part(0, 100, 100, Key("")))))


@pytest.mark.parametrize(
    ("country", "hertz", "on", "off"),
    [
        ("nl", (425,), 1000, 4000),
        ("", (425,), 1000, 4000),
        ("be", (425,), 1000, 3000),
        ("fr", (440,), 1500, 3500),
        ("us", (440, 480), 2000, 4000),
        ("xx", (425,), 1000, 4000),
    ],
)
async def test_it_rings_as_in_its_country(
    render: Render, country: str, hertz: tuple[int, ...], on: int, off: int
) -> None:
    sound = (await render(score(13_000, Part(0, 500, 12_000, Sounding(Tone.RINGBACK, country)))))[:, 0]
    loud = envelope(sound, 8000, 100) > 100
    moments = np.arange(len(loud)) * 100
    expected = [500 <= at < 12_500 and (at - 500) % (on + off) < on for at in moments]
    assert loud.tolist() == expected
    ring = sound[4000 : 4000 + on * 8]
    assert all(power(ring, each, 8000) > 100 * power(ring, 1000, 8000) for each in hertz)


async def test_a_british_line_rings_twice(render: Render) -> None:
    sound = (await render(score(6000, Part(0, 0, 6000, Sounding(Tone.RINGBACK, "uk")))))[:, 0]
    loud = envelope(sound, 8000, 100) > 100
    once = [True] * 4 + [False] * 2 + [True] * 4 + [False] * 20
    assert loud.tolist() == once + once


async def test_a_ring_that_is_heard_from_its_middle(render: Render) -> None:
    whole = await render(score(9000, Part(0, 0, 9000, Sounding(Tone.RINGBACK))))
    later = await render(score(6000, Part(0, 0, 6000, Sounding(Tone.RINGBACK), skip=3000)))
    assert np.array_equal(later, whole[24_000:])


@pytest.mark.parametrize(("tone", "hertz"), [(Tone.BUSY, 425), (Tone.BEEP, 1000)])
async def test_busy_and_beep(render: Render, tone: Tone, hertz: int) -> None:
    sound = (await render(score(1000, Part(0, 100, 400, Sounding(tone)))))[:, 0]
    assert silent(sound[:800])
    assert silent(sound[4000:])
    assert power(sound[800:4000], hertz, 8000) > 1000 * power(sound[800:4000], hertz * 1.3, 8000)


async def test_music_goes_on_and_is_quiet(render: Render) -> None:
    sound = (await render(score(45_000, Part(0, 0, 45_000, Sounding(Tone.MUSIC)))))[:, 0]
    assert audible(sound, 8000) == 1.0
    assert np.abs(sound.astype(int)).max() < 6000


# --- speech


@pytest.mark.parametrize(
    ("text", "language", "ms"),
    [
        ("Goedemorgen, met wie spreek ik?", "nl-NL", 2200),
        ("Bonjour, que puis-je faire pour vous ?", "fr-BE", 2600),
        ("Guten Tag, was kann ich für Sie tun?", "de-DE", 2500),
        ("Please enter your four digit code.", "en-GB", 2300),
        ("Something in a language that nobody speaks.", "tlh-QO", 2600),
        ("Yes.", "en-US", 500),
        ("This is said ten times as fast as anybody could say it, and still it is heard.", "en", 500),
        ("Slowly now.", "en", 9000),
        ("12345678901234567890", "nl", 7000),
    ],
)
async def test_a_sentence_is_heard_while_it_is_said_and_at_no_other_time(
    render: Render, text: str, language: str, ms: int
) -> None:
    what = score(ms + 2000, Part(1, 1000, ms, words(text, ms, language)), channels=2)
    sound = await render(what)
    start, end = 8000, (1000 + ms) * 8
    assert silent(sound[:, 0])
    assert silent(sound[:start, 1])
    assert silent(sound[end:, 1])
    said = sound[start:end, 1]
    assert audible(said, 8000) > 0.6
    assert audible(said[: len(said) // 4], 8000) > 0.4
    assert audible(said[len(said) // 2 : len(said) * 3 // 4], 8000) > 0.4


async def test_a_sentence_that_is_cut_short_is_the_beginning_of_the_whole(render: Render) -> None:
    said = words("Press one for sales, or two for support.", 3000)
    whole = await render(score(3000, Part(0, 0, 3000, said)))
    cut = await render(score(3000, Part(0, 0, 1234, said)))
    later = await render(score(1000, Part(0, 0, 1000, said, skip=700)))
    assert np.array_equal(cut[: 1234 * 8], whole[: 1234 * 8])
    assert silent(cut[1234 * 8 :])
    assert np.array_equal(later, whole[700 * 8 : 1700 * 8])


async def test_languages_and_voices_differ(render: Render) -> None:
    def said(language: str, voice: str = "") -> Score:
        return score(2000, Part(0, 0, 2000, words("station information", 2000, language, voice)))

    sounds = [
        await render(said("fr-FR")),
        await render(said("de-DE")),
        await render(said("en-GB")),
        await render(said("en-US")),
        await render(said("en-US", "woman")),
        await render(said("en-US", "man")),
    ]
    assert len({each.tobytes() for each in sounds}) == len(sounds)
    assert np.array_equal(await render(said("nl-BE")), await render(said("nl-NL")))


@pytest.mark.parametrize(
    "text", ["", "   ", "...", "\x00\x01\x1b", "<break time='3s'/>", "\ud800", "\u200b\u202e"]
)
async def test_what_cannot_be_pronounced_is_silence(render: Render, text: str) -> None:
    assert silent(await render(score(500, Part(0, 0, 500, words(text, 500)))))


async def test_marks_and_control_characters_are_not_read_out(render: Render) -> None:
    marked = "<speak>Good <prosody rate='x-slow'>morn\x07ing</prosody></speak>\x00"
    bare = await render(score(1000, Part(0, 0, 1000, words("Good morn ing", 1000))))
    assert np.array_equal(await render(score(1000, Part(0, 0, 1000, words(marked, 1000)))), bare)


async def test_the_same_score_is_the_same_bytes_in_a_fresh_worker_and_in_an_old_one(
    render: Render, tmp_path: Path
) -> None:
    sentences = ["Met wie spreek ik vandaag?", "Een moment geduld alstublieft.", "Tot ziens."]
    parts = [Part(0, 2500 * at, 2400, words(text, 2400, "nl")) for at, text in enumerate(sentences)]
    what = score(8000, *parts)
    await render(score(2000, Part(0, 0, 2000, words("Something else before.", 2000))))
    old = await render(what, 16000)
    async with studio() as fresh:
        assert np.array_equal(await rendering(fresh, tmp_path)(what, 16000), old)


# --- mixing


async def test_what_is_heard_together_is_added(render: Render) -> None:
    ring, music = Part(0, 0, 2000, Sounding(Tone.RINGBACK)), Part(0, 500, 1500, Sounding(Tone.MUSIC))
    both = (await render(score(2000, ring, music))).astype(int)
    alone = [(await render(score(2000, each))).astype(int) for each in (ring, music)]
    assert np.array_equal(both, alone[0] + alone[1])


async def test_what_is_too_loud_together_is_clipped_and_does_not_turn_round(render: Render) -> None:
    loud = await render(score(1000, *(Part(0, 0, 1000, Sounding(Tone.BEEP)) for _ in range(20))))
    one = await render(score(1000, Part(0, 0, 1000, Sounding(Tone.BEEP))))
    assert np.array_equal(loud, np.clip(20 * one.astype(int), -32768, 32767))
    assert loud.max() == 32767


async def test_parts_across_the_ends_of_blocks_have_no_seams(render: Render) -> None:
    tone = Sounding(Tone.BEEP)
    early = await render(score(30_000, Part(0, 100, 25_000, tone)))
    late = await render(score(30_000, Part(0, 3_777, 25_000, tone)))
    assert np.array_equal(early[800:200_800], late[30_216:230_216])


async def test_what_begins_after_the_end_is_not_heard(render: Render) -> None:
    sound = await render(score(1000, Part(0, 1000, 500, Key("1")), Part(0, 950, 100, Key("2"))))
    assert len(sound) == 8000
    assert silent(sound[:7600])
    assert audible(sound[7600:], 8000) == 1.0


@pytest.mark.parametrize(
    ("what", "rate", "why"),
    [
        (Score(100, 3), 8000, "3 channels"),
        (Score(100, 1), 44100, "at 44100 Hz"),
        (Score(100, 1, (Part(1, 0, 50, Key("1")),)), 8000, "on a channel"),
        (Score(200 * 3600 * 1000, 2), 8000, "too long"),
    ],
)
async def test_impossible_recordings_are_refused(render: Render, what: Score, rate: int, why: str) -> None:
    with pytest.raises(Unrenderable, match=why):
        await render(what, rate)


# --- files that were played


def tune(path: Path, rate: int, channels: int, seconds: float, hertz: int = 500) -> Path:
    moments = np.arange(int(rate * seconds)) / rate
    wave = 0.3 * np.sin(2 * np.pi * hertz * moments)
    soundfile.write(path, np.stack([wave] * channels, axis=1), rate, format="WAV")
    return path


@pytest.mark.parametrize(("of", "channels"), [(8000, 1), (44_100, 2), (48_000, 6), (11_025, 1)])
@pytest.mark.parametrize("rate", RATES)
async def test_a_file_is_heard_at_the_rate_of_the_recording(
    render: Render, tmp_path: Path, of: int, channels: int, rate: int
) -> None:
    sounds = {"k": tune(tmp_path / "k", of, channels, 2)}
    sound = (await render(score(4000, Part(0, 1000, 2000, File("k", "audio/wav"))), rate, sounds=sounds))[
        :, 0
    ]
    assert silent(sound[:rate])
    assert silent(sound[3 * rate :])
    middle = sound[rate + rate // 2 : 2 * rate]
    assert power(middle, 500, rate) > 1e4 * power(middle, 650, rate)
    assert 8000 < np.abs(middle.astype(int)).max() < 11_000


async def test_a_file_is_heard_again_and_again_and_from_its_middle(render: Render, tmp_path: Path) -> None:
    sounds = {"k": tune(tmp_path / "k", 8000, 1, 1.5, 333)}
    file = File("k", "audio/wav")
    whole = await render(score(6000, Part(0, 0, 6000, file)), sounds=sounds)
    assert np.array_equal(whole[:12_000], whole[12_000:24_000])
    part = await render(score(3000, Part(0, 0, 3000, file, skip=1000)), sounds=sounds)
    assert np.array_equal(part, whole[8000:32_000])


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (b"\xd2" + bytes(range(32)), File("k", "audio/gsm")),
        (b"\xd2" + bytes(range(32)), File("a/sounds/0.gsm")),
        (bytes(range(160)), File("k", "audio/basic; x=1")),
        (bytes(range(160)), File("a/sounds/0.ulaw")),
    ],
)
async def test_files_without_a_header(render: Render, tmp_path: Path, data: bytes, file: File) -> None:
    (tmp_path / "k").write_bytes(data * 50)
    ms = 20
    sound = await render(score(3000, Part(0, 0, 50 * ms, file)), sounds={file.key: tmp_path / "k"})
    assert audible(sound[: 50 * ms * 8, 0], 8000) > 0.9
    assert silent(sound[50 * ms * 8 :])


@pytest.mark.parametrize("of", [1, 7, 1_000_000])
async def test_a_file_of_an_absurd_rate_takes_no_more_than_its_time(
    render: Render, tmp_path: Path, of: int
) -> None:
    soundfile.write(tmp_path / "k", np.full(of * 2, 0.3), of, format="WAV")
    played = Part(0, 0, 2000, File("k", "audio/wav"))
    sound = await render(score(3000, played), sounds={"k": tmp_path / "k"})
    assert audible(sound[:16_000, 0], 8000) > 0.9
    assert silent(sound[16_000:])


def broken(name: str, path: Path) -> Path:
    good = tune(path, 8000, 1, 3).read_bytes()
    lying = bytearray(good)
    lying[40:44] = b"\xf0\xff\xff\x7f"
    made = {
        "truncated": good[: len(good) // 2],
        "lying": bytes(lying),
        "html": b"<!DOCTYPE html><html>Not found</html>" * 50,
        "empty": b"",
        "noise": bytes(range(256)) * 100,
        "header": b"RIFF",
    }
    path.write_bytes(made[name])
    return path


@pytest.mark.parametrize("name", ["truncated", "lying"])
async def test_of_a_broken_file_is_heard_what_there_is(render: Render, tmp_path: Path, name: str) -> None:
    sounds = {"k": broken(name, tmp_path / "k")}
    sound = await render(score(1000, Part(0, 0, 1000, File("k", "audio/wav"))), sounds=sounds)
    assert audible(sound[:, 0], 8000) == 1.0


@pytest.mark.parametrize("name", ["html", "empty", "noise", "header"])
@pytest.mark.parametrize("content_type", ["audio/wav", "audio/mpeg"])
async def test_what_is_no_sound_fails_its_recording_and_no_other(
    render: Render, tmp_path: Path, name: str, content_type: str
) -> None:
    file = Part(0, 0, 500, File("k", content_type))
    with pytest.raises(Unrenderable, match="cannot be read any more"):
        await render(score(1000, file), sounds={"k": broken(name, tmp_path / "k")})
    assert keys((await render(score(500, Part(0, 100, 100, Key("5")))))[:, 0], 8000)[0][0] == "5"


async def test_what_cannot_be_written_fails_its_recording(shared: SpeechStudio, tmp_path: Path) -> None:
    with pytest.raises(Unrenderable, match="cannot be written down here: No such file"):
        await shared.render(score(100), Form.WAV, 8000, {}, tmp_path / "nowhere" / "a")


async def test_the_recording_of_a_menu(render: Render, tmp_path: Path) -> None:
    """A Dutch prompt, keys 1 2 3 4 and a German reply, on a channel each."""
    what = score(
        12_000,
        Part(1, 0, 3000, words("Toets uw code van vier cijfers in.", 3000, "nl-NL")),
        *(Part(0, 4000 + 400 * at, 100, Key(digit)) for at, digit in enumerate("1234")),
        Part(0, 7000, 3500, words("Guten Tag, hier spricht Herr Meier.", 3500, "de-DE")),
        channels=2,
    )
    sound = await render(what, 8000)
    assert len(sound) == 96_000
    assert [key for key, _ in keys(sound[:, 0], 8000)] == ["1", "2", "3", "4"]
    assert keys(sound[:, 1], 8000) == []
    assert audible(sound[:24_000, 1], 8000) > 0.6
    assert silent(sound[24_000:, 1])
    assert audible(sound[56_000:84_000, 0], 8000) > 0.6
    assert silent(sound[84_000:, 0])
    assert np.array_equal(heard(tmp_path / "out.wav", 8000), sound)
