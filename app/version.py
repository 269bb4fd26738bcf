"""The version of the service, its API and its package: this is the one place where it is written."""

from pathlib import Path

VERSION = "1.0.0"
RELEASED = "2026-11-21"

_COMMIT = Path(__file__).resolve().parent.parent / "COMMIT"


def read_commit() -> str | None:
    """The commit that a package or an image was built from; None in a checkout, where git says it."""
    return _COMMIT.read_text("utf-8").strip() or None if _COMMIT.exists() else None
