"""Adding a source: the page or document that an editor has read."""

import re
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from app.access.deciding import Action
from app.console.changing import send_change
from app.console.faults import explain_faults
from app.console.rendering import HTML, Plain, lead_to, render
from app.console.visitors import FormDep, Sending, SignedIn, Visitor
from app.folding import fold
from app.http.contract import answers
from app.http.problems import ProblemError
from app.http.routing import Router
from app.resources.reviewing import day_of

router = Router(include_in_schema=False)
FIELDS = {
    "title": "Vad sidan eller dokumentet heter",
    "publisher": "Vem som ger ut det",
    "url": "Webbadress",
    "published": "Publiceringsdatum, om det anges",
    "updated": "Datum för uppdatering, om det anges",
    "retrieved": "När du läste det",
}
HINTS = {
    "title": "Rubriken, som den står överst på sidan eller i dokumentet. Högst 200 tecken.",
    "publisher": "Myndigheten eller organisationen som står bakom. Högst 200 tecken.",
    "url": "Hela adressen, med https://. Lämna fältet tomt om dokumentet inte finns på nätet.",
}


@router.get("/kallor/ny")
@answers(HTML, fresh=None, cross_origin=False)
def show_new_source(
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(SignedIn(Action.PUBLISH))],
    request: Request,
) -> Response:
    """The form of a new source."""
    return _render_form(request, {"retrieved": str(day_of(visitor.caller.at))})


@router.post("/kallor/ny")
@answers(HTML, fresh=None, body=8192, cross_origin=False)
def add_source(
    parameters: Annotated[Plain, Query()],
    visitor: Annotated[Visitor, Depends(Sending(Action.PUBLISH, shows_again=True))],
    form: FormDep,
    request: Request,
) -> Response:
    """Publish a source. Its id is made of who publishes it and what it is called."""
    document = {name: form[name] for name in FIELDS if form.get(name)}
    slug = _make_slug(f"{form.get('publisher', '')} {form.get('title', '')}")
    change = {
        "record": f"sources/{slug}",
        "document": {"id": slug, **document},
        "reason": "En ny källa.",
        "publish": True,
    }
    try:
        visitor.require_current_form()
        proposal = send_change(request, visitor, change, None)
    except ProblemError as error:
        faults = explain_faults(error) or ["Den finns redan."]
        return _render_form(request, dict(form), faults, error.status)
    return lead_to(request, f"/poster/{proposal.record}?klart=kalla")


def _render_form(
    request: Request, values: dict[str, str], faults: list[str] | None = None, status: int = 200
) -> Response:
    return render(request, "source.html", status=status, fields=FIELDS, hints=HINTS, values=values, faults=faults or [])


def _make_slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:70].strip("-") or "kalla"
