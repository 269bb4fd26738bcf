"""The checks of a record by people: by whom, how, and whether they still count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.access.deciding import Caller, may_withdraw
from app.console.records import RecordView
from app.records.verified import digest_covered
from app.sources.models import Source
from app.verifying.models import Method, Scope, Verification, Withdrawal

MOST = 50
METHOD_NAMES = {
    Method.PHONE: "har ringt",
    Method.OPERATOR: "har fått det bekräftat av verksamheten",
    Method.READ: "har läst källan",
}
SCOPE_NAMES = {Scope.CONTACT: "nummer och adresser", Scope.HOURS: "öppettider", Scope.CONTENT: "allt annat"}


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check. `method` and `scope`: in words. `source`: the title of what was read; empty where nothing was.

    `holds`: what was checked has not changed since. `can_be_withdrawn`: by the visitor.
    """

    id: UUID
    made_at: datetime
    verified_on: date
    actor: str
    method: str
    scope: str
    source: str
    holds: bool
    withdrawal: Withdrawal | None
    can_be_withdrawn: bool


def list_checks(session: Session, caller: Caller, record: RecordView) -> Sequence[CheckView]:
    """The newest checks of a record, also those that were taken back; one query."""
    statement = (
        select(Verification, Withdrawal, Source.title)
        .outerjoin(Withdrawal, col(Withdrawal.verification) == col(Verification.id))
        .outerjoin(Source, col(Source.id) == col(Verification.source))
        .where(col(Verification.record) == record.id)
        .order_by(col(Verification.made_at).desc(), col(Verification.id))
        .limit(MOST)
    )
    digests = {scope: digest_covered(record.document, scope) for scope in Scope}
    return [
        CheckView(
            check.id,
            check.made_at,
            check.verified_on,
            check.role,
            METHOD_NAMES[check.method],
            SCOPE_NAMES[check.scope],
            title or "",
            check.covers == digests[check.scope],
            withdrawal,
            withdrawal is None and may_withdraw(caller, check.role),
        )
        for check, withdrawal, title in session.exec(statement)
    ]
