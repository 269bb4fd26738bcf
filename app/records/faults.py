"""Why records may not be published: each fault with its field, and what somebody else has changed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with a record, and in which field."""

    kind: str
    slug: str
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"{self.kind} {self.slug}", self.field, self.reason) if part)


class InvalidRecords(Exception):
    """Records that may not be published; every fault is listed and nothing was written."""

    def __init__(self, faults: list[RecordFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Conflict(Exception):
    """The same was changed otherwise; the message says what. `revision`: the record's newest, where it stands.

    `detail`: what is said of each of the fields.
    """

    def __init__(
        self,
        kind: str,
        slug: str,
        reason: str,
        revision: int | None,
        fields: Sequence[str] = (),
        detail: str = "was changed by somebody else",
    ) -> None:
        super().__init__(f"{kind} {slug}: {reason}")
        self.kind, self.slug, self.revision, self.fields, self.detail = kind, slug, revision, list(fields), detail
