"""What a kind of resource declares of itself: all that goes over the kinds goes over these."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import SQLModel

from app.http.routing import Router
from app.http.views import View
from app.records.shapes import ResourceRecord
from app.resources.building import Builder
from app.resources.facts import Facts
from app.resources.kind import Kind
from app.resources.schemas import ResourceShown
from app.standards.exports.tables import Column
from app.standards.hsds.writing import JsonObject
from app.standards.schema_org_parts import Node
from app.texts import Language, said

Ids = Mapping[tuple[str, str], UUID]
"""What records refer to, by family and slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDeclaration:
    """One kind; what it is called stands in its `kind.toml`.

    `record`: as an editor writes it. `schema`, `build`, `routers`: as the API shows it, and where.
    `details`: the table with what only this kind has, in columns named as the fields of its record and its schema (of
    one in two languages: `name_sv` and `name_en`); its key is `resource_id`.
    `beside`: tables whose rows stand beside the details when they are read, each with its condition.
    `to_details`: the columns of a record's details, where they are not what it says.
    `searched`: the columns of details that searches look in.
    `facts`, `columns`, `schema_org`: on pages, in files, and in the words of schema.org.
    `hsds`: what its details add to a service of HSDS; only for kinds whose `kind.toml` has a `service`.
    """

    kind: Kind
    record: type[ResourceRecord]
    schema: type[ResourceShown]
    build: Builder[Any]
    routers: Sequence[Router]
    details: type[SQLModel] | None
    beside: Sequence[tuple[type[SQLModel], ColumnElement[bool]]] = ()
    to_details: Callable[[Any, Ids], Mapping[str, Any]] | None = None
    searched: Sequence[str] = ()
    facts: Facts
    columns: Sequence[Column[ResourceShown]]
    schema_org: Callable[[View, Any], Node]
    hsds: Callable[..., JsonObject] | None = None
    """Called with `view` and the row of details, followed by those beside it."""

    def project_details(self, record: ResourceRecord, key: UUID, ids: Ids) -> Iterator[SQLModel]:
        """The row of a record's details, where the kind has any. `key`: the resource's."""
        if self.details is None:
            return
        values = self.to_details(record, ids) if self.to_details else _as_written(self.details, record)
        yield self.details(resource_id=key, **values)


def _as_written(details: type[SQLModel], record: ResourceRecord) -> Mapping[str, Any]:
    """The columns of details by what the record says."""
    fields, values = record.details(), dict[str, Any]()
    for column in details.model_fields.keys() - {"resource_id"}:
        name, _, language = column.rpartition("_")
        values[column] = fields[column] if column in fields else said(fields[name], Language(language))
    return values
