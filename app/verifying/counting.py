"""Counts how often in a row a fragment was missing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.verifying.models import EvidenceCheck

APART = timedelta(days=3)
"""The least time between two checks that count, so that a page that is down over a weekend raises no task."""
ENOUGH = 3
"""Counted checks in a row that miss a fragment before a person must look."""

Key = tuple[UUID, str]
"""The id of a source and a fragment."""


def count_check(
    checks_by_key: Mapping[Key, EvidenceCheck],
    source: UUID,
    fragments: Iterable[str],
    missing: Iterable[str],
    now: datetime,
) -> list[EvidenceCheck]:
    """The checks of a source's fragments after one more run; those in `checks_by_key` are changed in place."""
    missing_now = set(missing)
    checks = []
    for fragment in fragments:
        check = checks_by_key.get((source, fragment)) or EvidenceCheck(
            source_id=source,
            evidence=fragment,
            checked_at=now,
            seen_at=None,
            missing_since=None,
            misses=0,
            counted_at=None,
        )
        if fragment in missing_now:
            _count_miss(check, now)
        else:
            check.seen_at, check.missing_since, check.misses, check.counted_at = now, None, 0, None
        check.checked_at = now
        checks.append(check)
    return checks


def _count_miss(check: EvidenceCheck, now: datetime) -> None:
    check.missing_since = check.missing_since or now
    if check.counted_at is None or now - check.counted_at >= APART:
        check.misses += 1
        check.counted_at = now
