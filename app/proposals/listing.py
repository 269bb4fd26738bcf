"""Proposals in the order asked for, of which each caller gets those that the caller may see."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy.orm import undefer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.access.deciding import BY_KEY, Action, Caller, choose_seen, has_role
from app.records.models import Proposal


def list_seen(
    session: Session, caller: Caller, statement: SelectOfScalar[Proposal], limit: int, offset: int = 0
) -> tuple[Sequence[Proposal], int]:
    """Those that the caller may see of the proposals that a statement selects, and how many these are in all."""
    if caller.scope is not None and has_role(caller, Action.READ_ALL_PROPOSALS):
        # Whether a record is within a scope is told by its document, which SQL does not read.
        visible = choose_seen(session, caller, session.exec(statement.options(undefer("*"))).all())
        return visible[offset : offset + limit], len(visible)
    if not has_role(caller, Action.READ_ALL_PROPOSALS):
        statement = statement.where(col(Proposal.actor) == caller.name, col(Proposal.origin).in_(BY_KEY))
    ids = statement.with_only_columns(col(Proposal.id)).order_by(None).subquery()
    total = session.scalar(select(func.count()).select_from(ids)) or 0
    return session.exec(statement.offset(offset).limit(limit)).all(), total
