"""Faults in the store's own records: each is reported once, here, and takes no other record down."""

import logging
from functools import lru_cache

log = logging.getLogger("stodkatalog")


@lru_cache(maxsize=1000)  # remembers what was reported, so that a page asked for all day fills no log
def report_fault(problem: str, value: str) -> None:
    """Log a value of the store that cannot be used. Never for a value that a caller sent."""
    log.error("a record is broken, %s: %r", problem, value[:100])
