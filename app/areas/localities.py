"""Towns and villages, for suggesting a municipality. Never used to resolve a place: GeoNames has errors.

They are read from a small file when a place was not found. They are not in the store, because they are not facts of
the directory and no editor changes them.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.settings import ROOT

SOURCE = "GeoNames"
FILE = Path("areas", "localities.csv")


class Locality(NamedTuple):
    """A town or village and its municipality according to GeoNames; one row for each municipality that it is in."""

    name: str
    municipality_code: str
    municipality: str
    geonames_id: str


def read_localities(file: Path) -> list[Locality]:
    """The rows of a file of localities. Raises OSError, ValueError and csv.Error where it cannot be read."""
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
        if tuple(header) != ("locality", *Locality._fields[1:]) or any(len(row) != len(header) for row in rows):
            raise ValueError("is not a table of locality, municipality_code, municipality and geonames_id")
        return [Locality(*row) for row in rows]


@cache
def load_localities() -> list[Locality]:
    """The localities that come with this version."""
    return read_localities(ROOT / "seed" / FILE)
