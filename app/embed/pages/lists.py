"""The pages that list a kind, with the filters that people use; the API's own filters are behind them."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from app.coordinators.schemas import Coordinator
from app.courses.queries import courses, own_conditions
from app.courses.reading import build_courses
from app.embed.pages.answering import render
from app.embed.pages.asking import AskingDep
from app.embed.pages.questions import (
    MOST,
    CoordinatorQuestion,
    CourseQuestion,
    HotlineQuestion,
    PlaceQuestion,
    ReachedQuestion,
)
from app.embed.pages.referring import load_municipalities
from app.embed.pages.resource import load_lines
from app.http.contract import Cost, answers
from app.http.paging import Meta, Page, previous_offset
from app.kinds import build_whole
from app.resources.filters import ResourceParameters, conditions
from app.resources.listing import Asking, answer_list
from app.resources.models import Kind
from app.resources.open_now import Person, load_open_now
from app.resources.queries import of_kind
from app.resources.schemas import ResourceShown
from app.standards.schema_org import build_thing
from app.status import Status
from app.texts import ByLanguage, Language

HTML = "text/html"
Endpoint = Callable[..., HTMLResponse]

THOUSANDS = ByLanguage({Language.SWEDISH: "\u00a0", Language.ENGLISH: ","})
"""What stands between the thousands of a number."""
FILTERS = ("open", "channel", "free_of_charge", "free", "format")
"""The parameters that limit a list and are named above it."""


class Filter(NamedTuple):
    """A filter to tick, and whether it is ticked."""

    parameter: str
    value: str
    is_chosen: bool


def list_page(kind: Kind) -> Endpoint:
    """The page that lists a kind."""

    @answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
    def show_list(question: Annotated[PlaceQuestion, Query()], asking: AskingDep) -> HTMLResponse:
        return _render_list(asking, kind, question, list_kind(asking, kind, question.parameters()))

    return show_list


def reached_page(kind: Kind) -> Endpoint:
    """The page that lists a kind with contact points."""

    @answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
    def show_reached(question: Annotated[ReachedQuestion, Query()], asking: AskingDep) -> HTMLResponse:
        return _render_list(asking, kind, question, list_kind(asking, kind, question.parameters()))

    return show_reached


@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_coordinators(question: Annotated[CoordinatorQuestion, Query()], asking: AskingDep) -> HTMLResponse:
    """The coordinators, or the one for a municipality."""
    return _render_list(asking, Kind.COORDINATOR, question, list_kind(asking, Kind.COORDINATOR, question.parameters()))


@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_hotlines(question: Annotated[HotlineQuestion, Query()], asking: AskingDep) -> HTMLResponse:
    """The hotlines, or those that are open now, have a chat, or cost nothing."""
    return _render_list(asking, Kind.HOTLINE, question, list_kind(asking, Kind.HOTLINE, question.parameters()))


@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_courses(question: Annotated[CourseQuestion, Query()], asking: AskingDep) -> HTMLResponse:
    """The courses, or those that are free of charge, or on the web."""
    parameters = question.parameters()
    where = [*conditions(asking.session, parameters, asking.at), *own_conditions(parameters)]
    return _render_list(asking, Kind.COURSE, question, answer_list(asking, courses(where), parameters, build_courses))


def list_kind(asking: Asking, kind: Kind, parameters: ResourceParameters) -> Page[ResourceShown]:
    """One page of a kind, as the API lists it."""
    where = conditions(asking.session, parameters, asking.at)
    return answer_list(
        asking, of_kind(kind, where), parameters, lambda asking, rows: build_whole(asking, [row[0] for row in rows])
    )


def _render_list(asking: Asking, kind: Kind, question: PlaceQuestion, page: Page[Any]) -> HTMLResponse:
    items: list[ResourceShown] = page.items
    not_open = _count_not_open(asking, kind, question)
    values = {
        "facts_from": asking.lasting or asking.at,
        "kind": kind,
        "resources": items,
        "left_out": page.meta.left_out,
        "now": None if items else load_open_now(asking, Person()),
        "through": load_lines(asking, [item.reached_through for item in items if isinstance(item, Coordinator)]),
        "question": question,
        "filters": [Filter(name, value, getattr(question, name) == value) for name, value in question.ticks],
        "chosen": [(name, value) for name in FILTERS if (value := getattr(question, name, None)) is not None],
        "not_open": not_open.total if not_open else 0,
        "more_not_open": None if not_open is None or not_open.total_is_exact else _write_number(asking, not_open.total),
        "others": link_others(asking.request),
        "municipalities": load_municipalities(asking) if question.asks_place else None,
    }
    return render(
        asking.request,
        kind,
        values
        | link_pages(asking.request, question.offset, len(items), page.meta.total, has_next="next" in page.links),
        template="list.html",
        listed=question == type(question)(),
        structured=[build_thing(asking, item) for item in items],
    )


def _count_not_open(asking: Asking, kind: Kind, question: PlaceQuestion) -> Meta | None:
    """How many records the filter `open` leaves out of a list; None without that filter."""
    if not isinstance(question, ReachedQuestion) or question.open is None:
        return None
    others = question.parameters().model_copy(update={"open": False, "limit": 1, "offset": 0})
    return list_kind(asking, kind, others).meta


def _write_number(asking: Asking, number: int) -> str:
    return f"{number:,}".replace(",", THOUSANDS[asking.language])


def link_others(request: Request) -> dict[str, str]:
    """The addresses of the same list with the same filters, but for its statuses or `open`."""
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "offset"]
    without_status = [(name, value) for name, value in parameters if name != "status"]
    return {
        "any_hours": f"?{urlencode([(name, value) for name, value in parameters if name != 'open'])}",
        "older": f"?{urlencode([*without_status, *(('status', status.value) for status in Status)])}",
        "in_force": f"?{urlencode(without_status)}",
    }


def link_pages(request: Request, offset: int, count: int, total: int, *, has_next: bool) -> dict[str, str | None]:
    """The addresses of the pages before and after this one."""

    def part(first: int) -> str:
        return f"?{request.url.include_query_params(offset=first).query}"

    return {
        "prev": part(previous_offset(offset, MOST, count, total)) if offset > 0 else None,
        "next": part(offset + MOST) if has_next else None,
    }
