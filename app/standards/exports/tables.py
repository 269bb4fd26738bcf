"""What a table of a file is made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin

from app.resources.schemas import ResourceShown

Cell = str | int | bool | date | datetime | None
"""An empty cell is None: not stated, or not a field of this kind."""

Record = TypeVar("Record")
TYPES = ((bool, "boolean"), (int, "integer"), (date, "date"))
"""The first that fits; anything else is a text."""


@dataclass(frozen=True)
class Column(Generic[Record]):
    """A column; `type` is one of Frictionless Table Schema's."""

    name: str
    type: str
    says: str
    of: Callable[[Record], Cell]


@dataclass(frozen=True)
class Table(Generic[Record]):
    """A table, and the records that one batch of resources gives it."""

    name: str
    key: tuple[str, ...]
    columns: Sequence[Column[Record]]
    records: Callable[[Iterable[ResourceShown]], Iterator[Record]]

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def rows(self, resources: Iterable[ResourceShown]) -> Iterator[list[Cell]]:
        """The rows of these resources."""
        for record in self.records(resources):
            yield [column.of(record) for column in self.columns]


def own_columns(
    schema: type[ResourceShown], names: Mapping[str, str] | None = None, says: Mapping[str, str] | None = None
) -> list[Column[ResourceShown]]:
    """A column for each field that a kind's schema adds to the core.

    `names`: of columns named otherwise, as that of another kind or of the core is named so. `says`: what is said of a
    column, where it is not the field's description: kinds that have a field alike share its column.
    """
    names, says = names or {}, says or {}
    return [
        Column(
            names.get(field, field),
            _type_of(info.annotation),
            says.get(field) or info.description or f"`{field}` of a {schema.__name__.lower()}.",
            partial(_value_of, field),
        )
        for field, info in schema.model_fields.items()
        if field not in ResourceShown.model_fields
    ]


def _value_of(field: str, resource: ResourceShown) -> Cell:
    """The value of a field, None where the kind has no such field."""
    value: Cell = getattr(resource, field, None)
    return value


def _type_of(annotation: Any) -> str:
    """The type of a field, None aside, as Frictionless Table Schema names it."""
    kinds = [option for option in get_args(annotation) if option is not type(None)] or [annotation]
    kind = get_args(kinds[0])[0] if get_origin(kinds[0]) is Annotated else kinds[0]
    return next((name for type_, name in TYPES if issubclass(kind, type_)), "string")
