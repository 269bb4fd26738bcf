"""Decides who may do what, for every route that needs a key. No other module does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.access.models import KeyRole
from app.access.naming import is_same_name
from app.access.scopes import KeyScope, Touched, describe_scope, is_within, load_slugs
from app.http.problems import Forbidden
from app.records.documents import Document, decode
from app.records.drafts import load_documents
from app.records.models import CurrentRecord, Origin, Proposal
from app.referrals.models import EscalationStep

ROLES = tuple(KeyRole)
"""From the least to the most powerful."""
BY_KEY = (Origin.API, Origin.CONSOLE)
"""The origins of proposals that were made with a key."""
VITAL_OF_POINT = ("id", "label", "channel", "value")
"""The fields of a contact point whose changes need two people."""


class Action(StrEnum):
    """What a key may be used for. The values complete the sentence `To … takes the role`."""

    SEE_KEY = "see this key"
    FOLLOW = "be told of changes"
    PROPOSE = "propose changes"
    PUBLISH = "publish"
    DECIDE = "decide on proposals"
    READ_ALL_PROPOSALS = "read the proposals of others"
    PUBLISH_HOURS = "publish exceptions to hours"
    CONFIRM = "confirm own records"
    CONFIRM_OTHERS = "confirm records by telephone or by reading"
    READ_TASKS = "read the tasks"
    READ_AUDIT = "read the audit trail"
    MANAGE_KEYS = "manage keys"


LEAST_ROLE: Mapping[Action, KeyRole] = {
    Action.SEE_KEY: KeyRole.CONTRIBUTOR,
    Action.FOLLOW: KeyRole.CONTRIBUTOR,  # changes are public; the key limits how much is sent, and to whom
    Action.PROPOSE: KeyRole.CONTRIBUTOR,
    Action.PUBLISH: KeyRole.EDITOR,
    Action.DECIDE: KeyRole.EDITOR,
    Action.READ_ALL_PROPOSALS: KeyRole.EDITOR,
    Action.PUBLISH_HOURS: KeyRole.OPERATOR,
    Action.CONFIRM: KeyRole.OPERATOR,
    Action.CONFIRM_OTHERS: KeyRole.EDITOR,
    Action.READ_TASKS: KeyRole.EDITOR,
    Action.READ_AUDIT: KeyRole.EDITOR,
    Action.MANAGE_KEYS: KeyRole.ADMIN,
}
"""The least role that allows an action."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a valid key. `name`: a role or an organization, as the history records it."""

    key: str
    name: str
    role: KeyRole
    scope: KeyScope | None
    is_test: bool
    made_at: datetime
    expires_at: datetime
    at: datetime
    """The moment of the request."""
    origin: Origin = Origin.API
    """Whether the request came through the API or the console."""


def has_role(caller: Caller, action: Action) -> bool:
    """Whether the caller's role allows an action at all."""
    return ROLES.index(caller.role) >= ROLES.index(LEAST_ROLE[action])


def require_role(caller: Caller, action: Action) -> None:
    """Raise Forbidden where the caller's role does not allow an action, with the role that does."""
    if not has_role(caller, action):
        least = LEAST_ROLE[action]
        raise Forbidden(f"To {action} takes the role {least}; this key has the role {caller.role}.")


def is_reviewed_after(caller: Caller) -> bool:
    """Whether somebody else reviews what the caller has published directly."""
    return not has_role(caller, Action.PUBLISH)


def require_own_word(caller: Caller) -> None:
    """Raise Forbidden where the method is `operator` but the key is not an operator's.

    In the console, editors may record what an operator told them.
    """
    if caller.origin is Origin.API and caller.role is not KeyRole.OPERATOR:
        raise Forbidden(
            "That the operator says so is said with an operator's key; with yours, `method` is phone or read."
        )


def may_withdraw(caller: Caller, checked_by: str) -> bool:
    """Whether the caller may take back a check: their own, and an admin anybody's."""
    return caller.role is KeyRole.ADMIN or is_same_name(checked_by, caller.name)


def require_scope(session: Session, caller: Caller, touched: Touched) -> None:
    """Raise Forbidden, naming the scope, where a record lies outside of the caller's scope."""
    if not is_within(session, caller.scope, touched):
        scope = describe_scope(session, caller.scope)
        raise Forbidden(f"The record is not within the scope of this key, which is {scope}, before and after.")


def may_see(session: Session, caller: Caller, proposal: Proposal) -> bool:
    """Whether a proposal is the caller's own, or one that the caller may decide on."""
    return bool(choose_seen(session, caller, [proposal]))


def choose_seen(session: Session, caller: Caller, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Those of the proposals that the caller may see, with three queries however many they are."""
    if not has_role(caller, Action.READ_ALL_PROPOSALS):
        return [proposal for proposal in proposals if is_own(caller, proposal)]
    if caller.scope is None:
        return list(proposals)
    slugs, documents = load_slugs(session, caller.scope), _load_standing(session, proposals)

    def is_seen(proposal: Proposal) -> bool:
        proposed = None if proposal.document is None else decode(proposal.document)
        standing = None if proposal.record is None else documents.get(proposal.record)
        touched = Touched(proposal.kind, proposal.record, [standing, proposed])
        return is_own(caller, proposal) or is_within(session, caller.scope, touched, slugs)

    return [proposal for proposal in proposals if is_seen(proposal)]


def _load_standing(session: Session, proposals: Sequence[Proposal]) -> dict[UUID, Document | None]:
    """The current documents of the records that proposals are about, by record id."""
    ids = [proposal.record for proposal in proposals if proposal.record is not None]
    standing = session.exec(select(CurrentRecord).where(col(CurrentRecord.id).in_(ids))).all()
    documents = load_documents(session, [record.revision for record in standing])
    return {record.id: documents[record.revision] for record in standing}


def is_own(caller: Caller, proposal: Proposal) -> bool:
    """Whether the caller made a proposal. Keys with the same name belong to the same party."""
    return proposal.origin in BY_KEY and is_same_name(proposal.actor, caller.name)


def require_second_person(session: Session, caller: Caller, proposer: str, touched: Touched) -> None:
    """Raise Forbidden where a change needs two people and the caller is the proposer.

    `touched`: the record with its old and its new document.
    """
    if is_same_name(proposer, caller.name) and needs_two(touched, load_named(session)):
        raise Forbidden(
            "The id of a hotline, its numbers and addresses, whether it is in force, and the escalation with whom it "
            "names are changed by two: propose it without `publish`, and let a key with another name accept it."
        )


def load_named(session: Session) -> frozenset[UUID]:
    """The ids of the resources that the escalation names."""
    return frozenset(key for key in session.exec(select(EscalationStep.resource_id)) if key is not None)


def needs_two(touched: Touched, named: Collection[UUID]) -> bool:
    """Whether a change needs two people. `named`: the ids of the resources that the escalation names."""
    before, after = (vital_part(touched, document, named) for document in touched.documents)
    return bool(before != after)


def vital_part(touched: Touched, document: Document | None, named: Collection[UUID]) -> Any:
    """The part of a document whose change needs two people: all of a step of the escalation; of a hotline, or a
    resource that a step names, its id, status and contact points."""
    if touched.kind == "step":
        return document
    if document is None or (touched.kind != "hotline" and touched.id not in named):
        return None
    points = [[point.get(name) for name in VITAL_OF_POINT] for point in document.get("contact_points", ())]
    return [document.get("id"), document.get("status"), points]
