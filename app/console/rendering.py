"""From a template to an answer that nobody keeps, and that no other site may frame, read or send forms to."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from app.console import words
from app.console.citing import list_cites
from app.console.confirming import list_sources
from app.console.contradictions import list_contradictions
from app.console.faults import find_input
from app.console.marking import mark_words
from app.console.reasons import describe_author, translate_reason
from app.console.records import find_page
from app.embed.pages.rendering import environment as environment_of_pages
from app.http.contract import Parameters
from app.http.links import base_url
from app.http.problems import PRIVATE
from app.texts import Language

HTML = "text/html"
FOLDER = Path(__file__).parent
LEAVING = (FOLDER / "leaving.js").read_text("utf-8")
"""The only script of the console. Its digest is in the policy, so that nothing else can run."""
LEAVING_DIGEST = b64encode(sha256(LEAVING.encode()).digest()).decode()
SECRET = frozenset({"csrf", "kod"})
"""Fields of forms that no page repeats."""
HEADERS = {
    "Cache-Control": PRIVATE,
    "Content-Language": Language.SWEDISH.value,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    f"base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-{LEAVING_DIGEST}'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with `no-referrer`, browsers send forms with the origin `null`
    "X-Frame-Options": "DENY",
}


class Plain(Parameters):
    """The console is in Swedish, whatever language is asked for."""

    unread: ClassVar[frozenset[str]] = frozenset({"lang"})


@lru_cache
def environment() -> Environment:
    """The templates of the console, with the filters and words of the pages."""
    templates = environment_of_pages(Language.SWEDISH).overlay(loader=FileSystemLoader(FOLDER / "templates"))
    judging = {
        "find_input": find_input,
        "page_of": find_page,
        "marked": mark_words,
        "cites_of": list_cites,
        "contradictions_of": list_contradictions,
    }
    confirming = {"sources_of_parts": list_sources}
    telling = {"author_of": describe_author, "reason_of": translate_reason}
    leaving = Markup(LEAVING)  # noqa: S704  # our own file
    templates.globals = {**templates.globals, **words.GLOBALS, **judging, **confirming, **telling, "leaving": leaving}
    return templates


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the console. What was sent to it is in `values`, for its inputs, and whole in `sent`."""
    form = getattr(request.state, "form", None)
    sent = [] if form is None else [(name, value) for name, value in form.multi_items() if name not in SECRET]
    html = (
        environment()
        .get_template(template)
        .render(
            {"faults": [], "warnings": [], "titles": {}, "names": {}, "values": dict(sent), "sent": sent, **values},
            root=urlsplit(base_url(request)).path,
            home=home_of(request),
            has_accounts=request.app.state.settings.oidc_issuer is not None,
            visitor=getattr(request.state, "visitor", None),
            here=request.scope["path"].removeprefix(request.scope.get("root_path", "")),
        )
    )
    return HTMLResponse(html, status, HEADERS)


def lead_to(request: Request, path: str) -> RedirectResponse:
    """Redirect to another page of the console."""
    return RedirectResponse(f"{home_of(request)}{path}", 303, HEADERS)


def home_of(request: Request) -> str:
    """The path of the console, as the world sees it."""
    return f"{urlsplit(base_url(request)).path}/redaktion"
