"""Light lists: what a list shows without who states it."""

from enum import StrEnum
from typing import Any, TypeVar, cast

from pydantic import BaseModel, Field

from app.http.contract import Parameters
from app.resources.filters import ReachableParameters

Item = TypeVar("Item")


class Citations(StrEnum):
    """Which citations the items of a list have."""

    ALL = "all"
    NONE = "none"


class CitedParameters(Parameters):
    """The parameter of lists whose items have citations."""

    citations: Citations = Field(
        Citations.ALL,
        description="`none`: a light list, whose items have empty `citations`. `_links.self` of each leads to them.",
    )


class ReachableListParameters(ReachableParameters, CitedParameters):
    """What may be asked of a list of a kind that has contact points."""


def choose_citations(items: list[Item], wanted: Parameters) -> list[Item]:
    """The items with their citations, or without where that was asked for."""
    if isinstance(wanted, CitedParameters) and wanted.citations is Citations.NONE:
        return cast(list[Item], _leave_out_citations(items))
    return items


def _leave_out_citations(value: Any) -> Any:
    if isinstance(value, list):
        return [_leave_out_citations(one) for one in value]
    if not isinstance(value, BaseModel):
        return value
    changed = {name: [] if name == "citations" else _leave_out_citations(part) for name, part in value}
    return value.model_copy(update=changed)
