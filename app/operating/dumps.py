"""Backups of a store on PostgreSQL with `pg_dump`, `pg_restore` and `psql`, which must be installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from app.database import connection_arguments
from app.migrating import StoreError

ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "options": "PGOPTIONS",
    "client_encoding": "PGCLIENTENCODING",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""Environment variables of libpq by parameter: other users of the machine could read a password in arguments."""

PLAIN = ("--no-owner", "--no-privileges")
"""Restored tables belong to the user who restores; default privileges in `deploy/roles.sql` cover the other roles."""

CLEAR = """
DO $$
DECLARE called text;
BEGIN
    FOR called IN
        SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace AND relname IN ({names})
    LOOP
        EXECUTE 'DROP FUNCTION ' || called || ' CASCADE';
    END LOOP;
END $$;
DROP TABLE IF EXISTS {tables} CASCADE;
"""
"""Drops our tables and the functions of their triggers: a backup with an earlier schema does not drop all of them."""


def dump(engine: Engine, file: Path) -> None:
    """Dump the store's schema into a file, as one snapshot. Raises StoreError."""
    _run("pg_dump", engine, "--format=custom", f"--schema={_find_schema(engine)}", *PLAIN, f"--file={file}")


def read_contents(engine: Engine, file: Path) -> tuple[set[str], str]:
    """The tables of a dump and the id of its migration, after reading all of it. Raises StoreError."""
    schema = _find_schema(engine)
    entries = [line.split() for line in _run("pg_restore", None, "--list", str(file)).splitlines()]
    tables = {words[6] for words in entries if words[3:6] == ["TABLE", "DATA", schema]}
    _run("pg_restore", None, f"--file={os.devnull}", str(file))
    copied = _run("pg_restore", None, "--data-only", f"--schema={schema}", "--table=alembic_version", "-f-", str(file))
    rows = copied.partition(" FROM stdin;\n")[2]
    return tables, rows.partition("\n")[0]


def restore(engine: Engine, file: Path) -> None:
    """Replace the tables of the store by those of a dump, in one transaction. Raises StoreError."""
    tables = sorted([*SQLModel.metadata.tables, "alembic_version"])
    clear = CLEAR.format(
        names=", ".join(f"'{name}'" for name in tables), tables=", ".join(f'"{name}"' for name in tables)
    )
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "restore.sql")
        Path(folder, "clear.sql").write_text(clear, encoding="utf-8")
        _run("pg_restore", None, f"--schema={_find_schema(engine)}", *PLAIN, f"--file={script}", str(file))
        files = [f"--file={Path(folder, 'clear.sql')}", f"--file={script}"]
        engine.dispose()
        _run("psql", engine, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *files)


def _find_schema(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT current_schema()")))


def _run(name: str, engine: Engine | None, *arguments: str) -> str:
    """Run a program of PostgreSQL. Returns its output. Raises StoreError with its first line of error."""
    program = shutil.which(name)
    if program is None:
        raise StoreError(f"{name} is not installed; it comes with the client programs of PostgreSQL")
    environment = dict(os.environ)
    if engine is not None:
        reached = connection_arguments(engine)
        environment |= {ENVIRONMENT[key]: str(value) for key, value in reached.items() if key in ENVIRONMENT}
    process = subprocess.run(  # noqa: S603  # fixed arguments
        [program, *arguments], env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if process.returncode:
        complaints = process.stderr.strip().splitlines() or [f"exit status {process.returncode}"]
        raise StoreError(complaints[0])
    return process.stdout
