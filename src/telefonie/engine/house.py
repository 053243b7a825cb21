"""The only module that puts the engine together, and starts and stops it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from telefonie.core.recordings import Recording
from telefonie.core.score import Score
from telefonie.engine.applications import Applications
from telefonie.engine.archive import Archive
from telefonie.engine.audit import Audit
from telefonie.engine.caretaker import Caretaker
from telefonie.engine.clips import Clips
from telefonie.engine.clockmaker import Clockmaker
from telefonie.engine.committer import Committer
from telefonie.engine.conferences import Conferences
from telefonie.engine.darkroom import Composer, Darkroom
from telefonie.engine.decide import Decider
from telefonie.engine.doorman import Doorman, Seal
from telefonie.engine.drivers import Drivers
from telefonie.engine.enquiries import Enquiries
from telefonie.engine.erasure import Erasure
from telefonie.engine.keeping import Keepings
from telefonie.engine.letters import Postman
from telefonie.engine.limits import Limits
from telefonie.engine.mailroom import Mailroom
from telefonie.engine.manners import Manners
from telefonie.engine.media import Blobs, Studio
from telefonie.engine.meters import Meters
from telefonie.engine.openings import Openings
from telefonie.engine.ports import Faces
from telefonie.engine.postoffice import Postoffice
from telefonie.engine.recordings import Recordings
from telefonie.engine.registry import Registry
from telefonie.engine.removals import Removals
from telefonie.engine.retention import Retention
from telefonie.engine.rounds import Rounds
from telefonie.engine.scores import Scores
from telefonie.engine.scribe import Scribe
from telefonie.engine.settling import Sounds
from telefonie.engine.spool import Spool
from telefonie.engine.streaming import Sockets
from telefonie.engine.streams import Streams
from telefonie.engine.switchboard import Switchboard
from telefonie.engine.timekeeper import Timekeeper
from telefonie.engine.trunks import Trunks
from telefonie.engine.unequipped import NoBlobs, NoSockets, NoStudio
from telefonie.engine.weeding import Weeding
from telefonie.store import claims, counters, jobs, recordings, schema
from telefonie.store.connect import Hint, Store
from telefonie.store.gauges import Gauges, gauges

HEALTH_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether requests can be served, and if not, why."""

    store_ok: bool
    schema: str
    schema_ok: bool
    worker_ok: bool
    message: str = ""

    @property
    def ok(self) -> bool:
        return self.store_ok and self.schema_ok and self.worker_ok


@dataclass(frozen=True, slots=True)
class Options:
    """How an engine is run. `slot`: which of the counters' rows this process writes; `listen_url`: where
    hints of other processes are heard (Postgres only). `lease_seconds`: how long a letter is left to a
    process that may be dead; it must be longer than the postman may take. `seal`: what signs addresses of media;
    `region`: where this process is."""

    migrate: bool = True
    postmen: int = 256
    slot: int = 0
    listen_url: str | None = None
    lease_seconds: int = claims.LEASE_MS // 1000
    meters: Meters = field(default_factory=Meters)
    region: str = "local"
    seal: Seal = field(default_factory=Seal)
    studio: Studio = field(default_factory=NoStudio)
    blobs: Blobs = field(default_factory=NoBlobs)
    sockets: Sockets = field(default_factory=NoSockets)
    voices: Studio = field(
        default_factory=NoStudio
    )  # of what is heard live, so that no recording is waited for


