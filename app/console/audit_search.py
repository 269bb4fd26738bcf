"""Which entries of the audit trail a visitor asks for: by record, by who acted, and by day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from pydantic import Field
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, not_, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access.models import AuditEntry
from app.console.rendering import Plain
from app.folding import fold
from app.http.problems import invalid
from app.records.models import CurrentRecord
from app.times import STOCKHOLM
from app.verifying.models import Task

MOST_TASKS = 200
"""Tasks of the records that are asked for whose entries are found."""
NEAR = 20
"""Entries of one transaction lie closer than this."""


class AuditParameters(Plain):
    """What the page of the audit trail takes; all of it may be empty."""

    fore: int = Field(0, ge=0, lt=1 << 31)
    post: str = Field("", max_length=100)
    vem: str = Field("", max_length=80)
    fran: str = Field("", max_length=10)
    till: str = Field("", max_length=10)

    def write_query(self) -> str:
        """The same filter for the next page."""
        filters = {"post": self.post, "vem": self.vem, "fran": self.fran, "till": self.till}
        return urlencode({name: text for name, text in filters.items() if text})


def find_entries(session: Session, parameters: AuditParameters) -> SelectOfScalar[AuditEntry]:
    """The entries that are asked for, the newest first. Raises InvalidParameter for what is no day."""
    statement = select(AuditEntry).where(not_(_is_first_of_two()), *_list_conditions(session, parameters))
    return statement.order_by(col(AuditEntry.number).desc())


def _is_first_of_two() -> ColumnElement[bool]:
    """Whether an entry says that something was proposed which the same act published."""
    second = aliased(AuditEntry)
    number = col(second.number)
    return and_(
        col(AuditEntry.action) == "proposal made",
        exists().where(
            number > col(AuditEntry.number),
            number < col(AuditEntry.number) + NEAR,
            col(second.action) == "proposal accepted",
            col(second.subject) == col(AuditEntry.subject),
            col(second.made_at) == col(AuditEntry.made_at),
        ),
    )


def _list_conditions(session: Session, parameters: AuditParameters) -> Iterator[ColumnElement[bool]]:
    if parameters.fore:
        yield col(AuditEntry.number) < parameters.fore
    if parameters.vem.strip():
        yield col(AuditEntry.actor).icontains(parameters.vem.strip(), autoescape=True)
    if parameters.post.strip():
        yield _is_about(session, parameters.post.strip())
    if parameters.fran:
        yield col(AuditEntry.made_at) >= _read_midnight("fran", parameters.fran)
    if parameters.till:
        yield col(AuditEntry.made_at) < _read_midnight("till", parameters.till, days=1)


def _is_about(session: Session, text: str) -> ColumnElement[bool]:
    """Whether an entry is about a record whose address holds a text: `Linjen`, or `hotlines/linjen`."""
    address = fold(text).replace(" ", "-")
    slug = address.rpartition("/")[2]
    tasks = select(Task.id).join(CurrentRecord, col(CurrentRecord.id) == col(Task.record))
    ids = session.exec(tasks.where(col(CurrentRecord.slug).contains(slug, autoescape=True)).limit(MOST_TASKS)).all()
    return or_(
        and_(col(AuditEntry.subject).contains("/"), col(AuditEntry.subject).contains(address, autoescape=True)),
        and_(col(AuditEntry.details).contains('"record"'), col(AuditEntry.details).contains(address, autoescape=True)),
        col(AuditEntry.subject).in_([f"task {key}" for key in ids]),
    )


def _read_midnight(name: str, text: str, *, days: int = 0) -> datetime:
    """The beginning of a day in Stockholm. Raises InvalidParameter."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), STOCKHOLM)
    except (ValueError, OverflowError):
        raise invalid(name, "Skriv ett datum, till exempel 2026-11-28.") from None
