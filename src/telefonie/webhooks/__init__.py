"""Everything the server says to its customers over HTTP: signed, guarded, bounded, never raising."""

from telefonie.webhooks.address import BadUrl, masked_url, read_url
from telefonie.webhooks.guard import Guard, read_networks
from telefonie.webhooks.post import HttpPostman
from telefonie.webhooks.sign import new_secret

__all__ = ["BadUrl", "Guard", "HttpPostman", "masked_url", "new_secret", "read_networks", "read_url"]
