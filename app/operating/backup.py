"""Backs up the store while it serves, checks backups, and restores them; a restore first backs up the current store.

SQLite is copied with its backup API: a copy of the file would lack the content of its `-wal` file. PostgreSQL is copied
with its own programs (`app.operating.dumps`).
"""

import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect

from app.migrating import StoreError, list_known
from app.operating import dumps
from app.sqlite import find_path

TABLES = ("alembic_version", "edition", "revision")
"""Tables that every store of ours has."""

_NO_BACKUP = re.compile(r"^\.|-(wal|shm|journal)$|\.before-\d{8}T\d{6}Z$")


def back_up(engine: Engine, file: Path) -> str:
    """Copy the store into a new file. Returns a line about its content. Raises StoreError and leaves no partial one."""
    if file.exists():
        raise StoreError(f"{file} exists; a backup is a new file")
    partial = file.with_name(f".{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)  # it holds private data: digests of keys, addresses of reporters
        if engine.dialect.name == "sqlite":
            _copy(_find_file(engine), partial)
            _keep_in_one_file(partial)
        else:
            dumps.dump(engine, partial)
        contents = describe(engine, partial)
        partial.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The backup {file} cannot be written: {error}") from None
    finally:
        partial.unlink(missing_ok=True)
    return f"{file}: {contents}"


def list_backups(folder: Path) -> list[Path]:
    """The complete backups in a folder, the newest first, without those made by a restore."""
    files = [file for file in folder.iterdir() if file.is_file() and not _NO_BACKUP.search(file.name)]
    return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)


def restore(engine: Engine, file: Path, now: datetime) -> str:
    """Replace the store by a backup, in one transaction. Returns a line about it. Raises StoreError.

    The current store is first backed up next to the backup.
    """
    contents = describe(engine, file)
    before = file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%SZ}")
    has_store = _has_store(engine)
    if has_store:
        back_up(engine, before)
    engine.dispose()
    try:
        if engine.dialect.name == "sqlite":
            _copy(file, _find_file(engine))
        else:
            dumps.restore(engine, file)
    except sqlite3.Error as error:
        raise StoreError(f"The store cannot be written, and is as it was: {error}") from None
    return f"Restored {file}: {contents}. " + (
        f"What stood before is in {before}." if has_store else "Nothing stood before."
    )


def describe(engine: Engine, file: Path) -> str:
    """The content of a backup, in words. Raises StoreError where it is not a complete backup of a store of ours."""
    if not file.is_file():
        raise StoreError(f"{file} does not exist")
    if engine.dialect.name != "sqlite":
        tables, schema = dumps.read_contents(engine, file)
        if not set(TABLES) <= tables:
            raise StoreError(f"{file} is no backup of Stödkatalogen")
        _refuse_unknown(file, schema)
        return f"schema {schema}"
    try:
        with closing(_open_reading(file)) as reading:
            (verdict,) = reading.execute("PRAGMA quick_check(1)").fetchone()
            (schema,) = reading.execute("SELECT version_num FROM alembic_version").fetchone()
            (edition,) = reading.execute("SELECT max(number) FROM edition").fetchone()
            (revisions,) = reading.execute("SELECT count(*) FROM revision").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise StoreError(f"{file} is no backup of Stödkatalogen: {error}") from None
    if verdict != "ok":
        raise StoreError(f"{file} is damaged: {verdict}")
    _refuse_unknown(file, schema)
    return f"schema {schema}, edition {edition}, {revisions} revisions"


def _has_store(engine: Engine) -> bool:
    """Whether there is a store of ours. Raises StoreError for a database with other tables."""
    if engine.dialect.name == "sqlite" and not _find_file(engine).exists():
        return False
    tables = set(inspect(engine).get_table_names())
    if tables and not set(TABLES) <= tables:
        raise StoreError("The store holds other tables than those of Stödkatalogen, and is left as it is")
    return bool(tables)


def _find_file(engine: Engine) -> Path:
    """The file of a store on SQLite. Raises StoreError where it is in memory."""
    name = engine.url.database
    if name is None or name in ("", ":memory:"):
        raise StoreError("The store is no file")
    return Path(find_path(name))


def _copy(source: Path, target: Path) -> None:
    with closing(_open_reading(source)) as reading, closing(sqlite3.connect(target, timeout=10)) as writing:
        reading.backup(writing)


def _keep_in_one_file(copy: Path) -> None:
    """Leave the WAL mode, in which readers would leave `-wal` and `-shm` files next to the copy."""
    with closing(sqlite3.connect(copy, timeout=10)) as writing:
        writing.execute("PRAGMA journal_mode=DELETE")


def _open_reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=10)


def _refuse_unknown(file: Path, schema: str) -> None:
    if schema not in list_known():
        raise StoreError(
            f"{file} has the schema {schema}, which this version does not know: back up and restore with the later one"
        )
