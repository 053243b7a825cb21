"""JSON documents: what is understood, with its places, and what is refused."""

from __future__ import annotations

from typing import Final

import pytest

from telefonie.flow.jsontext import MOST_DEPTH, MOST_NODES, read_json
from telefonie.flow.markup import Node, Remarks, Spot, Unreadable


def _refused(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_json(text)
    assert caught.value.code == 12100
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]", []),
        ("{}", {}),
        (' \t\r\n"a" ', "a"),
        ("[1, -2, 0, -0]", [1, -2, 0, 0]),
        ("[2.5, 1e3, -1.5E-2]", [2.5, 1000.0, -0.015]),
        ("[true, false, null]", [True, False, None]),
        (r'"\u00e9 \ud83d\ude00 \n \"\\\/"', 'é 😀 \n "\\/'),
        ('{"a": {"b": [[], {}]}, "": 1}', {"a": {"b": [[], {}]}, "": 1}),
    ],
)
def test_all_of_json_is_understood(text: str, value: object) -> None:
    assert read_json(text).plain() == value


def test_whole_numbers_and_fractions_are_told_apart() -> None:
    assert [type(each.value) for each in read_json("[1, 1.0, 1e0]").items] == [int, float, float]


def test_every_value_knows_its_place() -> None:
    root = read_json('[\n  {"action": "talk",\r\n   "é😀": [1]}\n]')
    inner = root.items[0]
    spots = [each.spot for each in (root, inner, *inner.members.values(), *inner.members["é😀"].items)]
    assert spots == [Spot(1, 1), Spot(2, 3), Spot(2, 14), Spot(3, 10), Spot(3, 11)]


def test_of_a_member_given_twice_the_last_counts_and_it_is_remarked() -> None:
    remarks = Remarks()
    assert read_json('{"a": 1,\n "a": 2}', remarks).plain() == {"a": 2}
    assert [(each.code, each.message, each.spot) for each in remarks.found] == [
        (12200, "a is given twice; the last one counts", Spot(2, 7))
    ]


_BAD: Final = {
    "": "too early",
    "[": "too early",
    "[1, 2": "comma or ]",
    "[1,]": "a value is missing",
    "[1 2]": "comma or ]",
    '{"a": 1 "b": 2}': "comma or }",
    '{"a" 1}': "colon",
    '{"a": }': "a value is missing",
    '{"a": 1,}': "name of a member",
    "{a: 1}": "double quotes",
    "['a']": "a value is missing",
    "[NaN]": "no NaN",
    "[-Infinity]": "no NaN",
    "[Infinity]": "no NaN",
    "[truely]": "no value of JSON",
    "[01]": "no value of JSON",
    "[1.]": "no value of JSON",
    "[.5]": "no value of JSON",
    "[+1]": "no value of JSON",
    "[0x10]": "no value of JSON",
    "[1_000]": "comma or ]",
    "[٣]": "a value is missing",
    "[1]]": "something follows",
    '["a]': "unterminated",
    '["\\q"]': "escape",
    '["\\u00"]': "escape",
    '["a\nb"]': "control character",
    '["\\ud800"]': "surrogate",
    '["\ud800"]': "surrogate",
    '{"\\u0000": 1}': "U+0000",
    "\ufeff[]": "a value is missing",
    "[1e999]": "too large",
    f"[{'9' * 41}]": "40 characters",
    "// hi\n[]": "a value is missing",
}


@pytest.mark.parametrize(("text", "why"), _BAD.items(), ids=[ascii(each) for each in _BAD])
def test_what_is_no_json_is_explained(text: str, why: str) -> None:
    refused = _refused(text)
    assert why in refused.message
    assert refused.spot is not None


def test_an_error_points_at_its_place() -> None:
    assert _refused('[\n {"action": "talk" "text": 1}]').spot == Spot(2, 20)


def test_depth_is_bounded() -> None:
    read_json("[" * MOST_DEPTH + "]" * MOST_DEPTH)
    assert "64 deep" in _refused("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)).message
    assert "64 deep" in _refused('{"a":' * (MOST_DEPTH + 1)).message


def test_values_are_counted() -> None:
    assert len(read_json(f"[{','.join('1' * (MOST_NODES - 1))}]").items) == MOST_NODES - 1
    assert "20000 values" in _refused(f"[{','.join('1' * MOST_NODES)}]").message


def test_a_scalar_has_neither_members_nor_items() -> None:
    node = read_json("1")
    assert node == Node(1, Spot(1, 1))
    assert (dict(node.members), node.items) == ({}, ())
