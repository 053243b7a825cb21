"""Documents become programs: verbs in their order, and a remark on all that was passed over."""

from __future__ import annotations

import json

import pytest

from telefonie.flow import catalogue, read
from telefonie.flow.catalogue import Table
from telefonie.flow.content import Document, Form
from telefonie.flow.markup import Spot, Unreadable
from telefonie.flow.program import Program
from telefonie.flow.spelling import Language
from tests.flow.toys import TOYS, actions, program, told, toys, xml


def test_verbs_come_in_their_order_with_defaults_filled_in() -> None:
    done = xml("<Say loop='3'>Hello <!-- -->  there</Say>\n<Play>a.mp3</Play>")
    assert [(each.name, each.content, each.values) for each in toys(done)] == [
        ("Say", "Hello there", {"loop": 3, "voice": ""}),
        ("Play", "a.mp3", {"loop": 1}),
    ]
    assert [each.given for each in toys(done)] == [{"loop"}, set()]
    assert [each.spot for each in toys(done)] == [Spot(1, 11), Spot(2, 1)]
    assert done.remarks == ()


def test_an_unknown_verb_is_remarked_and_the_rest_runs() -> None:
    done = xml("\n<Foo><Say>a</Say></Foo>\n <say>b</say><Say>c</Say>")
    assert [each.content for each in toys(done)] == ["c"]
    assert told(done) == [
        ("there is no verb <Foo>; names are case-sensitive", 2, 1),
        ("there is no verb <say>; names are case-sensitive; did you mean Say?", 3, 2),
    ]
    assert {each.code for each in done.remarks} == {12200}


def test_an_unknown_attribute_is_remarked_and_the_verb_runs() -> None:
    done = xml("<Say Voice='alice' colour='red'>a</Say>")
    assert toys(done)[0].values == {"loop": 1, "voice": ""}
    assert told(done) == [
        ("<Say> has no Voice, so it is passed over; did you mean voice?", 1, 11),
        ("<Say> has no colour, so it is passed over", 1, 11),
    ]


def test_a_value_that_does_not_fit_is_remarked_and_the_default_taken() -> None:
    done = xml("<Say loop='often'>a</Say>")
    assert toys(done)[0].values["loop"] == 1
    assert toys(done)[0].given == frozenset()
    assert told(done) == [("loop of <Say> must be a number", 1, 11)]


def test_without_a_required_attribute_a_verb_is_passed_over_with_its_own_code() -> None:
    done = xml("<Call/><Say>a</Say>")
    assert [each.name for each in toys(done)] == ["Say"]
    assert [(each.code, each.message) for each in done.remarks] == [
        (13_223, "<Call> needs to, so it is passed over")
    ]


def test_a_required_value_that_does_not_fit_is_as_good_as_none() -> None:
    done = actions('[{"action": "talk", "text": {}}, {"action": "talk", "text": "a"}]')
    assert [each.values["text"] for each in toys(done)] == ["a"]
    assert told(done) == [("text of talk must be text", 1, 29)]


def test_a_verb_that_makes_nothing_of_itself_is_passed_over() -> None:
    done = xml("<Never/><Say>a</Say>")
    assert [each.name for each in toys(done)] == ["Say"]
    assert [each.code for each in done.remarks] == [13_000]


def test_text_between_verbs_is_remarked() -> None:
    done = xml("\n  Welcome <Say>a</Say> and goodbye\n")
    assert [each.content for each in toys(done)] == ["a"]
    assert told(done) == [
        ("the text after <Response> is in no verb, so it is passed over", 1, 1),
        ("the text after <Say> is in no verb, so it is passed over", 2, 11),
    ]


def test_nested_verbs_are_read_and_others_are_passed_over() -> None:
    done = xml("<Menu>\n<Say>a</Say><Hint/>\n<Call to='b'/><play/><Play>c</Play></Menu>")
    (menu,) = toys(done)
    assert [each.name for each in menu.inside] == ["Say", "Play"]
    assert told(done) == [
        ("<Call> may not stand in <Menu>, so it is passed over", 3, 1),
        ("<play> may not stand in <Menu>, so it is passed over; did you mean Play?", 3, 15),
    ]


def test_what_stands_in_a_verb_that_holds_nothing_is_remarked() -> None:
    done = xml("<Play>a<Say>b</Say></Play>")
    assert [each.content for each in toys(done)] == ["a"]
    assert told(done) == [("<Say> may not stand in <Play>, so it is passed over", 1, 18)]


@pytest.mark.parametrize("root", ["response", "Say", "html"])
def test_another_root_is_refused_by_name(root: str) -> None:
    with pytest.raises(Unreadable, match=f"must be <Response>, not <{root}>") as caught:
        program("text/xml", f"\n<{root}/>")
    assert (caught.value.code, caught.value.spot) == (12100, Spot(2, 1))


def test_attributes_of_the_root_are_remarked_but_for_namespaces() -> None:
    done = program("text/xml", '<Response xmlns="urn:a" xmlns:xsi="urn:b" xsi:schemaLocation="c" lang="en"/>')
    assert told(done) == [("<Response> has no lang, so it is passed over", 1, 1)]


def test_actions_are_read_with_plain_values() -> None:
    done = actions('[{"action": "talk", "text": "Hello", "loop": 0},\n {"text": "Bye", "action": "talk"}]')
    assert [(each.name, each.values) for each in toys(done)] == [
        ("talk", {"text": "Hello", "loop": 0}),
        ("talk", {"text": "Bye", "loop": 1}),
    ]
    assert [each.spot for each in toys(done)] == [Spot(1, 2), Spot(2, 2)]
    assert done.remarks == ()


