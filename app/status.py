"""How far a record can be trusted today."""

from collections.abc import Collection
from enum import StrEnum


class Status(StrEnum):
    """current: the operator's own dated words; unverified: undated or by others; outdated: superseded; ended: over."""

    CURRENT = "current"
    UNVERIFIED = "unverified"
    OUTDATED = "outdated"
    ENDED = "ended"


OFFERED = (Status.CURRENT, Status.UNVERIFIED)
"""What default lists show. Outdated and ended records are never offered as something to call or attend."""

STATUSES = "statuses"
"""The bound parameter of statements that holds the statuses asked for, so that a list can be counted with others."""


def left_out_of(statuses: Collection[Status]) -> list[Status]:
    """The statuses that a reader is told about where a list without them is empty."""
    return [status for status in Status if status not in OFFERED and status not in statuses]
