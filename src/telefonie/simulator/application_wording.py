"""The only module that translates between an application and its fields on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from telefonie.core.applications import Application
from telefonie.simulator.application_schemas import ApplicationSettings
from telefonie.web.fields import iso
from telefonie.web.ids import new_signature_secret

_HINT: Final = 4  # enough to tell secrets apart, nothing to sign with
_SIGNING: Final = "signature_secret"
_HOOKS: Final[Mapping[str, str]] = {"answer": "answer", "fallback_answer": "fallback", "event": "event"}
_PARTS: Final[Mapping[str, str]] = {
    "url": "url",
    "method": "method",
    "connection_timeout": "connect_ms",
    "socket_timeout": "total_ms",
}
# Names on the wire, and those of the rules.
_OF_HOOKS: Final[Mapping[str, tuple[str, str]]] = {
    f"{name}_{part}": (hook, field) for name, hook in _HOOKS.items() for part, field in _PARTS.items()
}
_PLAIN: Final[Mapping[str, str]] = {
    "name": "name",
    "signed_callbacks": "signed",
    "region": "region",
    "conversations_ttl": "rooms_hours",
    "leg_persistence_time": "calls_days",
}
_DEFAULT: Final = Application("", "", "")


def application(it: Application, *, fresh: bool = False) -> dict[str, Any]:
    """An application on the wire; what is not set is left out. `fresh`: its secret is new, and shown this once."""
    plain = {name: getattr(it, field) for name, field in _PLAIN.items()}
    hooks = {name: getattr(getattr(it, hook), part) for name, (hook, part) in _OF_HOOKS.items()}
    shown = {name: value for name, value in (plain | hooks).items() if value is not None}
    keys: dict[str, str] = {"public_key": it.public_key} if it.public_key else {}
    if it.retires_at is not None:
        keys["previous_key_retires_at"] = iso(it.retires_at)
    return {
        "id": it.id,
        **shown,
        **({_SIGNING: it.secret} if fresh else {}),
        "signature_secret_hint": f"{it.secret[:_HINT]}...",
        "created_at": iso(it.created_at),
        "keys": keys,
    }


def over(present: Application, given: ApplicationSettings) -> Application:
    """An application with what was given in the place of what is; null stands for the default."""
    changed = present
    for name in sorted(given.model_fields_set):
        value = getattr(given, name)
        if name in _PLAIN:
            usual = getattr(_DEFAULT, _PLAIN[name])
            changed = replace(changed, **{_PLAIN[name]: usual if value is None else value})
        elif name in _OF_HOOKS:
            hook, part = _OF_HOOKS[name]
            usual = getattr(getattr(_DEFAULT, hook), part)
            turned = replace(getattr(changed, hook), **{part: usual if value is None else value})
            changed = replace(changed, **{hook: turned})
    if _SIGNING in given.model_fields_set or not changed.secret:
        changed = replace(changed, secret=given.signature_secret or new_signature_secret())
    return changed
