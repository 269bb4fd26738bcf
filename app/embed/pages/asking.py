"""Who reads a page: now, in the language of its address."""

from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.database import SessionDep
from app.opening_hours.live import this_minute
from app.resources.reading import Asking


def asking_of(request: Request, session: SessionDep) -> Asking:
    """Somebody who reads a page now, in the language of its address."""
    return Asking(request, session, request.app.state.language, this_minute(), live=True)


def asking_after_fault(request: Request, session: Session) -> Asking:
    """The same where a page could not be made: nobody keeps that answer, so it does not age."""
    return Asking(request, session, request.app.state.language, this_minute(), live=False)


AskingDep = Annotated[Asking, Depends(asking_of)]
