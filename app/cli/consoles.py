"""Consoles that cannot show every letter."""

import codecs
import io
import sys

ESCAPING = "stodkatalog.escaping"


def escape_letters() -> None:
    """Write letters that the encoding of a console lacks as `\\u2026`, instead of failing.

    JSON means the same with them.
    """
    codecs.register_error(ESCAPING, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPING)


def _escape(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4)), error.end
