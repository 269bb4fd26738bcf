"""Slugs that pass from one record to another in one publication, as when two records swap slugs."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlmodel import Session

from app.records.drafts import Draft
from app.records.models import CurrentRecord
from app.records.tables import MAIN
from app.records.writing import table_of

NAMED_BY_CODE = "area"
"""The family whose column for slugs is called `code`."""


def free_slugs(session: Session, drafts: Sequence[Draft]) -> None:
    """Give records whose slug passes to another draft a temporary one: slugs are unique even between two statements."""
    new_owners = {(draft.family, draft.slug): draft.id for draft in drafts if draft.document is not None}
    for draft in drafts:
        if draft.current is not None and new_owners.get((draft.family, draft.current.slug), draft.id) != draft.id:
            column = "code" if draft.family == NAMED_BY_CODE else "slug"
            for table, name in ((table_of(CurrentRecord), "slug"), (table_of(MAIN[draft.family]), column)):
                session.execute(update(table).where(table.c.id == draft.id).values({name: f"~{draft.id}"}))
