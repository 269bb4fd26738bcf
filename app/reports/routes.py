"""`/reports`: anybody can say that something is wrong."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Request

from app.http.allowances import DAY, Allowances
from app.http.bodies import take_json
from app.http.contract import Parameters, answers
from app.http.languages import LanguageDep
from app.http.problems import invalid
from app.http.routing import Router
from app.reports.keeping import Complaint, keep_report
from app.reports.schemas import ReportRequest, ReportTaken
from app.texts import Text

PER_MINUTE = 3
"""The most reports from one network in a minute, per process."""
PER_DAY = 10
"""The most reports from one network in a day, per process, so that no network uses up the total."""
MAX_BODY = 8 * 1024
FASTEST = timedelta(seconds=3)
"""The least time for filling in the form; programs are faster than people."""
SLOWEST = timedelta(days=1)
"""The longest time; an earlier moment was invented or taken from an older form."""
THANKS = Text(
    sv="Tack. En människa tittar på det. Vi läser inte detta dygnet runt: i akut fara, ring 112.",
    en="Thank you. A person will look at it. Nobody reads this round the clock: in danger, call 112.",
)


ReportAllowances = tuple[Allowances, Allowances]
"""The allowances of each network for a minute and for a day."""


def make_allowances() -> ReportAllowances:
    """New allowances for a minute and for a day."""
    return Allowances(PER_MINUTE), Allowances(PER_DAY, window=DAY)


router = Router(tags=["reports"])


@router.post("/reports", status_code=202, summary="Säg att något är fel", dependencies=[Depends(take_json)])
@answers(fresh=None, body=MAX_BODY)
def create_report(
    parameters: Annotated[Parameters, Query()],
    report: ReportRequest,
    language: LanguageDep,
    request: Request,
) -> ReportTaken:
    """Say that something is wrong or missing: anybody may, without a key. It is never shown; a person looks at it.

    A network may send three a minute and ten a day. Nothing about the sender is kept but the address for an
    answer, if one is given.

    Säg att en uppgift är fel. Det visas aldrig, en människa tittar på det.
    """
    take_report(request, report, datetime.now(UTC))
    return ReportTaken(taken=True, message=THANKS[language])


def take_report(request: Request, report: ReportRequest, now: datetime) -> None:
    """Store a report within the allowances of its network. Raises InvalidParameter, NotFound or TooManyRequests."""
    began = report.opened_at if report.opened_at.tzinfo else report.opened_at.replace(tzinfo=UTC)
    if now - began < FASTEST:
        raise invalid("opened_at", "is less than three seconds ago; wait a moment and send it again")
    if now - began > SLOWEST:
        raise invalid("opened_at", "is more than a day ago; open the form anew and send it again")
    allowances: ReportAllowances = request.app.state.report_allowances
    for allowance in allowances:
        allowance.take(request.scope)
    if not report.website:  # a filled-in hidden field means a program; it gets the same answer
        complaint = Complaint(report.record, report.field, report.text, report.answer_to)
        keep_report(request.app.state.engine, complaint, now)
