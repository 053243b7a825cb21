"""What happens is counted once, where it belongs, and shown in the words of Prometheus."""

from __future__ import annotations

import asyncio
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from telefonie.core.call import Status
from telefonie.simulator.words import STATUS
from telefonie.store.gauges import Gauges
from telefonie.web.exposition import Scrape, expose
from telefonie.web.figures import SECONDS, Figures, Spread
from telefonie.web.peers import Peers


def test_a_value_at_a_limit_lies_within_it() -> None:
    spread = Spread((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 2.5):
        spread.add(value)
    assert (spread.counts, spread.total) == ([2, 2, 1], 7.5)


def some() -> Figures:
    figures = Figures()
    figures.batch(3)
    figures.attempt("2xx", 0.02)
    figures.attempt("2xx", 99.0)
    figures.attempt("timeout", 15.0)
    figures.request("GET", "/v1/voice/calls/{call_id}", "2xx", 0.003)
    figures.frame(0.0004)
    figures.frame(0.02)
    return figures


def shown(figures: Figures, gauges: Gauges | None = None) -> dict[tuple[str, str], float]:
    """Sample by name and labels, as Prometheus reads it."""
    text, content_type = expose(Scrape(figures, gauges, "1.2.3", STATUS), "", with_process=False)
    assert content_type.startswith("text/plain")
    return {
        (
            sample.name,
            ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_prometheus_sees_counts_and_times() -> None:
    samples = shown(some())
    assert samples["telefonie_build_info", "version=1.2.3"] == 1
    assert samples["telefonie_batch_size_bucket", "le=2.0"] == 0
    assert samples["telefonie_batch_size_bucket", "le=4.0"] == 1
    assert samples["telefonie_batch_size_sum", ""] == 3
    assert samples["telefonie_callback_attempts_total", "outcome=2xx"] == 2
    assert samples["telefonie_callback_attempts_total", "outcome=timeout"] == 1
    assert samples["telefonie_callback_attempt_seconds_bucket", "le=60.0,outcome=2xx"] == 1
    assert samples["telefonie_callback_attempt_seconds_bucket", "le=+Inf,outcome=2xx"] == 2
    request = "method=GET,route=/v1/voice/calls/{call_id},status=2xx"
    assert samples["telefonie_request_seconds_count", request] == 1
    assert samples["telefonie_frame_late_seconds_bucket", "le=0.005"] == 1
    assert samples["telefonie_frame_late_seconds_count", ""] == 2


def test_prometheus_sees_what_the_store_has_to_do() -> None:
    samples = shown(Figures(), Gauges({Status.RINGING: 7}, jobs_due=5, jobs_late=2, oldest_late_ms=1500))
    assert samples["telefonie_store_up", ""] == 1
    assert samples["telefonie_calls", "status=ringing"] == 7
    assert samples["telefonie_calls", f"status={Status.COMPLETED}"] == 0
    assert samples["telefonie_jobs_due", ""] == 5
    assert samples["telefonie_jobs_late", ""] == 2
    assert samples["telefonie_jobs_oldest_late_seconds", ""] == 1.5


def test_without_the_store_the_rest_is_still_shown() -> None:
    samples = shown(some())
    assert samples["telefonie_store_up", ""] == 0
    assert not any(name == "telefonie_jobs_due" for name, _ in samples)


def test_processes_show_their_figures_together(tmp_path: Path) -> None:
    one, other = Peers(tmp_path, "1"), Peers(tmp_path, "2")
    mine, theirs = some(), some()
    one.publish(some())  # what we published before is not counted a second time
    other.publish(theirs)
    together = one.together(mine)
    assert together.attempts.spreads["2xx",].counts[-1] == 2
    assert together.requests.at(("GET", "/v1/voice/calls/{call_id}", "2xx")).counts == [
        2 if limit == 0.005 else 0 for limit in (*SECONDS, None)
    ]
    assert mine.attempts.spreads["2xx",].counts[-1] == 1


def test_a_half_written_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "9.json").write_text('{"batches": [')
    assert Peers(tmp_path, "1").together(some()).batches.spreads[()].total == 3


async def test_the_last_figures_of_a_process_stay(tmp_path: Path) -> None:
    figures, stopped = Figures(), asyncio.Event()
    publishing = asyncio.create_task(Peers(tmp_path, "1").keep_publishing(figures, stopped))
    figures.batch(5)
    stopped.set()
    await publishing
    assert Peers(tmp_path, "2").together(Figures()).batches.spreads[()].total == 5
