"""Detects seed files that differ from those that the store was last seeded from."""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, text

FILE = "file"
"""The family of the rows of UpstreamRecord that hold the digests of the files."""

_DIGESTS = text("SELECT slug, digest FROM upstreamrecord WHERE family = :family ORDER BY slug")


def digest_file(path: Path) -> str | None:
    """SHA-256 of a file's bytes, in hex; None where it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def find_unseeded(engine: Engine, folder: Path) -> list[str]:
    """The files of a seed folder that have changed since the last seeding; files that are gone are left out."""
    with engine.connect() as connection:
        rows = connection.execute(_DIGESTS, {"family": FILE}).all()
    return [name for name, digest in rows if digest_file(folder / name) not in (None, digest)]
