"""What the layers around the routes and the routes themselves tell each other of one request."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.types import Scope

from app.http.views import Aging
from app.texts import Language


@dataclass(frozen=True, slots=True)
class Caching:
    """How long an answer is fresh, in seconds, for anybody (it holds nothing private).

    `immutable`: what is at the address never changes.
    """

    seconds: int
    immutable: bool = False
    while_revalidating: int = 86_400
    if_error: int = 604_800


@dataclass(slots=True)
class Context:
    """Each field is written by one of them and read by others; nothing of it outlives the request."""

    lasting: datetime | None = None
    """Set where the answer is to be kept in a file: the moment that its data is from."""
    traceparent: str = ""
    """Of the answer, for the log."""
    has_looked: bool = False
    """Whether somebody has looked already if the store has changed."""
    version: Hashable | None = None
    """Of the store, as seen before the answer was made; None where the answer is not to be kept."""
    is_head: bool = False
    """Whether the body will not be sent."""
    route: str = "-"
    """The route's path as it was declared, for the log."""
    format: str = ""
    """The media type to answer in."""
    formats: tuple[str, ...] = ()
    """Those that the address answers in; empty where the address itself names one."""
    caching: Caching | None = None
    """None: nobody may store the answer."""
    language: Language | None = None
    """The language of the answer."""
    revision: str = ""
    """Of the record that is answered, such as `r17`."""
    posted: Mapping[str, str] = field(default_factory=dict)
    """What a form sent in a body: none of it may get into an address."""
    fault_is_logged: bool = False
    aging: Aging = field(default_factory=Aging)


def context_of(scope: Scope) -> Context:
    """The context of a request, begun where nobody has."""
    state = scope.setdefault("state", {})
    context: Context | None = state.get("context")
    if context is None:
        context = state["context"] = Context()
    return context
