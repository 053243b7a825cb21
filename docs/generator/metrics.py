"""The only module that lists the figures that a server shows, by having a server without a past show them."""

from __future__ import annotations

from prometheus_client.metrics_core import Metric

from docs.generator.markdown import code, table
from telefonie.core.call import Status
from telefonie.simulator.words import STATUS
from telefonie.store.gauges import Gauges
from telefonie.web.exposition import Scrape
from telefonie.web.figures import Figures


def table_of_metrics() -> str:
    """Name, kind and meaning of each."""
    figures = Figures()
    figures.batch(1)
    figures.attempt("2xx", 0.1)
    figures.request("GET", "/", "2xx", 0.1)
    figures.frame(0.001)
    gauges = Gauges(dict.fromkeys((status.value for status in Status), 1), 1, 1, 1)
    rows = [_row(each) for each in Scrape(figures, gauges, "0", STATUS).collect()]
    return table(("name", "kind", "labels", "meaning"), rows)


def _row(metric: Metric) -> tuple[str, str, str, str]:
    labels = dict.fromkeys(name for sample in metric.samples for name in sample.labels if name != "le")
    name = f"{metric.name}_total" if metric.type == "counter" else metric.name
    return code(name), metric.type, ", ".join(map(code, labels)), metric.documentation
