"""The only module that knows how far a fetch has come: which letter is out, and what came of the ones before."""

from pathlib import Path

from telefonie.engine.letters import Fault, Keeper, Letter, Measurer, Receipt, Unplayable
from telefonie.engine.media import Unkept
from telefonie.reach.address import BadUrl
from telefonie.reach.faults import Complaint
from telefonie.webhooks.faults import Patience, complaint
from telefonie.webhooks.hops import MOST_REDIRECTS, moved
from telefonie.webhooks.request import Desk, Request, Unsendable
from telefonie.webhooks.wanted import Wanted


class Errand:
    """Something wanted: asked for at one place after the other, until it is there or cannot be had."""

    def __init__(self, letter: Letter) -> None:
        self.answer = Wanted(letter.want)
        self._letter = letter
        self._request: Request | None = None
        self._redirects = 0
        self._length_ms: int | None = None
        self._sound = ""
        self._measuring = False
        self._wrong: Complaint | None = None

    def word(self, desk: Desk, now: float) -> Request | None:
        """The request to be made now; None when it cannot be."""
        try:
            self._request = desk.word(self._letter, now)
        except Unsendable as unsendable:
            self._wrong = unsendable.complaint
            return None
        return self._request

    def goes_on(self) -> bool:
        """Look at the answer; whether there is somewhere else to ask."""
        self._wrong = self.answer.wrong
        if not self.answer.location:
            return False
        if self._redirects >= MOST_REDIRECTS:
            self._wrong = Complaint(Fault.REDIRECTS, f"more than {MOST_REDIRECTS} redirects")
            return False
        try:
            self._letter = moved(self._letter, self.answer.status or 0, self.answer.location)
        except BadUrl as bad:
            self._wrong = Complaint(Fault.REDIRECTS, f"{self._host} redirects to what cannot be asked: {bad}")
            return False
        self._redirects += 1
        self.answer = Wanted(self._letter.want)
        return True

    async def measure(self, measurer: Measurer | None) -> None:
        """How long a sound plays that has been had."""
        if self._wrong is not None or not self.answer.sound:
            return
        self._measuring = True
        try:
            if measurer is None:
                raise Unplayable("nothing here can measure sounds")
            self._length_ms = await measurer.length_ms(self.answer.sound, self.answer.content_type)
        except Unplayable as unplayable:
            self._wrong = Complaint(Fault.UNPLAYABLE, str(unplayable))

    async def keep(self, keeper: Keeper | None) -> None:
        """Keep a sound that can be played, as recordings are made of it later."""
        if self._wrong is not None or not self.answer.sound or keeper is None:
            return
        try:
            path, kind = Path(self.answer.sound), self.answer.content_type
            self._sound = await keeper.keep(self._letter.account_id, path, kind)
        except Unkept as unkept:
            self._wrong = Complaint(Fault.UNPLAYABLE, f"the file cannot be kept here: {unkept}")

    def fail(self, error: Exception, patience: Patience) -> None:
        """It came to nothing."""
        if self._measuring:
            text = (
                f"it could not be measured or kept within the {patience.total:g} s that fetching it may take"
            )
            self._wrong = Complaint(Fault.UNPLAYABLE, text)
        else:
            self._wrong = complaint(error, self._host, patience)

    def receipt(self, limit: int, sent_at: float, took_ms: float) -> Receipt:
        """What came of it; told of the last one asked."""
        body, cut = self.answer.text(limit)
        request, wrong = self._request, self._wrong
        return Receipt(
            self.answer.status,
            wrong.fault if wrong else "",
            wrong.message if wrong else "",
            request.shown if request else (),
            self.answer.headers,
            body,
            cut,
            sent_at,
            took_ms,
            raw=b"" if wrong else self.answer.document,
            content_type=self.answer.content_type,
            url=str(request.target.url) if request else "",
            length_ms=self._length_ms,
            sound=self._sound,
            redirects=self._redirects,
        )

    @property
    def _host(self) -> str:
        return self._request.target.host if self._request else ""
