"""The pages about the service itself, `/` and `/problems`, and the files that they and the documentation use."""

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
    "docs.css": "text/css",
    "docs.js": "text/javascript",
}
PLAIN = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

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
    template = f"index.{language}.html"
    return render(template if (HERE / "templates" / template).exists() else "index.en.html", language, **values)


@router.get("/problems")
@answers("text/html", fresh=300, private_questions=True)
def get_problems(wanted: Annotated[Parameters, Query()], language: LanguageDep) -> HTMLResponse:
    """What each problem type means; a problem's `type` leads here.

    Vad varje feltyp betyder.
    """
    return render("problems.html", language, problems=[_explained(one) for one in (*PROBLEMS, OtherProblem)])


def render(template: str, language: Language, policy: str = PLAIN, *, root: str = "", **values: Any) -> HTMLResponse:
    """A page. `root`: what leads from its folder to the root of the service, such as `../`."""
    text = _templates.get_template(template).render(language=language.value, neutral=NEUTRAL, root=root, **values)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


def _explained(kind: type[ProblemError]) -> dict[str, Any]:
    status = getattr(kind, "status", None)
    return {
        "slug": kind.slug,
        "title": kind.title,
        "status": None if status is None else int(status),
        "explanation": " ".join(cleandoc(kind.__doc__ or "").split()),
    }


def format_prose(text: str) -> Markup:
    """A text of ours with its `code` and **strong** words as HTML."""
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html))  # noqa: S704  # escaped above


_templates.filters["prose"] = format_prose


def _file(name: str, media_type: str) -> Callable[..., Response]:
    @answers(media_type, fresh=3600)
    def get_file(wanted: Annotated[Parameters, Query()]) -> Response:
        return Response((HERE / "static" / name).read_bytes(), media_type=f"{media_type}; charset=utf-8")

    return get_file


for _name, _media_type in FILES.items():
    router.add_api_route(f"/static/{_name}", _file(_name, _media_type), response_class=Response, name=_name)
