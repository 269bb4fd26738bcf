"""The pages about the service itself, `/` and `/problems`, and the files that they and the documentation use."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import HTMLResponse, Response

from app.http.context import context_of
from app.http.contract import Parameters, answers
from app.http.languages import LanguageDep
from app.http.links import base_url
from app.http.problems import PROBLEMS, OtherProblem, ProblemError
from app.http.rendering import HERE, render
from app.http.routing import Router

FILES = {
    "site.css": "text/css",
    "docs.css": "text/css",
    "docs.js": "text/javascript",
}

router = Router(include_in_schema=False)


@router.get("/")
@answers("text/html", fresh=300, private_questions=True)
def get_index(parameters: Annotated[Parameters, Query()], request: Request, language: LanguageDep) -> HTMLResponse:
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
def get_problems(parameters: Annotated[Parameters, Query()], language: LanguageDep) -> HTMLResponse:
    """What each problem type means; a problem's `type` leads here.

    Vad varje feltyp betyder.
    """
    return render("problems.html", language, problems=[_explained(problem) for problem in (*PROBLEMS, OtherProblem)])


def _explained(kind: type[ProblemError]) -> dict[str, Any]:
    status = getattr(kind, "status", None)
    return {
        "slug": kind.slug,
        "title": kind.title,
        "status": None if status is None else int(status),
        "explanation": " ".join(cleandoc(kind.__doc__ or "").split()),
    }


def _file(name: str, media_type: str) -> Callable[..., Response]:
    @answers(media_type, fresh=3600)
    def get_file(parameters: Annotated[Parameters, Query()]) -> Response:
        return Response((HERE / "static" / name).read_bytes(), media_type=f"{media_type}; charset=utf-8")

    return get_file


for _name, _media_type in FILES.items():
    router.add_api_route(f"/static/{_name}", _file(_name, _media_type), response_class=Response, name=_name)
