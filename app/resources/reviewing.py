"""Whether a person has checked a record lately enough, told on a day."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from app.times import STOCKHOLM

if TYPE_CHECKING:
    from app.organizations.models import Organization
    from app.resources.models import Resource

NOTICE = timedelta(days=30)
"""So long before its day a review is due."""


class Review(StrEnum):
    """current: a person has checked it within the cadence of its kind; due: to be checked within 30 days; overdue:
    should have been checked; never: no person has checked what it says today."""

    CURRENT = "current"
    DUE = "due"
    OVERDUE = "overdue"
    NEVER = "never"


def review_on(day: date, verified_at: date | None, review_due: date | None) -> Review:
    """The state of a review on a day. `review_due` is the last day in time; None where the kind has no cadence."""
    if verified_at is None:
        return Review.NEVER
    if review_due is None or day < review_due - NOTICE:
        return Review.CURRENT
    return Review.DUE if day <= review_due else Review.OVERDUE


def day_of(at: datetime) -> date:
    """The day in Stockholm that a moment falls in."""
    return at.astimezone(STOCKHOLM).date()


def is_in_review(
    model: "type[Resource] | type[Organization]", states: Collection[Review], day: date
) -> ColumnElement[bool]:
    """Whether a record's review is in one of these states on a day."""
    checked, due = col(model.verified_at).is_not(None), col(model.review_due)
    conditions: dict[Review, ColumnElement[bool]] = {
        Review.NEVER: col(model.verified_at).is_(None),
        Review.CURRENT: and_(checked, or_(due.is_(None), due > day + NOTICE)),
        Review.DUE: and_(checked, due >= day, due <= day + NOTICE),
        Review.OVERDUE: and_(checked, due < day),
    }
    return or_(*(conditions[state] for state in states))
