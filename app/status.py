"""How far a record can be trusted today."""

from enum import StrEnum


class Status(StrEnum):
    """current: stated and in force; unverified: stated, not checked since; outdated: superseded; ended: over."""

    CURRENT = "current"
    UNVERIFIED = "unverified"
    OUTDATED = "outdated"
    ENDED = "ended"


OFFERED = (Status.CURRENT, Status.UNVERIFIED)
"""What default lists show. Outdated and ended records are never offered as something to call or attend."""
