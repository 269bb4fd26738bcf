"""The columns of files that only coordinators have."""

from collections.abc import Callable, Sequence

from app.resources.schemas import ResourceShown
from app.standards.exports.tables import Cell, Column


def _region(name: str) -> Callable[[ResourceShown], Cell]:
    return lambda resource: getattr(getattr(resource, "coordination_region", None), name, None)


COLUMNS: Sequence[Column[ResourceShown]] = (
    Column(
        "coordination_region", "string", "Of a coordinator: its coordination region.", _region("name")
    ),
    Column(
        "coordination_region_basis", "string", "Whether a source states its counties or they are inferred.",
        _region("basis"),
    ),
    Column("coordination_region_reason", "string", "Where that is inferred: why.", _region("reason")),
    Column(
        "reached_through", "string", "Of a coordinator: the id of the hotline that refers on to it.",
        lambda resource: getattr(resource, "reached_through", None),
    ),
)  # fmt: skip
