"""Where connections from the server into the world may lead, and how they get there: for letters and for sockets."""

from telefonie.reach.address import BadUrl, masked_url, read_url
from telefonie.reach.guard import Guard, read_networks

__all__ = ["BadUrl", "Guard", "masked_url", "read_networks", "read_url"]
