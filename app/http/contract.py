"""What a route declares, and the rules for every request.

A route says in its signature which parameters it has (one `Parameters` model) and, with `@answers`, in which formats it
answers and how long the answer stays fresh. `keep_contract` holds each request to that.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.http.context import Caching, context_of
from app.http.negotiating import choose_format
from app.http.problems import NotAcceptable, invalid
from app.texts import Language

EXTENSION = re.compile(r"\.[a-z]+$")

JSON = "application/json"
CREDENTIALS = frozenset({b"authorization", b"cookie", b"x-api-key"})
"""Headers that identify the caller: answers to such requests are private."""

NO_QUESTION = frozenset({"lang", "offset"})
"""Parameters that say nothing about the reader of a page."""

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


class Rules(NamedTuple):
    """What a route holds its requests to."""

    contract: Contract
    names: frozenset[str]
    """Its parameters."""
    repeated: frozenset[str]
    """Those that may be given more than once."""
    formats: tuple[str, ...]
    """Those to choose from by Accept; none where the address ends in the name of its only format, which outranks it."""


@lru_cache(maxsize=1024)
def rules_of(endpoint: Callable[..., Any], path: str) -> Rules:
    """The rules of a route. `path`: as it was declared."""
    contract, model = contract_of(endpoint), parameters_of(endpoint)
    fields = model.model_fields.items()
    repeated = frozenset(field.alias or name for name, field in fields if _is_list(field.annotation))
    is_named = len(contract.formats) == 1 and EXTENSION.search(path) is not None
    return Rules(contract, names_of(model), repeated, () if is_named else contract.formats)


async def keep_contract(request: Request) -> None:  # async: FastAPI calls the others in a thread
    """Refuse unknown and repeated parameters and formats that the route lacks; store what the answer may be."""
    path = getattr(request.scope.get("route"), "path", "-")
    rules = rules_of(request.scope["endpoint"], path)
    contract, context = rules.contract, context_of(request.scope)
    _refuse_stray_parameters(request, rules)
    accept = b",".join(value for name, value in request.scope["headers"] if name == b"accept")
    chosen = choose_format(accept, rules.formats) if rules.formats else contract.formats[0]
    if chosen is None:
        raise NotAcceptable(f"This address answers in {', '.join(contract.formats)}.")
    context.route, context.format, context.formats = path, chosen, rules.formats
    is_question = contract.private_questions and not NO_QUESTION.issuperset(request.query_params)
    is_from_somebody = any(name in CREDENTIALS for name, _ in request.scope["headers"])
    context.caching = None if is_question or is_from_somebody else contract.caching


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


def _is_list(annotation: object) -> bool:
    return get_origin(annotation) is list or any(_is_list(part) for part in get_args(annotation))


def _refuse_stray_parameters(request: Request, rules: Rules) -> None:
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in rules.names:
            raise invalid(name[:60], "is not a parameter here", sorted(rules.names))
        if name in seen and name not in rules.repeated:
            raise invalid(name, "is given more than once; it takes one value")
        seen.add(name)
