"""What a route declares: its parameters, in its signature, as one `Parameters` model; with `@answers`, its formats and
how long an answer stays fresh. `app/http/enforcing.py` holds each request to that."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field

from app.texts import Language

JSON = "application/json"
CREDENTIALS = frozenset({b"authorization", b"cookie", b"x-api-key"})
"""Headers that identify the caller: answers to such requests are private."""

FOR_BROWSERS = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})
"""Pages and what they are drawn with."""

Route = TypeVar("Route", bound=Callable[..., Any])


class Parameters(BaseModel):
    """The query parameters of a route. Every route has `lang`, but those that name it in `unread`."""

    model_config = ConfigDict(extra="forbid")
    unread: ClassVar[frozenset[str]] = frozenset()

    lang: Language | None = Field(
        None,
        description="Language of the answer, `sv` or `en`; outranks `Accept-Language`.",
    )


class Cost(IntEnum):
    """The cost of an answer: the more expensive, the fewer are made at a time (`app.http.turns`)."""

    WAITING = -1
    """Waits for a service of others, and takes no place meanwhile: its route sees to it that few wait at a time."""
    HELP = 0
    """Whom to contact, hotlines, pages of help: a place is kept free for these."""
    USUAL = 1
    DEAR = 2
    """Limited for each caller per minute (`app.http.allowances`)."""
    BULK = 3
    """Expensive, and may contain the whole directory."""


@dataclass(frozen=True, slots=True)
class Caching:
    """How long an answer is fresh, in seconds, for anybody (it holds nothing private).

    `immutable`: what is at the address never changes.
    """

    seconds: int
    immutable: bool = False
    while_revalidating: int = 86_400
    if_error: int = 604_800


@dataclass(frozen=True, slots=True)
class Contract:
    """The declaration of a route. Without `caching` its answers are private and never stored."""

    formats: tuple[str, ...]
    caching: Caching | None
    private_questions: bool = False
    cost: Cost = Cost.USUAL
    body: int = 0
    """Bytes that a request's body may have."""
    cross_origin: bool = True
    """Whether scripts of other sites may read the answer."""
    forgiving: bool = False
    """Whether unknown and empty parameters are passed over although programs ask."""

    @property
    def is_for_browsers(self) -> bool:
        """Whether people read the answers, in a browser."""
        return FOR_BROWSERS.issuperset(self.formats)

    @property
    def passes_over_strays(self) -> bool:
        """Whether an unknown or empty parameter is no error, because nobody is there to mend it."""
        return self.forgiving or self.is_for_browsers

    @property
    def also(self) -> frozenset[str]:
        """Methods that a route of GET takes beside: a question that may be posted is answered by it, too."""
        return frozenset({"POST"}) if self.body else frozenset()


class Declared(NamedTuple):
    """A route's path, such as `/v1/hotlines/{id}`, the methods that it takes, its contract, and its query parameters
    where it passes over others."""

    path: str
    methods: frozenset[str]
    contract: Contract
    parameters: frozenset[str]


def answers(
    *formats: str,
    fresh: int | None = 300,
    immutable: bool = False,
    private_questions: bool = False,
    cost: Cost = Cost.USUAL,
    body: int = 0,
    cross_origin: bool = True,
    forgiving: bool = False,
) -> Callable[[Route], Route]:
    """Declare the formats of a route, best first, and for how many seconds its answers are fresh and public.

    `fresh=None`: answers are private and never stored. `private_questions`: so is an answer to a question, as a person
    asks one on a page: anything in the query but a language and a place in a list. `body`: the bytes that a request's
    body may have; by default none. `cross_origin=False`: no other site's script may read the answer, as where a key is
    needed. `forgiving`: unknown and empty parameters are passed over, as they are on pages.
    """

    def declare(route: Route) -> Route:
        caching = None if fresh is None else Caching(fresh, immutable)
        declared = formats or (JSON,), caching, private_questions, cost, body, cross_origin, forgiving
        route.contract = Contract(*declared)  # type: ignore[attr-defined]  # a function takes attributes
        return route

    return declare


def contract_of(endpoint: object) -> Contract:
    """What a route has declared; by default JSON, private and never stored."""
    return getattr(endpoint, "contract", Contract((JSON,), None))


@lru_cache
def parameters_of(endpoint: Callable[..., Any]) -> type[Parameters]:
    """The `Parameters` model in a route's signature."""
    hints = get_type_hints(endpoint)
    for name in inspect.signature(endpoint).parameters:
        if isinstance(hints.get(name), type) and issubclass(hints[name], Parameters):
            return hints[name]  # type: ignore[no-any-return]  # just checked
    raise TypeError(f"{endpoint.__name__} declares no Parameters")


@lru_cache
def names_of(model: type[Parameters]) -> frozenset[str]:
    """The parameters, as they are written in an address."""
    return frozenset(field.alias or name for name, field in model.model_fields.items()) - model.unread
