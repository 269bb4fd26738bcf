"""Proposals that wait, as the pages of the records that they would change show them."""

from collections import defaultdict

from sqlmodel import Session, col, select

from app.access.deciding import Caller
from app.console.differences import name_values
from app.console.records import RecordView, part_of, read_value
from app.console.words import describe_field
from app.http.views import Site
from app.proposals.describing import describe_proposal
from app.proposals.listing import list_seen
from app.proposals.schemas import ProposalShown
from app.records.models import Proposal, ProposalState

MOST = 10
ByField = dict[str, list[tuple[ProposalShown, str]]]
"""By the path of a field, the proposals that would change it, each with the value in words that it asks for."""


def load_waiting(session: Session, site: Site, caller: Caller, record: RecordView) -> list[ProposalShown]:
    """The oldest of the proposals about a record that wait and that the caller may see."""
    is_waiting = col(Proposal.state) == ProposalState.OPEN, col(Proposal.record) == record.id
    statement = select(Proposal).where(*is_waiting).order_by(col(Proposal.made_at), col(Proposal.id))
    proposals, _ = list_seen(session, caller, statement, MOST)
    return [describe_proposal(session, site, proposal) for proposal in proposals]


def sort_by_field(session: Session, proposals: list[ProposalShown]) -> ByField:
    """The same proposals beside the fields that they would change."""
    names = name_values(session, [difference for proposal in proposals for difference in proposal.differences])
    by_field: ByField = defaultdict(list)
    for proposal in proposals:
        for path in dict.fromkeys(part_of(difference.field) for difference in proposal.differences):
            value = describe_field(path, read_value(proposal.document or {}, path), names.get(path))
            by_field[path].append((proposal, value))
    return by_field
