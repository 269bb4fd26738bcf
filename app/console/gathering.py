"""All that is wrong with a form at once, instead of one step after the other."""

from collections.abc import Callable

from fastapi import Request

from app.console.changing import NO_REASON_YET, describe_change, read_body, review_change
from app.console.citing import Cite, load_cites
from app.console.records import RecordView
from app.console.visitors import Form, Visitor
from app.http.problems import Fault, InvalidParameter, InvalidRecord, ProblemError
from app.proposals.bodies import ProposalRequest
from app.records.documents import Document

UNCITED = "no citation for: "
UNCHANGED = "would not change"


def changes_nothing(error: ProblemError) -> bool:
    """Whether a change is refused because all of it stands already."""
    return bool(error.errors) and all(fault.detail.endswith(UNCHANGED) for fault in error.errors)


def gather_faults(
    request: Request,
    visitor: Visitor,
    record: RecordView,
    form: Form,
    error: ProblemError,
    make: Callable[[list[Cite] | None], Document],
) -> ProblemError:
    """The error with the faults of every step: the sources, the values, the reason, and the whole document.

    `make`: the document that the form makes with some citations; None: with those that stand. Any error but one of a
    form that is filled in wrong is returned as it is.
    """
    if not isinstance(error, InvalidParameter | InvalidRecord) or visitor.sent_outdated:
        return error
    faults, document = list[Fault](), None
    cites: list[Cite] | None = None
    try:
        cites = load_cites(request.app.state.engine, form)
    except InvalidParameter as refused:
        faults += refused.errors
    try:
        document = make(cites)
    except InvalidParameter as refused:
        faults += refused.errors
    try:
        read_body(ProposalRequest, describe_change(record, form, document=record.document))
    except InvalidParameter as refused:
        faults += refused.errors
    if document is not None:
        try:
            review_change(request, visitor, describe_change(record, NO_REASON_YET, document=document))
        except (InvalidParameter, InvalidRecord) as refused:
            faults += [fault for fault in refused.errors if UNCHANGED not in fault.detail]
    by_text = {
        (fault.parameter, fault.detail): fault for fault in faults if cites is not None or UNCITED not in fault.detail
    }
    return InvalidParameter("The form is filled in wrong.", list(by_text.values())) if by_text else error
