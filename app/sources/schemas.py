"""Sources and citations as the API shows them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam
from sqlmodel import Session

from app.http.links import Links
from app.sources.models import Source
from app.sources.queries import citations
from app.times import STOCKHOLM
from app.unions import Union

Day = Annotated[date, Field(json_schema_extra={"example": "2022-10-06"})]


class SourceBrief(BaseModel):
    """The source of a citation."""

    id: str
    title: str
    publisher: str
    url: str | None = Field(description="The page's address; null where the document gives none that works.")
    published: Day | None = Field(description="When the source says it was published; null where it does not.")
    updated: Day | None = Field(description="When the source says it was last updated; null where it does not.")
    retrieved: Day = Field(description="When it was read for this directory.")


class CitationShown(BaseModel):
    """A source that states a field."""

    field: str = Field(description="The field that the source states, such as `contact_points.telefon.value`.")
    source: SourceBrief
    locator: str | None = Field(description="The place in the source.")
    evidence: str = Field(description="A short fragment of the source: a name, a number, a phrase.")
    seen_at: Day | None = Field(
        description="The day on which a machine last saw the fragment on the source's page; null where none has. This "
        "does not mean that a person checked the fact: `verified_at` of the record does."
    )
    missing_since: Day | None = Field(
        description="Since when the fragment is missing from the page; null where it is there or was never looked for."
    )


def brief(source: Source) -> SourceBrief:
    """The source as citations show it."""
    return SourceBrief(
        id=source.slug,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        published=source.published,
        updated=source.updated,
        retrieved=source.retrieved,
    )


BY_PLACE = ("position", "field")
_CITATIONS = Union({"citations": (citations(bindparam("ids", expanding=True)), BY_PLACE)})


def citations_of(session: Session, subjects: Collection[UUID]) -> dict[UUID, list[CitationShown]]:
    """The citations of records, keyed by record id, in one query."""
    rows = _CITATIONS.read(session.connection(), {"ids": list(subjects)})
    return group_citations(rows["citations"], subjects)


def group_citations(rows: Iterable[Any], subjects: Iterable[UUID]) -> dict[UUID, list[CitationShown]]:
    """The citations in rows of `citations`, keyed by record id."""
    citations_by_subject: dict[UUID, list[CitationShown]] = {subject: [] for subject in subjects}
    briefs: dict[str, SourceBrief] = {}
    for row in rows:
        if row.slug not in briefs:
            briefs[row.slug] = brief(row)
        citations_by_subject[row.subject_id].append(
            CitationShown(
                field=row.field,
                source=briefs[row.slug],
                locator=row.locator,
                evidence=row.evidence,
                seen_at=_day(row.seen_at),
                missing_since=_day(row.missing_since),
            )
        )
    return citations_by_subject


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(STOCKHOLM).date()


class SourceShown(SourceBrief):
    """A document or page that states facts."""

    model_config = ConfigDict(populate_by_name=True)

    sha256: str | None = Field(description="SHA-256 of the document as it was read, where one was kept.")
    links: Links = Field(alias="_links")
