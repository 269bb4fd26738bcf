"""Which tables the statements of a test read from end to end, as the database plans them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

SCANS = {
    "sqlite": ("EXPLAIN QUERY PLAN", re.compile(r"SCAN (\w+)$")),
    "postgresql": ("EXPLAIN", re.compile(r"Seq Scan on (\w+)")),
}
"""By database: how to ask for a plan, and what a step says that reads a whole table."""
MADE = re.compile(r"(?:CO-ROUTINE|MATERIALIZE) (\w+)$")
"""What a step of SQLite says that makes rows for another step, which then reads them all."""


@contextmanager
def noting_scans(engine: Engine) -> Iterator[set[str]]:
    """The tables, or their aliases on SQLite, that are read from end to end in the block."""
    explain, whole = SCANS[engine.dialect.name]
    scanned = set[str]()

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            return
        cursor = connection.connection.cursor()
        if connection.dialect.name == "postgresql":  # which would read tables as small as those of tests whole anyhow
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{explain} {statement}", parameters[0] if many else parameters)
        steps = [step[-1] for step in cursor.fetchall()]
        made = {rows[1] for step in steps if (rows := MADE.search(step))}
        scanned.update({table[1] for step in steps if (table := whole.search(step))} - made)

    event.listen(engine, "before_cursor_execute", note)
    yield scanned
    event.remove(engine, "before_cursor_execute", note)
