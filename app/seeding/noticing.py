"""Noticing seed files that are other than those that the store was last seeded from."""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, text

FILE = "file"
"""The family under which the store keeps the digests of the files, beside what they said of each record."""

_KNOWN = text("SELECT slug, digest FROM upstreamrecord WHERE family = :family ORDER BY slug")


def digest_file(path: Path) -> str | None:
    """SHA-256 of a file as it is; None where it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def find_unseeded(engine: Engine, folder: Path) -> list[str]:
    """The files of a seed folder that have changed since the last seeding, as far as the store knows."""
    with engine.connect() as connection:
        known = connection.execute(_KNOWN, {"family": FILE}).all()
    return [name for name, digest in known if digest_file(folder / name) not in (None, digest)]
