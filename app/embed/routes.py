"""`/embed`: an application of its own, whose errors still hold the numbers where a person may be reading."""

from collections.abc import Callable, Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

import app.embed.component.routes
import app.embed.fragments.routes
import app.embed.frame.oembed
import app.embed.frame.routes
import app.embed.guide.routes
from app.embed.frame.routes import page
from app.embed.numbers import LAST_RESORT, Number, numbers
from app.embed.offers import OFFERS, Embed
from app.embed.rendering import problem
from app.http.handlers import faults_of
from app.http.languages import language_of
from app.http.problems import ProblemError
from app.http.routing import routes_of
from app.stored_values import ReadingSession
from app.texts import Language, Text

DOCUMENTS = ("/embed/frame", "/embed/guide")
HTML_BELOW = (*DOCUMENTS, *(f"/embed/{embed}" for embed in Embed))
"""Where a person, or a page for people, is the reader. Programs read the rest."""

ASKED = Text(
    sv="Sidan bad katalogen om något som den inte har. Numren här ovanför gäller.",
    en="This page asked the directory for something that it does not have. The numbers above hold.",
)
FAILED = Text(
    sv="Katalogen kan inte visas just nu. Numren här ovanför gäller.",
    en="The directory cannot be shown at the moment. The numbers above hold.",
)


ROUTES = routes_of(
    (
        app.embed.fragments.routes.router,
        app.embed.frame.routes.router,
        app.embed.component.routes.router,
        app.embed.guide.routes.router,
    )
)


def mount(whole_application: FastAPI, embeds: FastAPI) -> None:
    """Mount the embeds, and oEmbed beside them."""
    for error in (ProblemError, RequestValidationError, HTTPException, DBAPIError, PoolTimeoutError, Exception):
        usual = embeds.exception_handlers[error]
        embeds.add_exception_handler(error, _as_page(usual))  # type: ignore[arg-type]  # none of them awaits
    whole_application.router.routes.extend(app.embed.frame.oembed.router.routes)
    whole_application.mount("/embed", embeds)


def _as_page(usual: Callable[[Request, Exception], Response]) -> Callable[[Request, Exception], Response]:
    """The usual answer; where people read, as HTML with the numbers in it."""

    def answer(request: Request, error: Exception) -> Response:
        response = usual(request, error)
        path = request.url.path
        if not any(path == prefix or path.startswith(f"{prefix}/") for prefix in HTML_BELOW):
            return response
        language = language_of(request)
        offer = OFFERS.get(path.rsplit("/", 1)[-1])  # type: ignore[call-overload]  # a StrEnum is its text
        title = offer.title[language] if offer else "Stödkatalogen"
        reason = (FAILED if response.status_code >= 500 else ASKED)[language]
        document = path.startswith(DOCUMENTS)
        inside = problem(language, _numbers(request, language), reason, _faults(error), title, 1 if document else 2)
        rendered: Response
        if document:
            rendered = page(request, language, title, inside, status=response.status_code)
        else:
            rendered = Response(inside, response.status_code, {"Content-Language": language.value}, "text/html")
        headers = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        rendered.headers.update(headers)
        return rendered

    return answer


def _faults(error: Exception) -> Sequence[str]:
    if isinstance(error, RequestValidationError):
        return [f"{fault.parameter}: {fault.detail}" for fault in faults_of(error)]
    return [error.detail] if isinstance(error, ProblemError) else []


def _numbers(request: Request, language: Language) -> Sequence[Number]:
    """The escalation's numbers; where the store cannot be read, those that are written down here."""
    try:
        with ReadingSession(request.app.state.engine) as session:
            return numbers(session, language) or LAST_RESORT[language]
    except (DBAPIError, PoolTimeoutError):
        return LAST_RESORT[language]
