"""Statements over sources and citations."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, func, select
from sqlmodel import col

from app.sources.models import Citation, Source
from app.verifying.models import EvidenceCheck


def sources() -> Select[Source]:
    """All sources, in the editors' order."""
    return select(Source).order_by(col(Source.position), col(Source.slug))


def source(slug: str) -> Select[Source]:
    """The source with this slug."""
    return select(Source).where(col(Source.slug) == slug)


def citations(subjects: Collection[UUID] | BindParameter[Any]) -> Select[*tuple[Any, ...]]:
    """The citations of these records, each with its source and the last check of its fragment."""
    is_checked = and_(
        col(EvidenceCheck.source_id) == col(Citation.source_id), col(EvidenceCheck.evidence) == col(Citation.evidence)
    )
    return (
        select(
            col(Citation.subject_id),
            col(Citation.position),
            col(Citation.field),
            col(Citation.locator),
            col(Citation.evidence),
            col(Source.slug),
            col(Source.title),
            col(Source.publisher),
            col(Source.url),
            col(Source.published),
            col(Source.updated),
            col(Source.retrieved),
            col(EvidenceCheck.seen_at),
            col(EvidenceCheck.missing_since),
        )
        .join(Source, col(Citation.source_id) == col(Source.id))
        .outerjoin(EvidenceCheck, is_checked)
        .where(col(Citation.subject_id).in_(subjects))
    )


def last_check() -> Select[datetime | None]:
    """When a cited fragment was last searched for in its source. Checks do not make an edition."""
    return select(func.max(col(EvidenceCheck.checked_at)))
