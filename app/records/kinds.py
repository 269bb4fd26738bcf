"""The kinds of records: their files in `seed/` and the shapes of their documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.kinds import DECLARATIONS
from app.records.shapes import AreaRow, EscalationRecord, OrganizationRecord, Record, SourceRecord, TermRecord

RESOURCE, AREA = "resource", "area"
SPAN = 1 << 27
"""The range of positions that each kind of a family has."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record.

    `family`: slugs are unique within it. `file` and `table`: its seed file and the name of its tables there.
    `first_position`: its first position in lists, after those of the kinds before it.
    """

    name: str
    family: str
    file: str
    table: str
    shape: type[Record]
    first_position: int = 0

    @property
    def collection(self) -> str:
        """Its name in addresses, such as `support-services`."""
        return Path(self.file).stem.replace("_", "-")


KINDS: Mapping[str, RecordKind] = {
    kind.name: kind
    for kind in (
        RecordKind("source", "source", "sources.toml", "source", SourceRecord),
        RecordKind("country", AREA, "areas/country.csv", "", AreaRow),
        RecordKind("coordination_region", AREA, "areas/coordination-regions.csv", "", AreaRow),
        RecordKind("county", AREA, "areas/counties.csv", "", AreaRow),
        RecordKind("municipality", AREA, "areas/municipalities.csv", "", AreaRow),
        RecordKind("audience", "audience", "audiences.toml", "audience", TermRecord),
        RecordKind("topic", "topic", "topics.toml", "topic", TermRecord),
        RecordKind("organization", "organization", "organizations.toml", "organization", OrganizationRecord),
        *(
            RecordKind(kind, RESOURCE, f"{kind.folder}.toml", kind, declaration.record, nth * SPAN)
            for nth, (kind, declaration) in enumerate(DECLARATIONS.items())
        ),
        RecordKind("step", "step", "escalation.toml", "step", EscalationRecord),
    )
}
"""By name; kinds that others refer to come first."""
BY_COLLECTION: Mapping[str, RecordKind] = {kind.collection: kind for kind in KINDS.values()}
"""By collection, the name in addresses."""


def slug_of(record: Record) -> str:
    """The slug of a record, unique within its family: its id, or the code of an area."""
    slug: str = record.code if isinstance(record, AreaRow) else record.id  # type: ignore[attr-defined]  # all others have one
    return slug
