"""The only module that words the figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from prometheus_client import PROCESS_COLLECTOR, CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from telefonie.core.call import Status

if TYPE_CHECKING:
    from telefonie.store.gauges import Gauges
    from telefonie.web.figures import Family, Figures, Spread

_OUTCOME: Final = ("outcome",)
_REQUEST: Final = ("method", "route", "status")


class Scrape(Collector):
    """What one scrape shows. `gauges` None: the store could not be asked. `words`: as users know statuses."""

    def __init__(
        self, figures: Figures, gauges: Gauges | None, version: str, words: Mapping[Status, str]
    ) -> None:
        self._figures = figures
        self._gauges = gauges
        self._version = version
        self._words = words

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield _gauge(
            "telefonie_build_info", "The version that answers.", [((self._version,), 1)], ("version",)
        )
        yield _gauge(
            "telefonie_store_up", "Whether the store could be asked.", [((), float(self._gauges is not None))]
        )
        if self._gauges is not None:
            yield from _of_the_store(self._gauges, self._words)
        figures = self._figures
        yield _spread("telefonie_batch_size", "Decisions that shared a commit.", figures.batches)
        attempts = CounterMetricFamily(
            "telefonie_callback_attempts", "Callbacks tried, by what came of it.", labels=_OUTCOME
        )
        for names, spread in figures.attempts.spreads.items():
            attempts.add_metric(names, sum(spread.counts))
        yield attempts
        yield _spread(
            "telefonie_callback_attempt_seconds", "How long callbacks took.", figures.attempts, _OUTCOME
        )
        yield _spread("telefonie_request_seconds", "How long requests took.", figures.requests, _REQUEST)
        yield _spread(
            "telefonie_frame_late_seconds", "How late frames of sound left for programs.", figures.frames
        )


def expose(scrape: Scrape, accept: str, *, with_process: bool) -> tuple[bytes, str]:
    """The answer to a scrape and its content type. Process figures make sense where there is one process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(scrape)
    if with_process:
        registry.register(PROCESS_COLLECTOR)
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


def _of_the_store(gauges: Gauges, words: Mapping[Status, str]) -> Iterator[Metric]:
    counts = gauges.calls_by_status
    calls = [((str(words[status]),), float(counts.get(status, 0))) for status in Status]
    yield _gauge("telefonie_calls", "Calls in the store, by status.", calls, ("status",))
    yield _gauge("telefonie_jobs_due", "Jobs that have a moment, now or later.", [((), gauges.jobs_due)])
    yield _gauge("telefonie_jobs_late", "Jobs whose moment has passed.", [((), gauges.jobs_late)])
    late = gauges.oldest_late_ms / 1000
    yield _gauge("telefonie_jobs_oldest_late_seconds", "How late the latest of them is.", [((), late)])


def _gauge(
    name: str, text: str, values: Iterable[tuple[Sequence[str], float]], labels: Sequence[str] = ()
) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for names, value in values:
        family.add_metric(names, value)
    return family


def _spread(name: str, text: str, family: Family, labels: Sequence[str] = ()) -> Metric:
    shown = HistogramMetricFamily(name, text, labels=labels)
    for names, spread in family.spreads.items():
        shown.add_metric(names, _buckets(spread), spread.total)
    return shown


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    limits = [str(limit) for limit in spread.limits] + ["+Inf"]
    return list(zip(limits, map(float, accumulate(spread.counts)), strict=True))
