"""Statements over citations, checks and tasks."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, union_all
from sqlmodel import col

from app.organizations.models import Organization
from app.records.models import CurrentRecord
from app.resources.models import STAFFED, Basis, Channel, ContactPoint, Kind, OpeningException, Resource
from app.resources.reviewing import Review, is_in_review
from app.sources.models import Citation, Source
from app.status import OFFERED
from app.verifying.models import SourceCheck, Task


def sources() -> Select[UUID, str, str | None]:
    """Id, slug and address of each source that has one, in order."""
    statement = select(col(Source.id), col(Source.slug), col(Source.url)).where(col(Source.url).is_not(None))
    return statement.order_by(col(Source.position), col(Source.slug))


def citations() -> Select[UUID, str, str, UUID, str, str]:
    """Source, fragment, field, and the id, kind and slug of the citing record, in order."""
    return (
        select(
            col(Citation.source_id),
            col(Citation.evidence),
            col(Citation.field),
            col(CurrentRecord.id),
            col(CurrentRecord.kind),
            col(CurrentRecord.slug),
        )
        .join(CurrentRecord, col(CurrentRecord.id) == col(Citation.subject_id))
        .join(Source, col(Source.id) == col(Citation.source_id))
        .where(col(Source.url).is_not(None))
        .order_by(col(CurrentRecord.position), col(CurrentRecord.slug), col(Citation.position), col(Citation.id))
    )


def hotline_numbers() -> Select[UUID, str]:
    """Id of each hotline and slug of each of its contact points for calls or text messages."""
    return (
        select(col(ContactPoint.resource_id), col(ContactPoint.slug))
        .join(Resource, col(Resource.id) == col(ContactPoint.resource_id))
        .where(col(Resource.kind) == Kind.HOTLINE, col(ContactPoint.channel).in_([Channel.PHONE, Channel.SMS]))
    )


def last_known_checks() -> Select[SourceCheck]:
    """For each source, the last check that says something about its fragments."""
    is_known = col(SourceCheck.missing).is_not(None)
    last = (
        select(col(SourceCheck.source_id), func.max(col(SourceCheck.checked_at)).label("checked_at"))
        .where(is_known)
        .group_by(col(SourceCheck.source_id))
        .subquery()
    )
    return select(SourceCheck).join(
        last,
        (last.c.source_id == col(SourceCheck.source_id)) & (last.c.checked_at == col(SourceCheck.checked_at)),
    )


def open_tasks() -> Select[Task]:
    """Tasks that nobody has closed, the oldest first."""
    return select(Task).where(col(Task.closed_at).is_(None)).order_by(col(Task.since), col(Task.subject))


def records(ids: list[UUID]) -> Select[UUID, str, str]:
    """Id, kind and slug of the records with these ids that are not removed."""
    statement = select(col(CurrentRecord.id), col(CurrentRecord.kind), col(CurrentRecord.slug))
    return statement.where(col(CurrentRecord.id).in_(ids))


def overdue_records(day: date) -> Select[UUID, date]:
    """Id and due day of the records in force whose review is overdue on a day, the longest overdue first."""
    models: tuple[type[Resource] | type[Organization], ...] = (Resource, Organization)
    selects: list[Select[UUID, date | None]] = [
        select(col(model.id), col(model.review_due).label("due")).where(
            is_in_review(model, [Review.OVERDUE], day), col(model.status).in_(OFFERED)
        )
        for model in models
    ]
    together = union_all(*selects).subquery()
    return select(together.c.id, together.c.due).order_by(together.c.due, together.c.id)


def hotline_hours() -> Select[str, UUID, str | None, Basis | None]:
    """Slug, contact point, expression and basis for each staffed contact point of hotlines in force."""
    return (
        select(col(Resource.slug), col(ContactPoint.id), col(ContactPoint.opening_hours), col(ContactPoint.hours_basis))
        .join(Resource, col(Resource.id) == col(ContactPoint.resource_id))
        .where(
            col(Resource.kind) == Kind.HOTLINE,
            col(Resource.status).in_(OFFERED),
            col(ContactPoint.channel).in_(list(STAFFED)),
        )
        .order_by(col(Resource.position), col(Resource.slug))
    )


def exceptions() -> Select[UUID, date, date]:
    """Contact point, first day and last day of each exception."""
    return select(
        col(OpeningException.contact_point_id), col(OpeningException.starts_on), col(OpeningException.ends_on)
    )
