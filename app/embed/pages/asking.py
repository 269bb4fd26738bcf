"""What the route of a page has at hand: now, in the language of its address."""

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.database import SessionDep
from app.opening_hours.live import this_minute
from app.resources.listing import Asking, make_asking
from app.texts import Language


def asking_of(request: Request, session: SessionDep) -> Asking:
    """For a page that is read now, in the language of its address."""
    return make_asking(request, session, request.app.state.language, this_minute(), live=True)


def asking_after_fault(request: Request, session: Session) -> Asking:
    """The same for a page about an error: nobody stores that answer, so it does not age."""
    return make_asking(request, session, request.app.state.language, this_minute(), live=False)


def asking_in_swedish(request: Request, session: Session) -> Asking:
    """The same for a page in a language that records are not in: their own names, in Swedish, are shown."""
    return make_asking(request, session, Language.SWEDISH, this_minute(), live=True)


AskingDep = Annotated[Asking, Depends(asking_of)]
