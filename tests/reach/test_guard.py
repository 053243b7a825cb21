"""Which addresses may be connected to, whatever they look like."""

from __future__ import annotations

import pytest

from telefonie.reach import Guard, read_networks

PUBLIC = ["1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1"]
PUBLIC_V6 = [
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2002:101:101::1",
]
INSIDE = {
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": [
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.18.0.1",
        "fec0::1",
    ],
    "unique local": ["fc00::1", "fd12:3456::1"],
    "shared carrier": ["100.64.0.1", "100.127.255.255"],
}
NEVER = {
    "metadata": [
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    ],
    "link local": ["169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1"],
    "unspecified": ["0.0.0.0", "::"],  # noqa: S104 - nothing is bound to it
    "broadcast": ["255.255.255.255"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1"],
    "reserved": [
        "0.1.2.3",
        "192.0.2.1",
        "203.0.113.9",
        "240.0.0.1",
        "2001:db8::1",
        "4000::1",
        "100::1",
        "64:ff9b:1::1",
    ],
}
# The same inside address in every form that embeds IPv4 in IPv6.
LOOPBACK_IN_DISGUISE = [
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::127.0.0.1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::fefe:fefe",  # Teredo: its server
    "2001:0:101:101:0:0:80ff:fffe",  # Teredo: its client, inverted
]
METADATA_IN_DISGUISE = [
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "::169.254.169.254",
]
EVERYTHING = read_networks("0.0.0.0/0 ::/0")


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_V6)
def test_public_addresses_are_always_allowed(address: str) -> None:
    assert Guard().objection(address) == ""


@pytest.mark.parametrize(("kind", "address"), [(kind, each) for kind in INSIDE for each in INSIDE[kind]])
def test_inside_addresses_are_refused_with_the_reason_unless_they_are_allowed(
    kind: str, address: str
) -> None:
    assert f"{kind} address" in Guard().objection(address)
    assert Guard(allow_private=True).objection(address) == ""
    assert Guard(allowed=read_networks(address)).objection(address) == ""


@pytest.mark.parametrize(("kind", "address"), [(kind, each) for kind in NEVER for each in NEVER[kind]])
def test_some_addresses_are_never_allowed(kind: str, address: str) -> None:
    for guard in (Guard(), Guard(allow_private=True), Guard(allow_private=True, allowed=EVERYTHING)):
        assert kind in guard.objection(address)
        assert "never sent" in guard.objection(address)


@pytest.mark.parametrize("address", LOOPBACK_IN_DISGUISE)
def test_an_ipv6_address_is_judged_by_the_ipv4_address_it_stands_for(address: str) -> None:
    assert "it stands for 127.0.0.1) is a loopback address" in Guard().objection(address)
    assert Guard(allowed=read_networks("127.0.0.1")).objection(address) == ""


@pytest.mark.parametrize("address", METADATA_IN_DISGUISE)
def test_metadata_is_never_reached_in_disguise(address: str) -> None:
    assert "metadata" in Guard(allow_private=True, allowed=EVERYTHING).objection(address)


def test_a_network_lets_in_its_own_addresses_only() -> None:
    guard = Guard(allowed=read_networks("10.1.0.0/16, fd00:1::/32"))
    assert guard.objection("10.1.255.255") == ""
    assert guard.objection("fd00:1::7") == ""
    assert guard.objection("10.2.0.0")
    assert guard.objection("127.0.0.1")


def test_what_is_no_address_is_refused() -> None:
    assert Guard(allow_private=True).objection("localhost") == "localhost is not an IP address"


def test_networks_are_read_with_commas_and_blanks_and_host_bits() -> None:
    assert [str(each) for each in read_networks(" 10.1.2.3/8,192.168.1.5 fd00::/8 ")] == [
        "10.0.0.0/8",
        "192.168.1.5/32",
        "fd00::/8",
    ]
    assert read_networks("") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("10.0.0.0/33", "is not a network"),
        ("inside", "'inside' is not a network"),
        ("169.254.0.0/17", "link local"),
    ],
)
def test_a_list_that_cannot_work_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_networks(text)
