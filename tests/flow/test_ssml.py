"""Speech markup: what each element lets be said, tag by tag."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core.speaking import speaking_ms
from telefonie.flow.markup import SCHEMA_WARNING, Element, Remarks, Spot
from telefonie.flow.speech import Bit, Break, Passage, Plan, plan
from telefonie.flow.ssml import bits_of
from telefonie.flow.xml import read_xml


def read(inside: str) -> tuple[tuple[Bit, ...], list[str]]:
    remarks = Remarks()
    bits = bits_of(read_xml(f"<Say>{inside}</Say>"), remarks)
    assert {each.code for each in remarks.found} <= {SCHEMA_WARNING}
    return bits, [each.message for each in remarks.found]


def said(inside: str) -> Plan:
    bits, remarks = read(inside)
    assert remarks == []
    return plan(bits, "en-US")


def test_plain_text_needs_no_markup() -> None:
    assert read("Hello you") == ((Passage("Hello you"),), [])


# -- break --


@pytest.mark.parametrize(
    ("attributes", "ms"),
    [
        ("", 750),
        ('strength="none"', 0),
        ('strength="x-weak"', 250),
        ('strength="weak"', 500),
        ('strength="medium"', 750),
        ('strength="strong"', 1_000),
        ('strength="x-strong"', 1_250),
        ('time="0ms"', 0),
        ('time="500ms"', 500),
        ('time="1.5s"', 1_500),
        ('time="+.5s"', 500),
        ('time="10s"', 10_000),
        ('time="200ms" strength="x-strong"', 200),
    ],
)
def test_a_break_is_a_silence(attributes: str, ms: int) -> None:
    assert read(f"a<break {attributes}/>b") == ((Passage("a"), Break(ms), Passage("b")), [])


@pytest.mark.parametrize(
    ("attributes", "ms", "why"),
    [
        ('time="11s"', 10_000, "10 s at most"),
        ('time="999999s"', 10_000, "10 s at most"),
        ('time="soon"', 750, "'soon' is not"),
        ('time="-5s"', 750, "'-5s' is not"),
        ('strength="huge"', 750, "'huge' is taken for medium"),
    ],
)
def test_a_break_that_cannot_be_is_corrected_and_said_so(attributes: str, ms: int, why: str) -> None:
    bits, (remark,) = read(f"<break {attributes}/>")
    assert bits == (Break(ms),)
    assert why in remark


# -- what changes nothing but the words --


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('Hello <emphasis level="strong">you</emphasis> there', "Hello you there"),
        ('I <w role="amazon:VB">read</w> it', "I read it"),
        ('<phoneme alphabet="ipa" ph="pi\u02c8kan">pecan</phoneme> pie', "pecan pie"),
        ('The <sub alias="World Wide Web">WWW</sub>', "The World Wide Web"),
        ("<speak>Hello you</speak>", "Hello you"),
        ('on <say-as interpret-as="date" format="dm">5/6</say-as>', "on 5/6"),
        ('the <say-as interpret-as="ordinal">2</say-as>', "the 2"),
        ('<say-as interpret-as="cardinal">345</say-as> of them', "345 of them"),
        ('at <say-as interpret-as="time">1\'21"</say-as>', "at 1'21\""),
    ],
)
def test_what_is_said_is_what_a_transcript_shows(inside: str, text: str) -> None:
    assert said(inside).text == text


# -- say-as, one by one --


@pytest.mark.parametrize("how", ["characters", "spell-out", "digits", "telephone", "verbatim", "DIGITS"])
def test_figures_are_said_one_by_one(how: str) -> None:
    plan_ = said(f'code<say-as interpret-as="{how}">12 34</say-as>now')
    assert plan_.text == "code 1 2 3 4 now"
    assert plan_.ms == speaking_ms("code 1 2 3 4 now")


def test_letters_that_are_spelled_take_longer_than_a_word() -> None:
    plan_ = said('<say-as interpret-as="characters">NATO</say-as>')
    assert plan_.text == "N A T O"
    assert plan_.ms > 3 * said("NATO").ms


# -- lang --


def test_a_passage_may_be_in_another_language() -> None:
    pieces = said('It is <lang xml:lang="nl-NL">gezellig</lang> here').pieces
    assert [(each.text, each.language) for each in pieces] == [
        ("It is", "en-US"),
        ("gezellig", "nl-NL"),
        ("here", "en-US"),
    ]


@pytest.mark.parametrize("tag", ["speak", "p", "s"])
def test_what_holds_text_may_name_its_language(tag: str) -> None:
    (piece,) = said(f'<{tag} xml:lang="fr-FR">bonjour</{tag}>').pieces
    assert piece.language == "fr-FR"


def test_a_document_of_its_own_may_name_its_language() -> None:
    bits = bits_of(read_xml('<speak xml:lang="fr-FR">bonjour</speak>'), Remarks())
    assert bits == (Passage("bonjour", "fr-FR"),)


# -- paragraphs and sentences --


@pytest.mark.parametrize(
    ("inside", "gaps"),
    [
        ("<s>One</s><s>Two</s>", [350]),
        ("<s>One.</s><s>Two.</s>", [0]),
        ("<p>One</p><p>Two</p>", [750]),
        ("<p>One.</p><p>Two.</p>", [400]),
        ("<p><s>One.</s></p><p>Two.</p>", [400]),
        ("One<p>Two</p>Three", [0, 750]),
        ('<s>One</s><break time="2s"/><s>Two</s>', [2_350]),
    ],
)
def test_paragraphs_and_sentences_have_their_pauses(inside: str, gaps: list[int]) -> None:
    pieces = said(inside).pieces
    between = [late.start - early.start - early.ms for early, late in pairwise(pieces)]
    assert between == gaps


# -- prosody --


@pytest.mark.parametrize(
    ("rate", "pace"),
    [
        ("x-slow", 0.5),
        ("slow", 0.75),
        ("medium", 1.0),
        ("default", 1.0),
        ("fast", 1.25),
        ("x-fast", 1.5),
        ("80%", 0.8),
        ("+20%", 1.2),
        ("-20%", 0.8),
        ("1.5", 1.5),
        ("9000%", 4.0),
        ("0", 0.2),
    ],
)
def test_a_rate_is_a_word_a_part_or_a_number(rate: str, pace: float) -> None:
    (bit,), remarks = read(f'<prosody rate="{rate}">a</prosody>')
    assert isinstance(bit, Passage)
    assert bit.rate == pytest.approx(pace)
    assert remarks == []


def test_rates_inside_each_other_multiply() -> None:
    bits, _ = read('<prosody rate="200%">a<prosody rate="150%">b</prosody>c</prosody>')
    assert [bit.rate for bit in bits if isinstance(bit, Passage)] == [2.0, 3.0, 2.0]


def test_volume_and_pitch_are_taken_without_a_word() -> None:
    assert said('<prosody volume="loud" pitch="+10%">Hello</prosody>').text == "Hello"


def test_a_rate_that_is_none_is_passed_over() -> None:
    bits, (remark,) = read('<prosody rate="quick">a</prosody>')
    assert bits == (Passage("a"),)
    assert "'quick' is not" in remark


# -- prefixes, and what is not known --


@pytest.mark.parametrize(
    "inside", ["<ssml:emphasis>you</ssml:emphasis>", '<x:prosody x:rate="medium">you</x:prosody>']
)
def test_a_vendor_may_prefix_what_everybody_knows(inside: str) -> None:
    assert said(inside).text == "you"


@pytest.mark.parametrize(
    ("inside", "text", "why"),
    [
        ("<shout>Hello</shout> you", "Hello you", "<shout> is not known"),
        ('<amazon:effect name="whispered">Hello</amazon:effect>', "Hello", "<amazon:effect> is not known"),
        ('<voice name="Kendra">Hello</voice>', "Hello", "<voice> has no effect"),
        ('a <mark name="here"/>b', "a b", "<mark> has no effect"),
        ('<audio src="https://a.test/b.mp3">a bell</audio>', "a bell", "<audio> has no effect"),
        ('<say-as interpret-as="song">la la</say-as>', "la la", "'song' is not known"),
        ("<say-as>la la</say-as>", "la la", "'' is not known"),
        ("<sub>WWW</sub>", "WWW", "no alias"),
    ],
)
def test_what_has_no_meaning_is_remarked_and_its_text_is_said(inside: str, text: str, why: str) -> None:
    bits, (remark,) = read(inside)
    assert plan(bits, "en-US").text == text
    assert why in remark


def test_a_remark_says_where() -> None:
    remarks = Remarks()
    bits_of(read_xml("<Say>one\n  <shout/></Say>"), remarks)
    assert [each.spot for each in remarks.found] == [Spot(2, 3)]


# -- whatever stands there --

TAGS = "break emphasis lang p s phoneme prosody say-as speak sub w voice mark audio x:p Say"
NAMES = st.sampled_from(TAGS.split())
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["time", "strength", "rate", "interpret-as", "alias", "xml:lang"]),
    st.sampled_from(["", "1s", "9s", "50%", "+9999%", "digits", "x-slow", "nl", "\u0663s", "strong"]),
    max_size=2,
)
TREES = st.recursive(
    st.text("ab .3", max_size=6),
    lambda inner: st.builds(
        Element, NAMES, ATTRIBUTES, st.lists(inner, max_size=3).map(tuple), st.just(Spot(1, 1))
    ),
    max_leaves=12,
)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def spoken(child: Element | str) -> str:
    """The letters that stand in it; an alias is said in place of what it stands for."""
    if isinstance(child, str):
        return letters(child)
    alias = child.attributes.get("alias") if child.name == "sub" else None
    return letters(alias) if alias else "".join(spoken(each) for each in child.children)


@given(st.lists(TREES, max_size=3).map(tuple))
def test_any_markup_can_be_said_and_no_text_is_lost(children: tuple[Element | str, ...]) -> None:
    element = Element("Say", {}, children, Spot(1, 1))
    said = plan(bits_of(element, Remarks()), "en-US")
    assert letters(said.text) == spoken(element)


def test_very_much_markup_around_very_little_is_read_quickly() -> None:
    inside = "a" + '<s/> <break strength="none"/> <prosody rate="slow"> </prosody>' * 1_500
    assert said(inside).text == "a"
    assert len(read(inside)[0]) < 10
