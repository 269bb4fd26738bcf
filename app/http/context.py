"""State of one request that the routes and the layers around them share."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.types import Scope

from app.http.contract import Caching, Declared
from app.http.lookups import Lookup
from app.http.views import Aging
from app.texts import Language


@dataclass(slots=True)
class Context:
    """The state of a request. Each field has one writer; nothing outlives the request."""

    lasting: datetime | None = None
    """Set where the answer is to be kept in a file: the moment that its data is from."""
    traceparent: str = ""
    """Of the answer, for the log."""
    has_looked: bool = False
    """Whether the store was already checked for changes."""
    lookup: Lookup | None = None
    """How a cached answer is looked up, where the server has done so."""
    is_matched: bool = False
    """Whether the route was already looked for among those that are declared."""
    declared: Declared | None = None
    """The route that was found; None where there is none."""
    version: Hashable | None = None
    """The version of the store before the answer was made; None where the answer must not be cached."""
    is_head: bool = False
    """Whether the body will not be sent."""
    route: str = "-"
    """The route's path as it was declared, for the log."""
    format: str = ""
    """The media type to answer in."""
    formats: tuple[str, ...] = ()
    """Those that the address answers in; empty where the address itself names one."""
    caching: Caching | None = None
    """How long the answer may be cached; None: nobody may store it."""
    language: Language | None = None
    """The language of the answer."""
    revision: str = ""
    """Of the record that is answered, such as `r17`."""
    posted: Mapping[str, str] = field(default_factory=dict)
    """The values that a form sent in a body; none of them may appear in an address."""
    fault_is_logged: bool = False
    reads_standby: bool = False
    """Whether the answer is being made from a standby: if that fails, the primary is asked."""
    wants_page: bool = False
    """Whether a browser asked for a page: it gets an error as a page, too."""
    aging: Aging = field(default_factory=Aging)


def context_of(scope: Scope) -> Context:
    """The context of a request, created if there is none yet."""
    state = scope.setdefault("state", {})
    context: Context | None = state.get("context")
    if context is None:
        context = state["context"] = Context()
    return context
