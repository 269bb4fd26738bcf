"""The pages about the service itself: `/`, `/docs` and `/problems`, and the files that they use."""

import re
from collections.abc import Callable
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from app.http.context import context_of
from app.http.contract import Parameters, answers
from app.http.languages import LanguageDep
from app.http.links import base_url
from app.http.problems import PROBLEMS, OtherProblem, ProblemError
from app.http.routing import Router
from app.page_paths import NEUTRAL
from app.texts import Language

HERE = Path(__file__).parent
FILES = {
    "site.css": "text/css",
    "docs.js": "text/javascript",
    "swagger-ui/swagger-ui.css": "text/css",
    "swagger-ui/swagger-ui-bundle.js": "text/javascript",
}
PLAIN = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
WITH_REQUESTS = f"{PLAIN}; connect-src 'self'"

router = Router(include_in_schema=False)

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@router.get("/")
@answers("text/html", fresh=300, private_questions=True)
def get_index(wanted: Annotated[Parameters, Query()], request: Request, language: LanguageDep) -> HTMLResponse:
    """What this is, and where its API, documentation and data are.

    Vad det här är, och var API, dokumentation och data finns.
    """
    values = {
        "settings": request.app.state.settings,
        "base_url": base_url(request),
        "lasting": context_of(request.scope).lasting is not None,
    }
    return _page(f"index.{language}.html", language, PLAIN, **values)


@router.get("/docs")
@answers("text/html", fresh=300, private_questions=True)
def get_docs(wanted: Annotated[Parameters, Query()], language: LanguageDep) -> HTMLResponse:
    """The API's documentation, to read and to try out.

    API:ets dokumentation, att läsa och prova.
    """
    return _page("docs.html", language, WITH_REQUESTS)


@router.get("/problems")
@answers("text/html", fresh=300, private_questions=True)
def get_problems(wanted: Annotated[Parameters, Query()], language: LanguageDep) -> HTMLResponse:
    """What each problem type means; a problem's `type` leads here.

    Vad varje feltyp betyder.
    """
    return _page("problems.html", language, PLAIN, problems=[_explained(one) for one in (*PROBLEMS, OtherProblem)])


def _page(template: str, language: Language, policy: str, **values: Any) -> HTMLResponse:
    text = _templates.get_template(template).render(language=language.value, neutral=NEUTRAL, **values)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


def _explained(kind: type[ProblemError]) -> dict[str, Any]:
    explanation = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(" ".join(cleandoc(kind.__doc__ or "").split()))))
    status = getattr(kind, "status", None)
    return {
        "slug": kind.slug,
        "title": kind.title,
        "status": None if status is None else int(status),
        "explanation": Markup(explanation),  # noqa: S704  # our own docstring, escaped above
    }


def _file(name: str, media_type: str) -> Callable[..., Response]:
    @answers(media_type, fresh=3600)
    def get_file(wanted: Annotated[Parameters, Query()]) -> Response:
        return Response((HERE / "static" / name).read_bytes(), media_type=f"{media_type}; charset=utf-8")

    return get_file


for _name, _media_type in FILES.items():
    router.add_api_route(f"/static/{_name}", _file(_name, _media_type), response_class=Response, name=_name)