def test_members_of_inner_objects_go_by_both_names() -> None:
    done = actions('[{"action": "input", "type": ["dtmf"], "dtmf": {"maxDigits": 1}, "speech": {}}]')
    assert toys(done)[0].values == {
        "type": ("dtmf",),
        "dtmf.maxDigits": 1,
        "dtmf.submitOnHash": False,
        "speech.language": "en-US",
    }
    assert toys(done)[0].given == {"type", "dtmf.maxDigits"}
    assert done.remarks == ()


def test_remarks_about_members_point_at_them() -> None:
    done = actions(
        '[{"action": "input",\n "type": "dtmf",\n "dtmf": {"maxdigits": 1,\n  "submitOnHash": "maybe"},\n'
        ' "speech": true,\n "dtmf.maxDigits": 2, "mode": 1}]'
    )
    assert told(done) == [
        ("type of input must be an array of at most 2", 2, 10),
        ("input has no dtmf.maxdigits, so it is passed over; did you mean dtmf.maxDigits?", 3, 24),
        ("dtmf.submitOnHash of input must be true or false", 4, 19),
        ("speech of input must be an object", 5, 12),
        ("input has no dtmf.maxDigits, so it is passed over", 6, 20),
        ("input has no mode, so it is passed over", 6, 31),
    ]
    assert toys(done)[0].given == frozenset()


def test_a_verb_reaches_into_objects_that_are_no_verbs() -> None:
    done = actions(
        '[{"action": "connect", "endpoint": [{"number": "1", "delay": 1.5},\n'
        ' {"delay": 9},\n 3, {"number": "2", "a": 1}]}]'
    )
    assert toys(done)[0].values == {
        "endpoints": [{"number": "1", "delay": 1_500}, {"number": "2", "delay": 0}]
    }
    assert told(done) == [
        ("endpoint needs number, so it is passed over", 2, 2),
        ("delay of endpoint must be a number of seconds from 0 to 5", 2, 12),
        ("endpoint must be an object, so it is passed over", 3, 2),
        ("endpoint has no a, so it is passed over", 3, 26),
    ]


def test_items_that_are_no_known_action_are_remarked_and_the_rest_runs() -> None:
    done = actions(
        '[1,\n {"text": "a"},\n {"action": 5},\n {"action": "dance"},\n {"action": "Talk"},\n'
        ' {"action": "talk", "text": "b"}]'
    )
    assert [each.values["text"] for each in toys(done)] == ["b"]
    no_action = 'an item must be an object with an action, like {"action": "talk"}'
    assert told(done) == [
        (no_action, 1, 2),
        (no_action, 2, 2),
        (no_action, 3, 13),
        ("there is no action dance", 4, 13),
        ("there is no action Talk; did you mean talk?", 5, 13),
    ]


def test_a_repeated_member_is_remarked() -> None:
    done = actions('[{"action": "talk", "text": "a", "text": "b"}]')
    assert toys(done)[0].values["text"] == "b"
    assert told(done) == [("text is given twice; the last one counts", 1, 42)]


@pytest.mark.parametrize("text", ['{"action": "talk"}', '"talk"', "null", "1"])
def test_a_json_document_is_an_array(text: str) -> None:
    with pytest.raises(Unreadable, match="array of actions") as caught:
        actions(f" {text}")
    assert (caught.value.code, caught.value.spot) == (12100, Spot(1, 2))


def test_plain_text_is_said() -> None:
    assert [(each.name, each.content) for each in toys(program("text/plain", " Hello <you> & me "))] == [
        ("Say", "Hello <you> & me")
    ]


def test_sound_is_played_from_where_it_came() -> None:
    done = program("audio/mpeg", b"\xff\xfb", "https://example.com/a.mp3")
    assert [(each.name, each.content) for each in toys(done)] == [("Play", "https://example.com/a.mp3")]


def test_a_document_of_no_verbs_is_a_program_of_none() -> None:
    assert xml("").verbs == ()
    assert actions("[]").verbs == ()


@pytest.mark.parametrize(
    "done",
    [
        xml("<Play/>" * 1_002),
        xml("<Menu><Say/><Say/></Menu>" * 335),
        actions(json.dumps([{"action": "input"}] * 1_002)),
    ],
)
def test_a_document_has_a_thousand_verbs_and_the_rest_is_cut_with_one_remark(done: Program) -> None:
    assert sum(1 + len(each.inside) for each in toys(done)) == read.MOST_VERBS
    assert [each.message for each in done.remarks] == [
        "a document may have at most 1000 verbs; from here on it is passed over"
    ]


@pytest.mark.parametrize("length", [10, 60_000])
def test_a_document_that_is_read_again_is_not_parsed_again(length: int) -> None:
    document = Document(Form.XML, f"<Response><!-- {'k' * length} --></Response>")
    assert read.read(document, "https://a") is read.read(document, "https://b")


def test_of_very_long_documents_few_are_kept() -> None:
    documents = [
        Document(Form.XML, f"<Response>{' ' * (10_000 + length)}</Response>") for length in range(40)
    ]
    first = read.read(documents[0])
    for each in documents:
        read.read(each)
    assert read.read(documents[0]) is not first


def test_verbs_are_found_by_scan_and_spelled_once_in_each_language() -> None:
    table = Table(catalogue.spellings())
    for each in read.spellings():
        assert table.find(each.language, each.name) is each


def test_two_verbs_of_one_name_are_a_mistake() -> None:
    say = TOYS.find(Language.XML, "Say")
    assert say is not None
    with pytest.raises(ValueError, match="two verbs are spelled Say in xml"):
        Table((say, say))
