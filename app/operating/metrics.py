"""`/metrics` for Prometheus on a separate address: the counts of all workers, and the state of the store."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.operating.state import Standby, StoreState, read_standby, read_state
from app.settings import WrongSetting
from app.version import VERSION, read_commit

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder for the library's counts; workers inherit it."""


@contextmanager
def serving_metrics(address: str, engine: Engine, standby: Engine | None = None) -> Iterator[None]:
    """Serve metrics at `host:port` until the block ends, for workers started within it. Raises WrongSetting."""
    host, _, port = address.rpartition(":")
    with tempfile.TemporaryDirectory(prefix="stodkatalog-metrics-") as folder:
        os.environ[FOLDER] = folder
        registry = CollectorRegistry()
        registry.register(WorkersCollector(Path(folder)))
        registry.register(StoreCollector(engine, standby))
        try:
            server, thread = start_http_server(int(port), host.strip("[]"), registry)
        except (OSError, OverflowError) as error:
            raise WrongSetting(f"STODKATALOG_METRICS: cannot listen on {address}: {error}") from None
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            engine.dispose()
            del os.environ[FOLDER]


class WorkersCollector(Collector):
    """The sums over all workers; live gauges of workers that have ended are removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counted = MultiProcessCollector(None, str(folder))  # type: ignore[no-untyped-call]

    def collect(self) -> Iterator[Metric]:
        """The metrics of the library's collector."""
        for file in self._folder.glob("gauge_live*_*.db"):
            process = int(file.stem.rpartition("_")[2])
            with suppress(PermissionError):
                try:
                    os.kill(process, 0)
                except ProcessLookupError:
                    mark_process_dead(process, str(self._folder))  # type: ignore[no-untyped-call]
        yield from self._counted.collect()  # type: ignore[no-untyped-call]


class StoreCollector(Collector):
    """The state of the store, and of its standby."""

    def __init__(self, engine: Engine, standby: Engine | None = None) -> None:
        self._engine, self._standby = engine, standby

    def collect(self) -> Iterator[Metric]:
        """Read the store once for each scrape; if that fails, `stodkatalog_store_up` is 0 and the rest is left out."""
        info = GaugeMetricFamily("stodkatalog_info", "What is running.", labels=["version", "commit"])
        info.add_metric([VERSION, read_commit() or ""], 1)
        yield info
        try:
            state = read_state(self._engine)
        except SQLAlchemyError:
            yield GaugeMetricFamily("stodkatalog_store_up", "Whether the store answers.", 0)
            return
        yield GaugeMetricFamily("stodkatalog_store_up", "Whether the store answers.", 1)
        yield from describe_state(state)
        if self._standby is not None:
            yield from describe_standby(read_standby(self._standby), state)


def describe_state(state: StoreState) -> Iterator[Metric]:
    """A state of the store as metrics; moments are seconds since 1970."""
    if state.edition is not None and state.published_at is not None:
        yield GaugeMetricFamily("stodkatalog_edition", "The number of the newest edition.", state.edition)
        published = state.published_at.timestamp()
        yield GaugeMetricFamily("stodkatalog_edition_published_timestamp_seconds", "When it was published.", published)
    if state.checked_at is not None:
        checked = state.checked_at.timestamp()
        yield GaugeMetricFamily("stodkatalog_sources_checked_timestamp_seconds", "When a source was checked.", checked)
    waiting = "Changes, and conflicts of seed files, that nobody has decided."
    yield GaugeMetricFamily("stodkatalog_proposals_open", waiting, state.proposals)
    for name, description, numbers in (
        ("stodkatalog_records", "Resources by kind.", state.records),
        ("stodkatalog_tasks_open", "What a person must look at, by kind.", state.tasks),
    ):
        family = GaugeMetricFamily(name, description, labels=["kind"])
        for kind, number in numbers.items():
            family.add_metric([kind], number)
        yield family


def describe_standby(standby: Standby | None, state: StoreState) -> Iterator[Metric]:
    """A standby as metrics, beside the state of the primary; None: it does not answer."""
    is_used = standby is not None and standby.edition == state.edition
    yield GaugeMetricFamily("stodkatalog_standby_used", "Whether public answers are made from the standby.", is_used)
    if standby is not None:
        yield GaugeMetricFamily("stodkatalog_standby_lag_seconds", "How far the standby is behind.", standby.lag)
