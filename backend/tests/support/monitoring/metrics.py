"""Read /metrics, like a scraper."""

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bankimport.operations import RECORD

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scrape(client: TestClient) -> Samples:
    """Every sample by name and labels, freshly read."""
    RECORD.forget()
    exposed = client.get("/metrics").raise_for_status().text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(exposed)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float | None:
    """The value of one series, or None if there is no such series."""
    return samples.get((name, tuple(sorted(labels.items()))))
