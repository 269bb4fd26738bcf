"""What a process counts for `/metrics`; nothing, unless `start_measuring` was called. No label comes from a caller."""

from collections.abc import Iterator
from contextlib import contextmanager

METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 15)


class Measures:
    """Requests, answers that were kept, answers under way and waiting, and errors of the store."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415  # loaded only where it is asked for

        self.requests: Counter = Counter(
            "stodkatalog_requests", "Requests that were answered.", ["method", "route", "status"]
        )
        self.seconds: Histogram = Histogram(
            "stodkatalog_request_seconds", "Seconds until an answer was sent.", ["route"], buckets=SECONDS
        )
        self.kept: Counter = Counter("stodkatalog_cache_hits", "Answers that came from the cache.")
        self.under_way: Gauge = Gauge(
            "stodkatalog_answers_under_way", "Answers that are being made.", multiprocess_mode="livesum"
        )
        self.waiting: Gauge = Gauge(
            "stodkatalog_answers_waiting", "Requests that wait for their turn.", multiprocess_mode="livesum"
        )
        self.standby: Counter = Counter(
            "stodkatalog_standby_answers", "Answers that a standby was asked for.", ["outcome"]
        )
        self.store_errors: Counter = Counter("stodkatalog_store_errors", "Errors of the store.", ["kind"])


_measures: Measures | None = None


def start_measuring() -> None:
    """Count from now on, in this process; PROMETHEUS_MULTIPROC_DIR names the folder that all processes count in."""
    global _measures  # noqa: PLW0603  # one a process, as the library's own registry
    _measures = _measures or Measures()


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    if _measures is not None:
        _measures.requests.labels(method if method in METHODS else "other", route, status).inc()
        _measures.seconds.labels(route).observe(seconds)


def count_kept() -> None:
    """Count an answer from the cache."""
    if _measures is not None:
        _measures.kept.inc()


def count_standby(*, has_failed: bool) -> None:
    """Count an answer that a standby was asked for."""
    if _measures is not None:
        _measures.standby.labels("failed" if has_failed else "made").inc()


def count_store_error(error: BaseException) -> None:
    """Count an error of the store, by its class."""
    if _measures is not None:
        _measures.store_errors.labels(type(error).__name__).inc()


def change_under_way(by: int) -> None:
    """Count that so many more answers are being made; fewer, if negative."""
    if _measures is not None:
        _measures.under_way.inc(by)


@contextmanager
def measure_waiting() -> Iterator[None]:
    """Count a request that waits for its turn until the block ends."""
    if _measures is None:
        yield
        return
    _measures.waiting.inc()
    try:
        yield
    finally:
        _measures.waiting.dec()