class Engine:
    """Decide, commit, act: everything below the edges."""

    def __init__(self, store: Store, faces: Faces, postman: Postman, options: Options | None = None) -> None:
        chosen = options or Options()
        self._store = store
        self._postman = postman
        self._migrate = chosen.migrate
        decider = Decider(faces, chosen.slot % counters.SLOTS, chosen.lease_seconds * 1000)
        self.meters = chosen.meters
        self.region = chosen.region
        self.audit = Audit(store)
        self.registry = Registry(store)
        self._committer = Committer(store, decider, chosen.meters)
        self.applications = Applications(store)
        self.limits = Limits(store)
        manners = Manners(faces, self.applications)
        self._postoffice = Postoffice(
            self._committer, postman, self.registry, manners, chosen.meters, chosen.postmen
        )
        self._drivers = Drivers(store, decider, self._postoffice)
        self._clockmaker = Clockmaker(store, self._committer, self._postoffice, self._drivers)
        self.switchboard = Switchboard(store, self._committer)
        self.trunks = Trunks(store)
        self.conferences = Conferences(store, self._committer)
        self.recordings = Recordings(store, self._committer, self.conferences)
        self.timekeeper = Timekeeper(store, self._drivers)
        self.mailroom = Mailroom(store, self._committer, self._drivers)
        self.doorman = Doorman(store, chosen.seal)
        self.enquiries = Enquiries(postman, self.registry)
        self.blobs = chosen.blobs
        self.scores = Scores(store)
        said = Sounds(store, chosen.blobs)
        self.darkroom = Darkroom(chosen.studio, chosen.blobs, self._whole(said), self._known_recordings)
        self.removals = Removals(store, chosen.blobs)
        self.retention = Retention(store, self.removals, self.scores.score, decider.slot)
        self.keeping = Keepings(store)
        self.archive = Archive(store, chosen.blobs, self.darkroom, self.scores.score)
        self.erasure = Erasure(store, self.removals, self.archive.naming, decider.slot)
        weeding = Weeding(store, chosen.blobs, self.darkroom, self.archive)
        self._caretaker = Caretaker(self.removals, self.retention, self.archive, weeding)
        spool = Spool(chosen.blobs)
        openings = Openings(store, self._committer, faces, self.applications, chosen.sockets)
        clips = Clips(chosen.voices, chosen.blobs, spool)
        rounds = Rounds(store, Scribe(openings, spool), decider.lease_ms)
        self.streams = Streams(store, openings, rounds, clips, decider.lease_ms)
        self._keep_house()
        self._hints: set[asyncio.Task[None]] = set()
        self.timekeeper.moved = self._clock_moved
        self.registry.changed = self._accounts_changed
        self.applications.changed = lambda: self._tell(Hint.ACCOUNTS)
        self._ear = store.ear(chosen.listen_url, self._heard) if chosen.listen_url else None

    def _keep_house(self) -> None:
        """Whoever moves time or removes something waits until nothing is left of it."""
        self._drivers.elsewhere = self.streams.progress
        self._clockmaker.stirred = lambda done: self.streams.committed(wanted=done.sockets_ready)
        self._drivers.tidy = self.timekeeper.tidy = self.retention.tidy
        self.recordings.clear = self.switchboard.clear = self.registry.clear = self.removals.run

    async def start(self) -> None:
        """Bring the store up to date (unless told not to) and begin to work."""
        await self._store.start()
        present = await self._store.read(schema.read)
        if self._migrate and not present.fits:
            present = await self._store.write(schema.upgrade)
        if not present.fits:
            raise schema.Unfitting(present)
        if not self._store.shared:
            await self._store.write(jobs.free_all)
        await self.doorman.start()
        self._committer.start()
        self._clockmaker.start()
        self.streams.start()
        self._caretaker.start()
        if self._ear is not None:
            self._ear.start()

    async def stop(self) -> None:
        """Finish what is in flight, take up nothing new."""
        if self._ear is not None:
            await self._ear.stop()
        self._postoffice.close()
        await self.streams.stop()
        await self._caretaker.stop()
        await self._clockmaker.stop()
        await self._drivers.stop()
        await self._postoffice.finish()
        await self._committer.stop()
        await asyncio.gather(*self._hints, return_exceptions=True)
        await self._postman.close()
        await self.darkroom.close()
        await self._store.stop()

    def _whole(self, said: Sounds) -> Composer:
        """What a recording consists of, with all sounds in their place."""

        async def compose(recording: Recording) -> Score:
            return await said.there(await self.scores.score(recording))

        return compose

    async def _known_recordings(self, ids: Collection[str]) -> Collection[str]:
        return await self._store.read(lambda conn: recordings.known(conn, ids))

    def _clock_moved(self) -> None:
        self._clockmaker.poke_now()
        self._tell(Hint.DUE)

    def _accounts_changed(self) -> None:
        self.applications.forget()
        self._tell(Hint.ACCOUNTS)

    def _heard(self, hint: Hint) -> None:
        match hint:
            case Hint.DUE:
                self._clockmaker.poke_now()
            case Hint.ACCOUNTS:
                self.registry.forget()
                self.applications.forget()

    def _tell(self, hint: Hint) -> None:
        """Without waiting: a hint that is lost costs a second at most."""
        if self._ear is not None:
            saying = asyncio.create_task(self._store.tell(hint))
            self._hints.add(saying)
            saying.add_done_callback(self._said)

    def _said(self, saying: asyncio.Task[None]) -> None:
        self._hints.discard(saying)
        if not saying.cancelled() and saying.exception() is not None:
            _log.warning("A hint to other processes was lost: %s", saying.exception())

    async def health(self) -> Health:
        """Looked at now, not remembered."""
        worker = self._committer.alive and self._clockmaker.alive
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                present = await self._store.read(schema.read)
        except Exception as failed:  # noqa: BLE001 - any failure means the store is not there
            return Health(False, "", False, worker, f"The store cannot be reached: {failed}")  # noqa: FBT003 - three facts
        message = "" if present.fits else f"The store is at revision {present.revision}: {schema.ADVICE}"
        return Health(True, present.revision or "", present.fits, worker, message)  # noqa: FBT003 - as above

    async def gauges(self) -> Gauges:
        """What there is to do."""
        return await self._store.read(gauges)
