"""The kinds of records: where each is kept in `seed/`, and what its document looks like."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.kinds import DECLARATIONS
from app.records.shapes import AreaRow, EscalationRecord, OrganizationRecord, Record, SourceRecord, TermRecord

RESOURCE, AREA = "resource", "area"
SPAN = 1 << 27
"""Positions that each kind of a family has to itself."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record.

    `family`: records of one family are told apart by their slugs. `file` and `table`: its seed file and the name of its
    tables there. `first_position`: where its places in lists begin, behind those of the kinds before it.
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
"""By name; what others refer to comes first."""
BY_COLLECTION: Mapping[str, RecordKind] = {kind.collection: kind for kind in KINDS.values()}
"""By name in addresses."""


def slug_of(record: Record) -> str:
    """What tells a record apart within its family: its id; of an area, its code."""
    slug: str = record.code if isinstance(record, AreaRow) else record.id  # type: ignore[attr-defined]  # all others have one
    return slug
