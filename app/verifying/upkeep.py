"""Findings that follow from the date: reviews that are overdue, and hours before holiday seasons."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session

from app.resources.reviewing import day_of
from app.times import STOCKHOLM
from app.verifying.models import TaskKind
from app.verifying.queries import exceptions, hotline_hours, overdue_records
from app.verifying.seasons import Season, StatedHours, leaves_open, seasons_on
from app.verifying.tasks import Finding, name_review


def find_upkeep(session: Session, now: datetime) -> Iterator[Finding]:
    """A finding for each overdue review, and for each near season that some hotlines say nothing about."""
    for record, review_due in session.execute(overdue_records(day_of(now))):
        since = datetime.combine(review_due + timedelta(1), time.min, STOCKHOLM)
        details = {"review_due": review_due.isoformat()}
        yield Finding(name_review(record), TaskKind.REVIEW_OVERDUE, record, details, since)
    if seasons := seasons_on(day_of(now)):
        hours = _load_hours(session)
        yield from filter(None, (_find_unstated(season, hours) for season in seasons))


def _find_unstated(season: Season, hours: dict[str, list[StatedHours]]) -> Finding | None:
    lines = [line for line, points in hours.items() if leaves_open(season, points)]
    if not lines:
        return None
    details = {"season": season.name, "lines": lines, "first": str(season.first), "last": str(season.last)}
    since = datetime.combine(season.asked_from, time.min, STOCKHOLM)
    return Finding(f"season {season.name} {season.first}", TaskKind.HOURS_UNSTATED, None, details, since)


def _load_hours(session: Session) -> dict[str, list[StatedHours]]:
    """The hours of staffed contact points, keyed by hotline, such as `hotlines/linjen`; hotlines in force only."""
    other = defaultdict[UUID, list[tuple[date, date]]](list)
    for point, first, last in session.execute(exceptions()):
        other[point].append((first, last))
    hours = defaultdict[str, list[StatedHours]](list)
    for slug, point, expression, basis in session.execute(hotline_hours()):
        hours[f"hotlines/{slug}"].append(StatedHours(expression, basis, other[point]))
    return hours
