"""`/docs`: the documentation of the API, written from its OpenAPI document. It can be read without JavaScript."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Path as PathParameter
from fastapi import Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse

from app.http.context import context_of
from app.http.contract import Parameters, answers
from app.http.languages import LanguageDep
from app.http.links import base_url
from app.http.openapi import document_at
from app.http.openapi_about import DESCRIPTION
from app.http.problems import NotFound
from app.http.reference import read_groups, read_schemas
from app.http.rendering import render
from app.http.routing import Router
from app.http.snippets import Call, write_snippets
from app.texts import Language

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
FIRST_CALL = "/v1/hotlines?limit=1"
"""What the page asks in one click: it works on a static mirror, too."""

router = Router(include_in_schema=False)


class SearchParameters(Parameters):
    """The parameters of the first page."""

    q: str | None = Field(None, max_length=100, description="Words that the operations to list have.")


@router.get("/docs")
@answers("text/html", fresh=300, private_questions=True)
def get_documentation(
    parameters: Annotated[SearchParameters, Query()], request: Request, language: LanguageDep
) -> HTMLResponse:
    """The API's documentation: how to begin, and everything that can be asked.

    API:ets dokumentation: hur man börjar, och allt som går att fråga.
    """
    return _render(
        "docs.html",
        request,
        language,
        first=Call("GET", f"{base_url(request)}{FIRST_CALL}&lang={language}"),
        first_path=f"{FIRST_CALL}&lang={language}".removeprefix("/"),
        query=parameters.q or "",
        lasting=context_of(request.scope).lasting is not None,
        about=_read_about(language),
    )


@router.get("/docs/{group}")
@answers("text/html", fresh=300, private_questions=True)
def get_documentation_of_group(
    group: Annotated[str, PathParameter(max_length=60)],
    parameters: Annotated[Parameters, Query()],
    request: Request,
    language: LanguageDep,
) -> HTMLResponse:
    """What can be asked about one subject, with parameters, lines to paste and the shape of the answers.

    Vad som går att fråga om ett ämne, med parametrar, rader att klistra in och hur svaren ser ut.
    """
    return _render("docs_group.html", request, language, root="../", name=group)


def _render(
    template: str, request: Request, language: Language, *, name: str | None = None, root: str = "", **values: Any
) -> HTMLResponse:
    document = document_at(request.app, base_url(request))
    groups = read_groups(document, language)
    if name is not None:
        group = next((group_ for group_ in groups if group_.name == name), None)
        if group is None:
            raise NotFound("The documentation has no such subject; /docs lists them.")
        values |= {"group": group, "schemas": read_schemas(document, group, language)}
    return render(
        template,
        language,
        POLICY,
        root=root,
        base=base_url(request),
        groups=groups,
        words=_read_words(language),
        write_snippets=write_snippets,
        **values,
    )


@cache
def _read_words(language: Language) -> dict[str, str]:
    texts = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: text.get(language, text["en"]) for name, text in texts.items()}


@cache
def _read_about(language: Language) -> list[tuple[str, list[str]]]:
    """The description of the API in one language: paragraphs, each with the points that follow it."""
    swedish, english = re.split(r"^## \w+\n", DESCRIPTION, flags=re.MULTILINE)[1:]
    blocks = (swedish if language is Language.SWEDISH else english).strip().split("\n\n")
    parted = [re.split(r"^- ", block, flags=re.MULTILINE) for block in blocks]
    return [(lead, points) for lead, *points in parted]
