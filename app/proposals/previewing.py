"""A change as it would be, shown from the very rows that publishing it would write, which nobody else sees."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.deciding import Caller, require_scope
from app.proposals.bodies import ProposalRequest
from app.proposals.making import PATIENCE
from app.proposals.refusing import refusing
from app.proposals.wanting import check_wanted, read_request
from app.records.publishing import keep_trying, publish_in, writing
from app.records.revising import Author
from app.stored_values import ReadingSession

Answer = TypeVar("Answer")


def preview_change(
    engine: Engine, caller: Caller, request: ProposalRequest, show: Callable[[Session], Answer]
) -> Answer:
    """Publish what is asked for, let `show` read the store, and take it all back. Raises a ProblemError.

    Other writers wait meanwhile, so `show` reads and renders, and does nothing else. What two must look at is shown
    as well.
    """

    def act() -> Answer:
        with refusing(), writing(engine) as session:
            wanted = read_request(session, caller, request, states=False)
            require_scope(session, caller, wanted.touched)
            author = Author(caller.name, caller.origin, request.reason)
            publish_in(session, check_wanted(session, wanted), author, caller.at)
            session.flush()
            with ReadingSession(session.connection()) as reading:
                answer = show(reading)
            session.connection().rollback()
            return answer

    return keep_trying(act, PATIENCE)
