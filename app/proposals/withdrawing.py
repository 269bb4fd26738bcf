"""Taking back a check of a record that was a mistake: the check stays, and counts no longer."""

from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.auditing import add_audit_entry
from app.access.deciding import Action, Caller, may_withdraw, require_role, require_scope
from app.access.scopes import Touched
from app.http.bodies import Body, Reason
from app.http.problems import Forbidden, NotFound
from app.proposals.making import PATIENCE
from app.proposals.reading import find_standing
from app.proposals.refusing import refusing
from app.records.confirming import withdraw_in
from app.records.drafts import load_documents
from app.records.models import CurrentRecord
from app.records.publishing import keep_trying, writing
from app.verifying.models import Verification, Withdrawal


class WithdrawalRequest(Body):
    """Why a check is taken back."""

    reason: Reason


def withdraw_check(engine: Engine, caller: Caller, address: str, key: UUID, request: WithdrawalRequest) -> None:
    """Take back a check of the record at an address. Raises a ProblemError. A test key checks and stores nothing."""
    require_role(caller, Action.CONFIRM_OTHERS)

    def act() -> None:
        with refusing(), writing(engine) as session:
            kind, current = find_standing(session, address)
            document = load_documents(session, [current.revision])[current.revision]
            require_scope(session, caller, Touched(kind.name, current.id, [document, document]))
            _require_check(session, caller, current, key)
            withdrawal = Withdrawal(verification=key, actor=caller.name, reason=request.reason, made_at=caller.at)
            withdraw_in(session, kind.name, current.slug, withdrawal)
            details = {"check": str(key), "reason": request.reason}
            add_audit_entry(
                session, caller.at, "check withdrawn", address, actor=caller.name, key=caller.key, details=details
            )
            session.flush()
            if caller.is_test:
                session.connection().rollback()

    keep_trying(act, PATIENCE)


def _require_check(session: Session, caller: Caller, current: CurrentRecord, key: UUID) -> None:
    """Raise NotFound where the record has no such check, Forbidden where it is not the caller's to take back."""
    check = session.get(Verification, key)
    if check is None or check.record != current.id:
        raise NotFound("There is no such check of this record.")
    if not may_withdraw(caller, check.role):
        raise Forbidden("A check is taken back by a key with the name of who made it, or by an admin.")
