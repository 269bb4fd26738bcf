"""The page that a reminder's link opens: the details of a record, and a button that says that they are right.

Opening the page changes nothing, as programs that look through mails open each link.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from app.embed.pages.addresses import CONFIRMATION
from app.embed.pages.answering import render
from app.embed.pages.asking import AskingDep
from app.embed.pages.questions import Question
from app.http.contract import Cost, answers
from app.kinds import build_whole
from app.mailing.links import confirm_linked, find_linked
from app.resources.queries import resource as resource_statement
from app.resources.schemas import ResourceShown

HTML = "text/html"
GONE = 410
Token = Annotated[str, Path(alias="id", pattern=r"^[A-Za-z0-9_-]{20,100}$")]


class Seen(Question):
    """What somebody confirms."""

    revision: int = Field(ge=1, description="The number of the revision that they read.")


@answers(HTML, fresh=None, cost=Cost.USUAL)
def show_confirmation(token: Token, question: Annotated[Question, Query()], asking: AskingDep) -> HTMLResponse:
    """What the directory says of the record of a link, with a button; 410 where the link is no longer valid."""
    linked = find_linked(asking.session, token, asking.at)
    resources = linked and build_whole(asking, asking.session.scalars(resource_statement(linked.slug)).all())
    if not linked or not resources:
        return _render(asking.request, None, GONE)
    return _render(asking.request, resources[0], revision=linked.revision)


@answers(HTML, fresh=None, body=1024)
def confirm(token: Token, question: Annotated[Seen, Query()], request: Request) -> HTMLResponse:
    """Record that the details are right; 410 where the link is no longer valid, or the record has changed."""
    linked = confirm_linked(request.app.state.engine, token, question.revision, datetime.now(UTC))
    return _render(request, None, GONE) if linked is None else _render(request, None, slug=linked.slug)


def _render(
    request: Request,
    resource: ResourceShown | None,
    status: int = 200,
    *,
    revision: int | None = None,
    slug: str | None = None,
) -> HTMLResponse:
    values = {"resource": resource, "revision": revision, "slug": slug}
    return render(request, CONFIRMATION, values, status=status, listed=False)
