"""Faults of records as problems of HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.http.problems import Fault, InvalidRecord, StaleRevision
from app.records.faults import Conflict, InvalidRecords

MOST = 100
"""Faults that one answer lists."""


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what records may not be into a problem with every fault and its field."""
    try:
        yield
    except InvalidRecords as error:
        faults = [
            Fault(
                parameter=fault.field or "record",
                detail=f"{fault.kind} {fault.slug}: {fault.reason}"[:300],
                allowed=None,
            )
            for fault in error.faults[:MOST]
        ]
        raise InvalidRecord(f"Faults: {len(error.faults)}; nothing was stored.", faults) from None
    except Conflict as error:
        raise stale(error) from None


def stale(error: Conflict) -> StaleRevision:
    """The problem for a change of what somebody else has changed, with the revision that stands."""
    faults = [Fault(parameter=field, detail=error.detail, allowed=None) for field in error.fields]
    if error.revision is not None:
        fault = Fault(parameter="base_revision", detail="is not the one that stands", allowed=[str(error.revision)])
        faults.insert(0, fault)
    return StaleRevision(f"{error}.", faults)
