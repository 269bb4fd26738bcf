"""Limits for every body of a request: its type, its depth, and texts that can be stored and shown."""

import json
import re
from contextlib import suppress
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from app.http.contract import JSON
from app.http.guard import KEY
from app.http.problems import BadRequest, WrongContentType

DEEPEST = 12
"""Levels of objects and lists; documents have five."""
UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but tab and new line, those that turn the direction of writing, and halves of characters."""
WORDS = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"


class Body(BaseModel):
    """A body: an unknown name in it is an error."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _check_values(cls, value: Any) -> Any:
        _check_value(value)
        return value


def _check_value(value: Any, depth: int = 0) -> None:
    """Raise ValueError for a value that is nested too deeply or has characters that no text may have."""
    if depth > DEEPEST:
        raise ValueError(f"goes deeper than {DEEPEST} levels")
    if isinstance(value, str) and UNREADABLE.search(value):
        raise ValueError("holds control characters, or halves of characters")
    if isinstance(value, str) and KEY.search(value):  # what is sent may be published, or shown to others
        raise ValueError("holds a key: keys stand in the header Authorization only")
    if isinstance(value, dict):
        for name, inner in value.items():
            _check_value(name, depth)
            _check_value(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_value(inner, depth + 1)


JsonObject = dict[str, Any]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=WORDS)]


async def take_json(request: Request) -> None:
    """Refuse a body of another type, or that names something twice: readers differ on which value then holds.

    A dependency of routes that take one.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise WrongContentType(f"This address takes a body of {JSON}.")
    body = await request.body()
    with suppress(ValueError, RecursionError):  # no JSON: the route's own reading of it says so
        json.loads(body, object_pairs_hook=_refuse_duplicates)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> None:
    """Raise BadRequest where an object names something twice."""
    names = [name for name, _ in pairs]
    if len(names) > len(set(names)):
        raise BadRequest("The body names the same thing twice in one object; which of the two holds is not certain.")
