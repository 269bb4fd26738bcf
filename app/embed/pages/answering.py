"""Renders the page for a request, with headers that isolate it from other sites."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.embed.pages.rendering import Frame, write_page
from app.http.context import context_of
from app.http.links import base_url

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def render(
    request: Request,
    page: str,
    values: Mapping[str, Any],
    *,
    template: str | None = None,
    status: int = 200,
    listed: bool = True,
    structured: Sequence[Mapping[str, Any]] = (),
) -> HTMLResponse:
    """A page in the language of its application; see `write_page`."""
    frame = Frame(
        base_url=base_url(request),
        language=request.app.state.language,
        settings=request.app.state.settings,
        slug=request.path_params.get("id", ""),
        query=request.url.query,
        is_lasting=context_of(request.scope).lasting is not None,
    )
    html = write_page(
        frame, page, values, template=template, is_error=status != 200, listed=listed, structured=structured
    )
    return HTMLResponse(html, status, {**HEADERS, "Content-Language": frame.language.value})
