"""What is cited from where, and what earlier runs saw."""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import col

from app.records.models import CurrentRecord
from app.resources.models import Channel, ContactPoint, Kind, Resource
from app.sources.models import Citation, Source
from app.verifying.models import SourceCheck, Task


def sources() -> Select[UUID, str, str | None]:
    """Id, slug and address of each source that has one, in order."""
    wanted = select(col(Source.id), col(Source.slug), col(Source.url)).where(col(Source.url).is_not(None))
    return wanted.order_by(col(Source.position), col(Source.slug))


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
    """Hotline and contact point that is a number to call or to text."""
    return (
        select(col(ContactPoint.resource_id), col(ContactPoint.slug))
        .join(Resource, col(Resource.id) == col(ContactPoint.resource_id))
        .where(col(Resource.kind) == Kind.HOTLINE, col(ContactPoint.channel).in_([Channel.PHONE, Channel.SMS]))
    )


def last_known_checks() -> Select[SourceCheck]:
    """Of each source: the last check that tells something about its fragments."""
    known = col(SourceCheck.missing).is_not(None)
    last = (
        select(col(SourceCheck.source_id), func.max(col(SourceCheck.checked_at)).label("checked_at"))
        .where(known)
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
    """Id, kind and slug of records that stand."""
    wanted = select(col(CurrentRecord.id), col(CurrentRecord.kind), col(CurrentRecord.slug))
    return wanted.where(col(CurrentRecord.id).in_(ids))
