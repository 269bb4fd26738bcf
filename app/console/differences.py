"""What a change did to a record, field by field: the values before and after."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.console.records import Names, load_names
from app.proposals.schemas import Difference
from app.records.documents import Document, decode
from app.records.drafts import load_documents
from app.records.merging import changed_fields, differing_values
from app.records.models import Proposal, Revision


@dataclass(frozen=True, slots=True)
class Change:
    """The fields that a change gave other values, and those of which it only changed the citations."""

    differences: list[Difference]
    recited: list[str]


def compare(before: Document, after: Document) -> Change:
    """What changed between two documents of a record; nothing where one of them is missing or redacted."""
    if not before or not after:
        return Change([], [])
    differences = _list_differences(before, after)
    changed = {difference.field for difference in differences}
    return Change(differences, [field for field in changed_fields(before, after) if field not in changed])


def name_values(session: Session, differences: Iterable[Difference]) -> Names:
    """What the areas and terms are called whose ids the values of differences hold."""
    return load_names(
        session,
        (
            (difference.field, value)
            for difference in differences
            for value in (difference.present, difference.proposed)
        ),
    )


def _list_differences(before: Document, after: Document) -> list[Difference]:
    return [Difference(field=field, present=old, proposed=new) for field, old, new in differing_values(before, after)]


def compare_decided(session: Session, proposal: Proposal) -> Change:
    """What an accepted proposal changed, or what any other asked for, of the record as it was then."""
    proposed = decode(proposal.document) if proposal.document else {}
    if proposal.base is None:  # a new record: all that it says
        return Change(_list_differences({}, proposed), [])
    if proposal.revision is None:
        return compare(load_documents(session, [proposal.base])[proposal.base] or {}, proposed)
    same = col(Revision.record) == proposal.record, col(Revision.number) <= proposal.revision
    rows = session.exec(select(Revision).where(*same).order_by(col(Revision.number).desc()).limit(2)).all()
    documents = [decode(row.document) if row.document else {} for row in rows]
    return compare(documents[1], documents[0]) if len(documents) == 2 else Change([], [])
