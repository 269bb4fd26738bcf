"""From rows, each a resource and the details of its kind, to what the API shows of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlmodel import SQLModel

from app.resources.models import Resource
from app.resources.reading import Reading, Surroundings, build_core, load_surroundings
from app.resources.schemas import ResourceShown
from app.texts import Language

LANGUAGES = frozenset(Language)
Schema = TypeVar("Schema", bound=ResourceShown)
Builder = Callable[..., list[Schema]]
"""Called with `reading`, rows (each a resource and what its kind adds to it) and, where it is read already, what is
around them: what the API shows of them, in the same order."""


def builder_of(schema: type[Schema]) -> Builder[Schema]:
    """The builder for a kind whose details have the columns that its schema has fields."""

    def build(
        reading: Reading, rows: Sequence[tuple[Any, ...]], surroundings: Surroundings | None = None
    ) -> list[Schema]:
        surroundings = surroundings or load_surroundings(reading, [resource for resource, *_ in rows])
        built = [
            schema.model_construct(
                **build_core(reading, resource, surroundings), **read_own_fields(details, reading.language)
            )
            for resource, *details in rows
        ]
        return cast(list[Schema], built)

    return build


build_resources = builder_of(ResourceShown)
"""What all kinds have."""


def build_common(reading: Reading, resources: Sequence[Resource]) -> list[ResourceShown]:
    """What all kinds have, of these resources."""
    return build_resources(reading, [(resource,) for resource in resources])


def read_own_fields(details: Iterable[SQLModel], language: Language) -> dict[str, Any]:
    """The fields that a row of details adds; of `name_sv` and `name_en`, the one in this language as `name`."""
    fields: dict[str, Any] = {}
    for row in details:
        for column, value in row.model_dump(exclude={"resource_id"}).items():
            name, _, ending = column.rpartition("_")
            if ending not in LANGUAGES:
                fields[column] = value
            elif ending == language:
                fields[name] = value
    return fields
