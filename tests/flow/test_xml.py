"""XML documents: what is understood, with its places, and what is refused."""

from __future__ import annotations

from typing import Final

import pytest

from telefonie.flow.markup import Element, Spot, Unreadable
from telefonie.flow.xml import MOST_ATTRIBUTES, MOST_DEPTH, MOST_ELEMENTS, read_xml


def _refused(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_xml(text)
    assert caught.value.code == 12100
    return caught.value


def test_every_element_knows_its_place() -> None:
    root = read_xml('<?xml version="1.0"?>\n<Response>\n  <Say>a\n</Say><Play/>\r\n\t<Pause/></Response>')
    assert [(each.name, each.spot) for each in (root, *root.elements)] == [
        ("Response", Spot(2, 1)),
        ("Say", Spot(3, 3)),
        ("Play", Spot(4, 7)),
        ("Pause", Spot(5, 2)),
    ]


def test_columns_count_characters_not_bytes() -> None:
    assert read_xml("<a>äöü€😀<b/></a>").elements[0].spot == Spot(1, 9)


def test_text_stays_where_it_stands_among_the_children() -> None:
    root = read_xml("<a>one<b>two</b> three<!-- not --> four<c/></a>")
    assert [each.name if isinstance(each, Element) else each for each in root.children] == [
        "one", "b", " three four", "c",
    ]  # fmt: skip
    assert root.text == "one three four"


def test_a_long_text_is_one_piece() -> None:
    assert read_xml(f"<a>{'b' * 60_000}</a>").children == ("b" * 60_000,)


def test_the_five_entities_character_references_and_cdata_are_text() -> None:
    root = read_xml("<a b='&lt;&#x41;'>&lt;&gt;&amp;&apos;&quot;&#233;<![CDATA[<b>&amp;</b>]]></a>")
    assert root.text == "<>&'\"é<b>&amp;</b>"
    assert root.attributes == {"b": "<A"}
    assert root.elements == ()


def test_comments_and_processing_instructions_mean_nothing() -> None:
    assert (
        read_xml('<!-- a --><?php echo 1 ?><a><?xml-stylesheet href="file:///x"?></a><!-- b -->').children
        == ()
    )


def test_prefixes_are_just_part_of_the_name() -> None:
    root = read_xml('<a xmlns:x="urn:x"><x:b x:c="1"/></a>')
    assert root.elements[0].name == "x:b"
    assert root.elements[0].attributes == {"x:c": "1"}


def test_what_encoding_a_text_once_had_does_not_matter() -> None:
    assert read_xml('<?xml version="1.0" encoding="utf-16"?><a>é</a>').text == "é"


_BAD: Final = {
    "": "no element",
    "   ": "no element",
    "Hello": "not XML",
    "<a>": "before its root element is closed",
    "<a": "inside a tag",
    "<a><b></a></b>": "than </b> for the element of line 1",
    "<a b='1' b='2'/>": "twice",
    "<a/><b/>": "follows the root",
    "<a>&nbsp;</a>": "only &amp;",
    "<a>&#0;</a>": "does not allow",
    "<a>fish & chips</a>": "write & as &amp;",
    "<a>\0</a>": "stands where it may not",
    "<a>\x1b</a>": "stands where it may not",
    "<a>\ud83d</a>": "surrogate",
    "<a><![CDATA[x</a>": "CDATA",
    "\n<?xml version='1.0'?><a/>": "nothing may stand before the XML declaration",
    "<!-- hi --><?xml version='1.0'?><a/>": "nothing may stand before the XML declaration",
    "<?xml encoding='utf-8'?><a/>": "XML declaration",
}


@pytest.mark.parametrize(("text", "why"), _BAD.items(), ids=[ascii(each) for each in _BAD])
def test_what_is_not_well_formed_is_explained(text: str, why: str) -> None:
    refused = _refused(text)
    assert why in refused.message
    assert refused.spot is not None


def test_an_error_points_at_its_place() -> None:
    assert _refused("<Response>\n  <Say>Tom & Ann</Say>\n</Response>").spot == Spot(2, 13)
    assert _refused("<a>\n\ud83d</a>").spot == Spot(2, 1)


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Response>",
        '<!DOCTYPE Response SYSTEM "http://10.0.0.1/x.dtd">',
        '<!DOCTYPE Response PUBLIC "-//W3C//DTD XHTML 1.0//EN" "xhtml.dtd">',
        '<!DOCTYPE Response [<!ENTITY x "y">]>',
    ],
)
def test_a_document_type_is_refused_with_a_reason(doctype: str) -> None:
    assert "take it out" in _refused(f"{doctype}<Response/>").message


def test_depth_is_bounded() -> None:
    read_xml("<a>" * MOST_DEPTH + "</a>" * MOST_DEPTH)
    assert "64 deep" in _refused("<a>" * (MOST_DEPTH + 1) + "</a>" * (MOST_DEPTH + 1)).message


def test_elements_are_counted() -> None:
    read_xml(f"<a>{'<b/>' * (MOST_ELEMENTS - 1)}</a>")
    assert "5000 elements" in _refused(f"<a>{'<b/>' * MOST_ELEMENTS}</a>").message


def test_attributes_are_counted() -> None:
    many = [f"a{number}='1'" for number in range(MOST_ATTRIBUTES + 1)]
    read_xml(f"<a {' '.join(many[1:])}/>")
    assert "100 attributes" in _refused(f"<a {' '.join(many)}/>").message
