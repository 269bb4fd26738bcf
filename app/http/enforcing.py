"""Holds each request to what its route has declared: its parameters and its formats."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, get_args, get_origin

from fastapi import Request

from app.http.context import context_of
from app.http.contract import CREDENTIALS, Contract, contract_of, names_of, parameters_of
from app.http.negotiating import choose_format
from app.http.problems import NotAcceptable, invalid

EXTENSION = re.compile(r"\.[a-z]+$")

NO_QUESTION = frozenset({"lang", "offset"})
"""Parameters that say nothing about the reader of a page."""


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
    if request.scope["query_string"]:
        _refuse_stray_parameters(request, rules)
    accept = b",".join(value for name, value in request.scope["headers"] if name == b"accept")
    chosen = choose_format(accept, rules.formats) if rules.formats else contract.formats[0]
    if chosen is None:
        raise NotAcceptable(f"This address answers in {', '.join(contract.formats)}.")
    context.route, context.format, context.formats = path, chosen, rules.formats
    is_question = contract.private_questions and not NO_QUESTION.issuperset(request.query_params)
    is_from_somebody = any(name in CREDENTIALS for name, _ in request.scope["headers"])
    context.caching = None if is_question or is_from_somebody else contract.caching


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
