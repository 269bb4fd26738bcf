"""A change as it would be, shown from the very rows that publishing it would write, which nobody else sees."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from app.access.deciding import Caller, require_scope
from app.proposals.making import PATIENCE
from app.proposals.reading import ProposedChange, check_proposed_change
from app.proposals.refusing import refusing
from app.records.publishing import keep_trying, publish_in, writing
from app.records.revising import Author
from app.stored_values import ReadingSession

Answer = TypeVar("Answer")


def preview_change(
    engine: Engine,
    caller: Caller,
    read_change: Callable[[Session], ProposedChange],
    show: Callable[[Session, str], Answer],
) -> Answer:
    """Publish what `read_change` reads, let `show` read the store, and take it all back. Raises a ProblemError.

    Other writers wait meanwhile, so `show`, which is given the record's id, reads and renders, and does nothing else.
    What two must look at is shown as well.
    """

    def act() -> Answer:
        with refusing(), writing(engine) as session:
            change = read_change(session)
            require_scope(session, caller, change.touched)
            author = Author(caller.name, caller.origin, "preview")
            publish_in(session, check_proposed_change(session, change), author, caller.at)
            session.flush()
            with ReadingSession(session.connection()) as reading:
                answer = show(reading, str((change.merged or {})["id"]))
            session.connection().rollback()
            return answer

    return keep_trying(act, PATIENCE)
