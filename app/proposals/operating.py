"""What operators say of their own records, published at once: other hours for some days, and that all is right."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from pydantic import Field, StringConstraints
from sqlalchemy import Engine
from sqlmodel import Session

from app.access.auditing import add_audit_entry
from app.access.deciding import Action, Caller, require_own_word, require_role, require_scope
from app.access.scopes import Touched
from app.http.bodies import WORDS, Body
from app.http.problems import Fault, StaleRevision, invalid
from app.proposals.bodies import ProposalRequest
from app.proposals.making import PATIENCE
from app.proposals.reading import find_standing
from app.proposals.refusing import refusing
from app.proposals.reviewing import raise_review
from app.records.confirming import Confirmation, confirm_in
from app.records.drafts import load_documents
from app.records.faults import InvalidRecords, RecordFault
from app.records.publishing import keep_trying, writing
from app.resources.reviewing import day_of
from app.sources.schemas import Day
from app.texts import Text
from app.verifying.models import Method, Scope

FARTHEST = timedelta(days=60)
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=WORDS)]


class ExceptionRequest(Body):
    """Other hours from one day to another, both included."""

    contact_point: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")] = Field(
        description="The id of the contact point within its record, such as `telefon`."
    )
    starts_on: Day
    ends_on: Day = Field(
        description="The last day, at most sixty days ahead, so that what holds until further notice is checked again."
    )
    expression: Line = Field(description="OSM opening_hours of these days, such as `off` or `10:00-14:00`.")
    reason: Text = Field(description="Why, in Swedish and English, for those who call.")


class ConfirmationRequest(Body):
    """That a record was checked."""

    scope: Scope = Field(description="contact: how to reach it. hours: when. content: all the rest.")
    method: Method = Field(
        Method.OPERATOR,
        description="operator: we run it ourselves (for keys of operators). phone: we have called. read: we have read "
        "`source` (both for keys of editors).",
    )
    verified_on: Day | None = Field(None, description="The day of the check; today, if left out.")
    source: Line | None = Field(None, description="The id of the source that was read; needed with `read`.")


def request_exception(address: str, hours: ExceptionRequest, caller: Caller) -> Callable[[Session], ProposalRequest]:
    """What makes the change that adds an exception to the record as it stands. Raises InvalidParameter."""
    today = day_of(caller.at)
    if not today <= hours.ends_on <= today + FARTHEST:
        raise invalid("ends_on", f"is not from {today} to {today + FARTHEST}, sixty days ahead")
    exception = hours.model_dump(mode="json", exclude={"contact_point"})

    def read(session: Session) -> ProposalRequest:
        kind, current = find_standing(session, address)
        document = load_documents(session, [current.revision])[current.revision] or {}
        points = [dict(point) for point in document.get("contact_points", ())]
        chosen = next((point for point in points if point["id"] == hours.contact_point), None)
        if chosen is None:
            names = ", ".join(point["id"] for point in points) or "none"
            raise InvalidRecords([RecordFault(kind.name, current.slug, "contact_point", f"is none of {names}")])
        ahead = [entry for entry in chosen.get("exceptions", ()) if entry["ends_on"] >= str(today)]
        chosen["exceptions"] = [*ahead, exception]  # what is over stays in the record's history
        return ProposalRequest(
            record=address,
            base_revision=current.revision,
            patch={"contact_points": points},
            reason=f"Other hours from {hours.starts_on} to {hours.ends_on}: {hours.reason.sv}"[:500],
            publish=True,
        )

    return read


def confirm_own(
    engine: Engine,
    caller: Caller,
    address: str,
    request: ConfirmationRequest,
    *,
    seen: int | None = None,
    finish: Callable[[Session], None] | None = None,
) -> Confirmation:
    """Write down that a record was checked. Raises a ProblemError. A test key checks and stores nothing.

    `seen`: the revision that was checked, where that is known; another one is not confirmed. `finish`: what else is
    done in the same transaction.
    """
    if request.method is Method.OPERATOR:
        require_own_word(caller)
    else:
        require_role(caller, Action.CONFIRM_OTHERS)
    day = request.verified_on or day_of(caller.at)
    confirmation = Confirmation(request.scope, request.method, caller.name, day, request.source)

    def act() -> Confirmation:
        with refusing(), writing(engine) as session:
            kind, current = find_standing(session, address)
            if seen not in (None, current.revision):
                changed = Fault(parameter="record", detail="was changed by somebody else", allowed=None)
                raise StaleRevision("The record was changed since it was checked.", [changed])
            document = load_documents(session, [current.revision])[current.revision]
            require_scope(session, caller, Touched(kind.name, current.id, [document, document]))
            confirm_in(session, kind.name, current.slug, [confirmation], caller.at)
            add_audit_entry(session, caller.at, "record confirmed", address, actor=caller.name, key=caller.key)
            raise_review(session, caller, current.id, f"confirmed ({request.scope})")
            session.flush()
            if finish is not None:
                finish(session)
            if caller.is_test:
                session.connection().rollback()
            return confirmation

    return keep_trying(act, PATIENCE)
