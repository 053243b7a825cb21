"""The only module that says which addresses a letter may be carried to; pure."""

import ipaddress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


def _networks(**named: str) -> tuple[tuple[Network, str], ...]:
    return tuple(
        (ipaddress.ip_network(text), name.replace("_", " "))
        for name, texts in named.items()
        for text in texts.split()
    )


# Written out after the IANA registries rather than asked of `ipaddress`, whose answers differ between
# Python versions and which knows nothing of metadata services.
_NEVER: Final = _networks(
    a_cloud_metadata_address=(
        "169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 100.100.100.200/32 168.63.129.16/32 "
        "192.0.0.192/32 fd00:ec2::254/128 fd00:ec2::23/128 fd20:ce::254/128"
    ),
    the_unspecified_address="0.0.0.0/32 ::/128",
    a_link_local_address="169.254.0.0/16 fe80::/10",
    a_broadcast_address="255.255.255.255/32",
    a_multicast_address="224.0.0.0/4 ff00::/8",
    a_reserved_address=(
        "0.0.0.0/8 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
        "2001::/23 2001:db8::/32 3fff::/20"
    ),
)
_INSIDE: Final = _networks(
    a_loopback_address="127.0.0.0/8 ::1/128",
    a_private_address="10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 198.18.0.0/15 fec0::/10",
    a_unique_local_address="fc00::/7",
    a_shared_carrier_address="100.64.0.0/10",
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
# IPv4 in the last 32 bits: mapped, translated (SIIT), compatible, NAT64.
_TAILED: Final = tuple(map(IPv6Network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96")))
_NOT_TAILED: Final = frozenset({IPv6Address("::"), IPv6Address("::1")})


@dataclass(frozen=True, slots=True)
class Guard:
    """Public addresses only; inside ones when all of them, or networks naming them, are allowed."""

    allow_private: bool = False
    allowed: tuple[Network, ...] = ()

    def objection(self, host: str) -> str:
        """Why nothing may be sent to this numeric address, for people; "" when it may be."""
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return f"{host} is not an IP address"
        for meant in _meant_by(address):
            reason = self._against(meant)
            if reason:
                hidden = "" if meant == address else f" (it stands for {meant})"
                return f"{address}{hidden} is {reason}"
        return ""

    def _against(self, address: Address) -> str:
        never = _named(address, _NEVER)
        if never:
            hint = "; use 127.0.0.1 for this machine" if address.is_unspecified else ""
            return f"{never}, where requests are never sent{hint}"
        inside = _named(address, _INSIDE)
        if inside:
            return "" if self._lets_in(address) else f"{inside}; {_HOW_TO_ALLOW}"
        if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
            return "a reserved address, where requests are never sent"
        return ""

    def _lets_in(self, address: Address) -> bool:
        return self.allow_private or any(address in network for network in self.allowed)


_HOW_TO_ALLOW: Final = (
    "requests go there only when the server listens on loopback "
    "or the list of allowed private targets names it"
)


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks separated by commas or blanks ("10.0.0.0/8, 192.168.1.5"); ValueError says what is wrong."""
    return tuple(_network(word) for word in text.replace(",", " ").split())


def _network(word: str) -> Network:
    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError:
        raise ValueError(f"{word!r} is not a network: write it like 10.0.0.0/8 or 192.168.1.5") from None
    for never, name in _NEVER:
        if _within(network, never):
            raise ValueError(f"{word} is {name}, where requests are never sent")
    return network


def _within(network: Network, other: Network) -> bool:
    return network.network_address in other and network.prefixlen >= other.prefixlen


def _named(address: Address, table: tuple[tuple[Network, str], ...]) -> str:
    return next((name for network, name in table if address in network), "")


def _meant_by(address: Address) -> tuple[Address, ...]:
    """The addresses a packet may end at: those embedded in it, where there are any, else itself."""
    if isinstance(address, IPv4Address) or address in _NOT_TAILED:
        return (address,)
    if any(address in network for network in _TAILED):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    return address.teredo or (address,)
