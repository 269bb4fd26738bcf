"""Ids that stay the same wherever and whenever the directory is built."""

from uuid import NAMESPACE_DNS, UUID, uuid5

NAMESPACE = uuid5(NAMESPACE_DNS, "stodkatalogen")


def identify(*names: str) -> UUID:
    """The UUIDv5 of a record's stable name, such as `identify("resource", "kvinnofridslinjen")`."""
    return uuid5(NAMESPACE, "/".join(names))
