"""No URL and no name leads to an address that the guard refuses."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from telefonie.engine.letters import Fault, Letter
from telefonie.reach import Guard, read_networks
from telefonie.reach.dial import ForbiddenTarget, Gate, PermittedNames, SystemNames
from tests.webhooks.conftest import Hire
from tests.webhooks.peer import Directory, customer, response, says

Write = Callable[..., Letter]
ONLY_THIS_HOST = Guard(allowed=read_networks("127.0.0.1"))


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("[::1]", "loopback"),
        ("[::ffff:127.0.0.1]", "stands for 127.0.0.1"),
        ("[::ffff:7f00:1]", "stands for 127.0.0.1"),
        ("[64:ff9b::7f00:1]", "stands for 127.0.0.1"),
        ("１２７.0.0.1", "loopback"),  # noqa: RUF001 - digits that IDNA turns into ASCII
        ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing is bound to it
        ("[::]", "unspecified"),
        ("10.0.0.1", "private"),
        ("169.254.169.254", "metadata"),
        ("[fe80::1%25lo]", "link local"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_an_address_in_the_url_is_refused(
    hire: Hire, letter: Write, host: str, reason: str, scheme: str
) -> None:
    async with customer(says(response())) as peer:
        receipt = await hire(Guard()).send(letter(peer.url(host=host, scheme=scheme)))
    assert (receipt.status, receipt.error) == (None, Fault.FORBIDDEN_TARGET)
    assert reason in receipt.message
    assert peer.connections == 0


async def test_metadata_is_refused_even_where_private_targets_are_allowed(hire: Hire, letter: Write) -> None:
    receipt = await hire(Guard(allow_private=True)).send(letter("http://169.254.169.254/latest/meta-data/"))
    assert receipt.error == Fault.FORBIDDEN_TARGET


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["::1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]]
)
async def test_a_name_that_leads_inside_is_refused(hire: Hire, letter: Write, found: list[str]) -> None:
    async with customer(says(response())) as peer:
        receipt = await hire(Guard(), names=Directory(found)).send(letter(peer.url(host="inside.test")))
    assert (receipt.status, receipt.error) == (None, Fault.FORBIDDEN_TARGET)
    assert "inside.test leads inside" in receipt.message
    assert peer.connections == 0


async def test_the_systems_names_are_checked_as_well(hire: Hire, letter: Write) -> None:
    async with customer(says(response())) as peer:
        receipt = await hire(Guard()).send(letter(peer.url(host="localhost")))
    assert receipt.error == Fault.FORBIDDEN_TARGET
    assert peer.connections == 0


async def test_a_name_that_turns_inside_after_the_first_letter_is_refused(hire: Hire, letter: Write) -> None:
    """DNS rebinding: what was checked once is no promise for the next connection."""
    directory = Directory(["127.0.0.1"], ["127.0.0.2"])  # the guard allows only the first
    async with customer(says(response(Connection="close"), stay=False)) as peer:
        postman = hire(ONLY_THIS_HOST, names=directory, names_seconds=0)
        receipts = [await postman.send(letter(peer.url(host="turncoat.test"))) for _ in range(2)]
    assert [each.error for each in receipts] == ["", Fault.FORBIDDEN_TARGET]
    assert "127.0.0.2 is a loopback address" in receipts[1].message
    assert directory.asked == ["turncoat.test", "turncoat.test"]
    assert peer.connections == 1


@pytest.mark.parametrize("found", [["127.0.0.1", "10.9.9.9"], ["10.9.9.9", "127.0.0.1"]])
async def test_of_several_addresses_only_permitted_ones_are_connected_to(
    hire: Hire, letter: Write, found: list[str]
) -> None:
    async with customer(says(response())) as peer:
        receipt = await hire(ONLY_THIS_HOST, names=Directory(found)).send(letter(peer.url(host="both.test")))
    assert receipt.status == 200
    assert peer.connections == 1


async def test_names_keep_only_permitted_addresses() -> None:
    names = PermittedNames(ONLY_THIS_HOST, Directory(["10.9.9.9", "127.0.0.1", "::1"]))
    assert [each["host"] for each in await names.resolve("both.test", 80)] == ["127.0.0.1"]


def test_the_gate_makes_no_socket_for_a_forbidden_address_whoever_asks() -> None:
    """The last line: even if a resolver or a spelling were let through, no connection could be made."""
    with pytest.raises(ForbiddenTarget, match="loopback"):
        Gate(Guard())((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    with pytest.raises(ForbiddenTarget, match="loopback"):
        Gate(Guard())((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("::ffff:127.0.0.1", 80, 0, 0)))
    with Gate(Guard())((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("1.1.1.1", 80))) as made:
        assert made.family == socket.AF_INET


@pytest.mark.parametrize(
    "spelling", ["2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "127.0.0.1"]
)
async def test_old_spellings_of_an_address_are_judged_by_what_they_resolve_to(spelling: str) -> None:
    """They are refused as URLs already; this is what stands behind that."""
    names = PermittedNames(Guard(), SystemNames())
    with pytest.raises(ForbiddenTarget, match=r"127\.0\.0\.1 is a loopback address"):
        await names.resolve(spelling, 80)
    await names.close()
