"""How often in a row a fragment was missing, and when that is for a person to look at."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.verifying.models import EvidenceCheck

APART = timedelta(days=3)
"""Between two checks that count: a page that is away for a weekend is nobody's task."""
ENOUGH = 3
"""Checks in a row in which a fragment was missing, after which a person must look."""

Key = tuple[UUID, str]
"""A source and a fragment."""


def count_check(
    known: Mapping[Key, EvidenceCheck], source: UUID, fragments: Iterable[str], missing: Iterable[str], now: datetime
) -> list[EvidenceCheck]:
    """The fragments of a source after one more check; those that are known are changed in place."""
    lacking = set(missing)
    checks = []
    for fragment in fragments:
        check = known.get((source, fragment)) or EvidenceCheck(
            source_id=source,
            evidence=fragment,
            checked_at=now,
            seen_at=None,
            missing_since=None,
            misses=0,
            counted_at=None,
        )
        if fragment in lacking:
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
