"""A change, looked at before it is made, and made: the same way as every change over HTTP."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from app.access.deciding import Caller
from app.access.repeating import Attempt
from app.console.records import RecordView
from app.console.rendering import lead_to
from app.console.visitors import Visitor
from app.http.bodies import Body
from app.http.links import site_of
from app.http.problems import Fault, InvalidParameter, invalid
from app.proposals.bodies import ProposalRequest
from app.proposals.describing import describe_proposal
from app.proposals.making import make_proposal
from app.proposals.schemas import ProposalShown
from app.records.documents import describe_fault
from app.records.models import Proposal

ChangeBody = dict[str, object]
"""The values of a ProposalRequest."""
SomeBody = TypeVar("SomeBody", bound=Body)
NO_REASON_YET = {"skal": "…" * 3}
"""Stands for the reason while a change is reviewed, before anybody has given one."""
NAME = re.compile(r"[0-9a-f]{32}")
"""The name of a form, another one each time that it is shown."""


def read_body(model: type[SomeBody], values: Mapping[str, object]) -> SomeBody:
    """What a form asks for, as the API reads it. Raises InvalidParameter."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = [
            Fault(parameter=".".join(map(str, fault["loc"])) or "record", detail=describe_fault(fault), allowed=None)
            for fault in error.errors(include_url=False)
        ]
        raise InvalidParameter("The change cannot be read.", faults) from None


def describe_change(record: RecordView, form: Mapping[str, str], **change: object) -> ChangeBody:
    """What a form about a record asks for: `change`, for the reason that it gives."""
    return {
        "record": record.address,
        "base_revision": record.revision,
        "reason": form.get("skal", ""),
        "publish": form.get("publicera") == "ja",
        **change,
    }


def review_change(request: Request, visitor: Visitor, change: ChangeBody) -> ProposalShown:
    """What a change would do, all of it checked and nothing stored. Raises a ProblemError."""
    caller = replace(visitor.caller, is_test=True)
    return _send(request, caller, read_body(ProposalRequest, {**change, "publish": False}), Attempt(None, ""))


def send_change(request: Request, visitor: Visitor, change: ChangeBody, name: str | None) -> ProposalShown:
    """Make a change. Raises a ProblemError. `name`: of the form: sent twice, it is done once."""
    if name is not None and not NAME.fullmatch(name):
        raise invalid("record", "Formuläret gäller inte längre. Öppna sidan på nytt och försök igen.")
    body = read_body(ProposalRequest, change)
    return _send(request, visitor.caller, body, Attempt(name, json.dumps(change, sort_keys=True)))


def send_form(
    request: Request, visitor: Visitor, record: RecordView, form: Mapping[str, str], **change: object
) -> ProposalShown:
    """Make the change of a record that a form is for. Raises a ProblemError."""
    visitor.require_current_form()
    return send_change(request, visitor, describe_change(record, form, **change), form.get("namn"))


def lead_to_change(request: Request, proposal: ProposalShown) -> Response:
    """Redirect to the record where a change is published, to the proposal where it waits."""
    if proposal.state == "accepted":
        return lead_to(request, f"/poster/{proposal.record}?klart=publicerad")
    return lead_to(request, f"/forslag/{proposal.id}?klart=skickat")


def _send(request: Request, caller: Caller, body: ProposalRequest, attempt: Attempt) -> ProposalShown:
    def describe(session: Session, proposal: Proposal) -> ProposalShown:
        return describe_proposal(session, site_of(request), proposal, is_stored=not caller.is_test)

    return make_proposal(request.app.state.engine, caller, lambda _: body, attempt, describe)
