"""The only module that asks the far end whether the call may be recorded: an announcement, and a key that refuses.

It comes between the answer and the document. Until it is settled no instruction begins, keys belong to it alone,
and where the call is sent meanwhile it goes afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from telefonie.core.accounts import Consent
from telefonie.core.commands import HangUp
from telefonie.core.events import Actor, Kind
from telefonie.core.speaking import ENGLISH, primary
from telefonie.flow import speech, taping
from telefonie.flow.player import Player
from telefonie.flow.run import Asked, Run, SentOn
from telefonie.flow.signals import Key
from telefonie.flow.speech import Plan

KEY: Final = "9"
LATE_MS: Final = 2_000  # after the announcement, in which the key still counts

_ENGLISH: Final = "This call will be recorded. If you do not agree, press 9 now."
ANNOUNCEMENTS: Final[Mapping[str, str]] = {
    "en": _ENGLISH,
    "nl": "Dit gesprek wordt opgenomen. Bent u het daar niet mee eens, druk dan nu op 9.",
    "de": "Dieses Gespräch wird aufgezeichnet. Wenn Sie nicht einverstanden sind, drücken Sie jetzt die 9.",
    "fr": "Cet appel va être enregistré. Si vous n'êtes pas d'accord, appuyez maintenant sur le 9.",
    "es": "Esta llamada será grabada. Si no está de acuerdo, pulse ahora el 9.",
    "it": "Questa chiamata verrà registrata. Se non è d'accordo, prema ora il 9.",
    "pt": "Esta chamada será gravada. Se não concordar, prima agora o 9.",
    "pl": "Ta rozmowa będzie nagrywana. Jeśli nie wyrażają Państwo zgody, proszę nacisnąć teraz 9.",
}


def announcement(language: str) -> Plan:
    """What is said, in the language of the call, or in English where it is not known here."""
    text = ANNOUNCEMENTS.get(primary(language))
    return speech.say(_ENGLISH, ENGLISH) if text is None else speech.say(text, language)


class Consenting(Player):
    """A call that is recorded only if that is right."""

    # -- what `Life` does about it --

    def start(self) -> None:
        """The document of a call out begins, unless something else must come first."""
        raise NotImplementedError

    def redirect(self, url: str, method: str, document: str | None) -> None:
        """Another document takes the place of all that run."""
        raise NotImplementedError

    # -- asking --

    def record_or_ask(self) -> None:
        """The call was answered: it is recorded from now on, or the far end is asked first."""
        order = self.call.order
        if not (order.record or order.room_recorded):
            return
        match Consent(order.consent):
            case Consent.NEVER:
                self._record(None)
            case Consent.ASSUME:
                self._note(Actor.PLATFORM, "assumed", given=True)
                self._record("assumed")
            case Consent.ANNOUNCE:
                self._announce()

    def _record(self, consent: str | None) -> None:
        if self.call.order.record:
            taping.begin_recording(self, consent)

    def _announce(self) -> None:
        plan = announcement(self.call.order.language)
        silent = self.now + plan.ms
        until = silent + LATE_MS if self.call.phone.consents else silent
        self.run = replace(self.run or Run(), asked=Asked(until, silent))
        self.say(plan)

    def send_on(self, there: SentOn) -> None:
        """The call is sent to a document, which has to wait for the answer."""
        if self.run is not None and self.run.asked is not None:
            self.run = replace(self.run, asked=replace(self.run.asked, sent_on=there))

    def press(self, digit: str) -> None:
        """The far end has pressed a key."""
        asked = self.run.asked if self.run else None
        if asked is None:
            self.report_key(digit)
            self.signal(Key(digit))
        elif digit == KEY:
            if self.now < asked.silent:
                self.hush()
            self._settle(asked, Actor.FAR_END, "key", given=False)

    def may_record(self) -> None:
        """The time to refuse is over."""
        asked = self.run.asked if self.run else None
        if asked is None:
            return
        if self.call.phone.consents:
            self._settle(asked, Actor.PLATFORM, "announced", given=True)
        else:
            self._settle(asked, Actor.FAR_END, "behaviour", given=False)

    def _settle(self, asked: Asked, actor: Actor, how: str, *, given: bool) -> None:
        """It is known now; what had to wait for it goes on."""
        self.run = replace(self.run or Run(), asked=None, refused=not given)
        self._note(actor, how, given=given)
        if given:
            self._record("given")
        if not given and self.call.order.room_recorded:
            self.tell_and_follow(HangUp(Actor.PLATFORM))  # there is no other way to stay out of the recording
        elif asked.sent_on is not None:
            self.redirect(*asked.sent_on)
        elif self.frames:
            self.go_on()
        else:
            self.start()

    def _note(self, actor: Actor, how: str, *, given: bool) -> None:
        self.note(Kind.CONSENTED, {"given": given, "how": how}, actor)
