"""The file of a store on SQLite: how it is opened where nothing may be written, and whether it is still the same."""

import logging
import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, event

log = logging.getLogger("stodkatalog")


def locate(path: str, *, uri: bool) -> tuple[str, bool]:
    """What to open instead of a path, and whether that is a URI.

    SQLite writes beside its file even to read it, unless it is told that nobody can: in a folder that is read-only.
    """
    file = Path(path)
    if uri or not file.exists() or Path(f"{path}-wal").exists() or _is_writable(file.parent):
        return path, uri
    return f"{file.resolve().as_uri()}?immutable=1", True


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def find_path(path: str) -> str:
    """The plain path of a store that is given as SQLite's own URI, such as `file:/srv/store.sqlite3?mode=rw`."""
    return unquote(urlsplit(path).path) if path.startswith("file:") else path


class StoreFile:
    """Which file a path led to when it was first opened."""

    def __init__(self, path: str) -> None:
        self._path = find_path(path)
        self._first: tuple[int, int] | None = None
        self._is_reported = False

    def is_replaced(self) -> bool:
        """Whether the path leads to another file now; logged once."""
        try:
            status = Path(self._path).stat()
        except (OSError, ValueError):
            return False
        now = status.st_dev, status.st_ino
        self._first = self._first or now
        if now != self._first and not self._is_reported:
            self._is_reported = True
            log.error("another file is in the place of the store; docs/operating.md says what to do")
        return now != self._first


def watch_file(engine: Engine, path: str) -> None:
    """Refuse connections as soon as another file is in the place of the store.

    What the first had in its `-wal` file would be taken for a part of the other one, and break it.
    """
    file = StoreFile(path)

    def refuse_other(_connection: object, _record: object, *_: object) -> None:
        if file.is_replaced():
            raise sqlite3.OperationalError("another file is in the place of the store")

    event.listen(engine, "connect", refuse_other)
    event.listen(engine, "checkout", refuse_other)


def open_located(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    """For SQLAlchemy's event `do_connect`: what `locate` says instead of the path."""
    arguments[0], options["uri"] = locate(arguments[0], uri=bool(options.get("uri")))
