"""From a template of this room to a page: those about the service, the documentation, and errors for a browser."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from app.http.languages import language_of
from app.http.links import base_url
from app.page_paths import NEUTRAL
from app.texts import Language

HERE = Path(__file__).parent
PLAIN = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def render(template: str, language: Language, policy: str = PLAIN, *, root: str = "", **values: Any) -> HTMLResponse:
    """A page. `root`: what leads from its folder to the root of the service, such as `../`."""
    text = _templates.get_template(template).render(language=language.value, neutral=NEUTRAL, root=root, **values)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


def render_problem(request: Request, detail: str) -> HTMLResponse:
    """An error as a page, with 112 and the way to help, in the language of the address or else of the reader."""
    first = request.scope["path"].split("/")[1:2]
    language = Language(first[0]) if first and first[0] in tuple(Language) else language_of(request)
    response = render("problem.html", language, root=f"{urlsplit(base_url(request)).path}/", detail=detail)
    response.headers["Content-Language"] = language.value
    return response


def format_prose(text: str) -> Markup:
    """A text of ours with its `code` and **strong** words as HTML."""
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html))  # noqa: S704  # escaped above


_templates.filters["prose"] = format_prose
