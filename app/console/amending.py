"""A proposal that waits, put together with the record as it stands, and what of it can be amended."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.access.deciding import Caller, may_see
from app.console.citing import SourceChoice, load_choices
from app.console.parts import find_part
from app.console.records import RecordView, load_base, load_views, part_of
from app.console.words import name_field
from app.http.problems import NotFound, StaleRevision
from app.records.documents import Document, decode
from app.records.drafts import load_documents
from app.records.merging import merge
from app.records.models import Proposal, ProposalState


@dataclass(frozen=True, slots=True)
class Amendment:
    """What would be published. `record`: as it stands; None where the proposal makes a new one.

    `document`: the proposal with what others have changed since, theirs in `conflicts`. `filled`: the same, with what
    the proposal says in `conflicts`. `source`: the statement that is made with it.
    """

    proposal: Proposal
    record: RecordView | None
    document: Document
    filled: Document
    conflicts: list[str]
    source: Document | None


def load_amendment(session: Session, caller: Caller, key: UUID, base: str = "") -> Amendment:
    """A proposal that waits, as it would be amended. `base`: the revision that a form was filled in against.

    Raises NotFound, or StaleRevision for one that is decided.
    """
    proposal = session.get(Proposal, key)
    if proposal is None or not may_see(session, caller, proposal) or proposal.document is None:
        raise NotFound("There is no such proposal.")
    if proposal.state is not ProposalState.OPEN:
        raise StaleRevision(f"The proposal is {proposal.state} already, by {proposal.decided_by}.")
    proposed = decode(proposal.document)
    source = None if proposal.source is None else decode(proposal.source)
    if proposal.record is None or proposal.base is None:
        return Amendment(proposal, None, proposed, proposed, [], source)
    record = load_views(session, [proposal.record]).get(proposal.record)
    if record is None:
        raise NotFound("The record of this proposal does not stand any more.")
    if base:
        record = load_base(session, record, base)
    before = load_documents(session, [proposal.base])[proposal.base] or {}
    merged = merge(before, record.document, proposed)
    filled = merge(before, proposed, record.document).document
    return Amendment(proposal, record, merged.document, filled, merged.conflicts, source)


def list_amendable(amendment: Amendment, fields: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the fields that can be amended, each with its name; what is edited together once."""
    paths = dict.fromkeys(map(part_of, fields))
    return [(path, name_field(path, amendment.filled)) for path in paths if _is_editable(amendment, path)]


def load_sources(session: Session, amendment: Amendment) -> list[SourceChoice]:
    """All sources, by title, and the statement that is made with the proposal."""
    stated = [] if amendment.source is None else [amendment.source]
    choices = load_choices(session)
    ids = {choice.id for choice in choices}
    return choices + [
        SourceChoice(source["id"], source["title"], source["id"]) for source in stated if source["id"] not in ids
    ]


def _is_editable(amendment: Amendment, path: str) -> bool:
    try:
        find_part(amendment.proposal.kind, amendment.document, path)
    except NotFound:
        return False
    return True
