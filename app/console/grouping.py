"""The fields of a record in groups, in the order in which an editor looks for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.console.records import FieldView, RecordView, list_missing
from app.console.words import name_field

POINT_FIELDS = ("value", "opening_hours", "exceptions", "channel", "label", "languages")
"""Of a contact point, first those that must be right at night; the others come after them."""
OF_KIND = "Mer om posten"
"""The title of the fields that the kind has of its own."""
GROUPS = {
    "Namn och beskrivning": ("name", "title", "summary", "description", "status", "superseded_by"),
    OF_KIND: (),
    "Var och för vem": ("areas", "audiences", "topics", "min_age", "max_age"),
    "Organisationer": ("organizations", "ties", "parent"),
    "Källans datum": ("stated_on",),
}
ORDER = (*POINT_FIELDS, *(name for names in GROUPS.values() for name in names))


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together. `missing`: the paths and names of those that the record has not."""

    title: str
    fields: list[FieldView]
    missing: list[tuple[str, str]]


def group_fields(record: RecordView, fields: Sequence[FieldView]) -> list[FieldGroup]:
    """The contact points, each a group, and then what else the record says; groups without fields are left out."""
    points = [f"contact_points.{point['id']}" for point in record.document.get("contact_points", ())]
    groups = {path: FieldGroup(name_field(path, record.document), [], []) for path in points}
    groups |= {title: FieldGroup(title, [], []) for title in GROUPS}
    for field in sorted(fields, key=lambda field: _rank(field.path)):
        groups[_find_group(field.path)].fields.append(field)
    for path, name in sorted(list_missing(record), key=lambda pair: _rank(pair[0])):
        groups[_find_group(path)].missing.append((path, name))
    return [group for group in groups.values() if group.fields or group.missing]


def _find_group(path: str) -> str:
    """The contact point that a field belongs to, or the title of its group."""
    owner, _, name = path.rpartition(".")
    return owner or next((title for title, names in GROUPS.items() if name in names), OF_KIND)


def _rank(path: str) -> int:
    name = path.rpartition(".")[2]
    return ORDER.index(name) if name in ORDER else len(ORDER)
