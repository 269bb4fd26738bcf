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
"""Reports that one network may send in a minute, to each process."""
PER_DAY = 10
"""And in a day: no single network takes the place of all others."""
MAX_BODY = 8 * 1024
FASTEST = timedelta(seconds=3)
"""Who reads a record and writes what is wrong with it takes longer."""
SLOWEST = timedelta(days=1)
"""A moment before that was made up, or kept from an earlier form."""
THANKS = Text(
    sv="Tack. En människa tittar på det. Vi läser inte detta dygnet runt: i akut fara, ring 112.",
    en="Thank you. A person will look at it. Nobody reads this round the clock: in danger, call 112.",
)


ReportAllowances = tuple[Allowances, Allowances]
"""What each network may send in a minute, and in a day."""


def make_allowances() -> ReportAllowances:
    """What each network may send in a minute, and in a day."""
    return Allowances(PER_MINUTE), Allowances(PER_DAY, window=DAY)


router = Router(tags=["reports"])


@router.post("/reports", status_code=202, summary="Säg att något är fel", dependencies=[Depends(take_json)])
@answers(fresh=None, body=MAX_BODY)
def create_report(
    wanted: Annotated[Parameters, Query()],
    asked: ReportRequest,
    language: LanguageDep,
    request: Request,
) -> ReportTaken:
    """Say that something is wrong or missing: anybody may, without a key. It is never shown; a person looks at it.

    A network may send three a minute and ten a day. Nothing about the sender is kept but the address for an
    answer, if one is given.

    Säg att en uppgift är fel. Det visas aldrig, en människa tittar på det.
    """
    take_report(request, asked, datetime.now(UTC))
    return ReportTaken(taken=True, message=THANKS[language])


def take_report(request: Request, asked: ReportRequest, now: datetime) -> None:
    """Keep a report within what everybody may send. Raises InvalidParameter, NotFound or TooManyRequests."""
    began = asked.opened_at if asked.opened_at.tzinfo else asked.opened_at.replace(tzinfo=UTC)
    if now - began < FASTEST:
        raise invalid("opened_at", "is less than three seconds ago; wait a moment and send it again")
    if now - began > SLOWEST:
        raise invalid("opened_at", "is more than a day ago; open the form anew and send it again")
    allowances: ReportAllowances = request.app.state.report_allowances
    for allowance in allowances:
        allowance.take(request.scope)
    if not asked.website:  # whoever fills in what people do not see is told the same
        complaint = Complaint(asked.record, asked.field, asked.text, asked.answer_to)
        keep_report(request.app.state.engine, complaint, now)
