"""Everything the server says to its customers over HTTP: signed, guarded, bounded, never raising."""

from telefonie.webhooks.post import HttpPostman
from telefonie.webhooks.sign import new_secret

__all__ = ["HttpPostman", "new_secret"]
