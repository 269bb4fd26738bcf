"""The kinds side by side: what each declares of itself, and resources of all of them with their details."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind
from app.resources.models import Resource
from app.resources.reading import Reading, load_surroundings
from app.resources.schemas import ResourceShown


def _load_declaration(kind: Kind) -> KindDeclaration:
    """What the folder of a kind declares. Raises ImportError or AttributeError where it declares nothing."""
    declaration: KindDeclaration = import_module(f"app.{kind.folder}.declaration").DECLARATION
    return declaration


DECLARATIONS: Mapping[Kind, KindDeclaration] = {kind: _load_declaration(kind) for kind in Kind}
"""In the order of lists over all kinds."""


def build_whole(reading: Reading, resources: Sequence[Resource]) -> list[ResourceShown]:
    """These resources as their own collections show them, in the same order, without those whose
    details cannot be read; as many queries for many as for one."""
    rows: defaultdict[Kind, list[tuple[Any, ...]]] = defaultdict(list)
    details = load_details(reading.session, resources)
    for resource in resources:
        if resource.id in details:
            rows[resource.kind].append((resource, *details[resource.id]))
    surroundings = load_surroundings(reading, resources)
    built = {
        item.id: item
        for kind, declaration in DECLARATIONS.items()
        for item in declaration.build(reading, rows[kind], surroundings)
    }
    return [built[resource.slug] for resource in resources if resource.slug in built]


def load_details(session: Session, resources: Sequence[Resource]) -> dict[UUID, tuple[Any, ...]]:
    """By resource: the row of its details and those beside it, none where its kind has none. One query.

    Resources whose details cannot be read are left out.
    """
    details_by_id: dict[UUID, tuple[Any, ...]] = {}
    for row in session.execute(_with_details([resource.id for resource in resources])).mappings():
        resource = row["Resource"]
        details = tuple(row[table.__name__] for table in _tables(DECLARATIONS[resource.kind]))
        if None not in details:
            details_by_id[resource.id] = details
    return details_by_id


def _with_details(ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Each resource beside the details of every kind; those that are not its own are null."""
    declarations = [declaration for declaration in DECLARATIONS.values() if declaration.details is not None]
    entities = [table for declaration in declarations for table in _tables(declaration)]
    statement = select(Resource, *entities).where(col(Resource.id).in_(ids))
    for declaration in declarations:
        details: Any = declaration.details
        statement = statement.outerjoin(details, details.resource_id == Resource.id)
        for table, condition in declaration.beside:
            statement = statement.outerjoin(table, condition)
    return statement


def _tables(declaration: KindDeclaration) -> list[Any]:
    """The tables whose rows stand beside a resource of a kind."""
    details = [] if declaration.details is None else [declaration.details]
    return [*details, *(table for table, _ in declaration.beside)]
