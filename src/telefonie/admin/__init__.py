"""The operator's face: accounts, their keys, secrets and settings."""

from telefonie.admin.face import build

__all__ = ["build"]
