"""The form for what is wrong or missing, and thanks for it; it works without JavaScript."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.database import SessionDep
from app.embed.numbers import LAST_RESORT, numbers
from app.embed.pages.addresses import REPORT, THANKS, address
from app.embed.pages.answering import render
from app.embed.pages.questions import Question, ReportQuestion
from app.http.contract import Cost, answers
from app.http.links import base_url
from app.http.problems import NotFound, ProblemError, TooManyRequests, WrongContentType
from app.records.documents import Document
from app.reports.keeping import load_reported
from app.reports.routes import SLOWEST, take_report
from app.reports.schemas import ReportRequest
from app.resources.contacts import format_value
from app.resources.models import Channel
from app.texts import Language

HTML = "text/html"
FORM = "application/x-www-form-urlencoded"
MAX_FORM = 16 * 1024
"""Bytes: a thousand characters of four bytes each, each byte written as three."""
FIELDS = ("record", "field", "text", "answer_to", "opened_at", "website")
SHORT = 5 * 60
"""Seconds for which somebody waits to send a form again; whoever has to wait longer comes back another day."""
EXPLAINED = frozenset(
    {"record", "field", "text", "answer_to", "elsewhere", "too_many", "too_many_today", "too_fast", "too_old"}
)
"""The faults that a refusal has words of its own for; the first are fields."""

Form = Mapping[str, str]


async def read_form(request: Request) -> Form:
    """What was filled in, by field; an empty text for what was left out. Raises WrongContentType."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise WrongContentType(f"This address takes a body of {FORM}.")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        sent = dict(parse_qsl(body, max_num_fields=len(FIELDS)))
    except ValueError:
        sent = {}
    return {name: sent.get(name, "").replace("\r\n", "\n") for name in FIELDS}


@answers(HTML, fresh=None, cost=Cost.HELP, cross_origin=False)
def show_report_form(
    question: Annotated[ReportQuestion, Query()], session: SessionDep, request: Request
) -> HTMLResponse:
    """The form, about the record that the address names, if there is one."""
    sent = {**dict.fromkeys(FIELDS, ""), "record": question.record or ""}
    return _render_form(request, session, sent)


@answers(HTML, fresh=None, body=MAX_FORM, cross_origin=False)
def send_report(
    question: Annotated[Question, Query()],
    session: SessionDep,
    request: Request,
    form: Annotated[Form, Depends(read_form)],
) -> Response:
    """Take a report and redirect to the thanks; where it cannot be taken, show the form again, filled in."""
    if _is_from_elsewhere(request):
        return _render_form(request, session, form, ["elsewhere"], 403)
    try:
        report = ReportRequest.model_validate({name: value for name, value in form.items() if value.strip()})
        take_report(request, report, datetime.now(UTC))
    except ValidationError as error:
        return _render_form(request, session, form, [str(fault["loc"][0]) for fault in error.errors() if fault["loc"]])
    except TooManyRequests as error:
        is_for_long = int(error.headers["Retry-After"]) > SHORT
        return _render_form(
            request, session, form, ["too_many_today" if is_for_long else "too_many"], 429, error.headers
        )
    except NotFound:
        return _render_form(request, session, form, ["record"])
    except ProblemError as error:
        return _render_form(request, session, form, [fault.parameter for fault in error.errors])
    path = address(THANKS, request.app.state.language)
    return RedirectResponse(f"{urlsplit(base_url(request)).path}{path}", 303)


@answers(HTML, fresh=None, cost=Cost.HELP)
def show_thanks(question: Annotated[Question, Query()], session: SessionDep, request: Request) -> HTMLResponse:
    """What happens next, and the numbers for whoever needs help now."""
    language: Language = request.app.state.language
    emergency, listed = LAST_RESORT[language][0], numbers(session, language)
    if emergency.uri not in {number.uri for number in listed}:
        listed.insert(0, emergency)
    return render(request, THANKS, {"numbers": listed}, listed=False)


def _is_from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sent the form. Browsers say so in one of two headers; as our pages send no
    referrer, those that lack the first say `null` of them in the second."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != urlsplit(base_url(request)).netloc


def _render_form(
    request: Request,
    session: Session,
    sent: Form,
    faults: Collection[str] | None = None,
    status: int = 422,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The form; `faults`: why it was refused, None where it was not yet sent."""
    language: Language = request.app.state.language
    document = load_reported(session, sent["record"])
    values: dict[str, Any] = {
        "sent": sent,
        "about": None if document is None else _name(document, language),
        "points": [] if document is None else _list_points(document, language),
        "faults": [] if faults is None else dict.fromkeys(_name_fault(fault, sent) for fault in faults or ["other"]),
        "opened_at": _read_opening(sent["opened_at"]),
    }
    answer = render(request, REPORT, values, status=200 if faults is None else status, listed=False)
    answer.headers.update(headers or {})
    return answer


def _name_fault(fault: str, sent: Form) -> str:
    """The key of the words that explain a fault; of a wrong moment of opening, whether it is too old or too fast."""
    began = _parse_opening(sent["opened_at"])
    if fault == "opened_at" and began is not None:
        return "too_old" if datetime.now(UTC) - began > SLOWEST else "too_fast"
    return fault if fault in EXPLAINED else "other"


def _read_opening(text: str) -> str:
    """The moment at which the form was opened; now where it was not sent, has none, or was open for too long."""
    now, began = datetime.now(UTC), _parse_opening(text)
    if began is None or now - began > SLOWEST:
        return now.isoformat(timespec="seconds")
    return began.isoformat()


def _parse_opening(text: str) -> datetime | None:
    try:
        began = datetime.fromisoformat(text)
    except ValueError:
        return None
    return began if began.tzinfo else began.replace(tzinfo=UTC)


def _name(document: Document, language: Language) -> str:
    name = document.get("name") or document.get("title") or ""
    return str(name[language] if isinstance(name, Mapping) else name)


def _list_points(document: Document, language: Language) -> list[tuple[str, str]]:
    """What of the record may be named: each way to reach it, as reports call it and as people do."""
    return [
        (f"contact_points.{point['id']}", ": ".join(filter(None, (point["label"][language], _display(point)))))
        for point in document.get("contact_points", ())
    ]


def _display(point: Document) -> str | None:
    return format_value(Channel(point["channel"]), point.get("value"))
