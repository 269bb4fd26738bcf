"""Scripts and styles at addresses that contain their hash, so that the content of an address never changes."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
EARLIER = FOLDER / "earlier"
"""Earlier versions of the modules. Pages of other sites name their addresses, which therefore go on answering."""

FILES = (
    FOLDER / "component" / "stodkatalog.js",
    FOLDER / "frame" / "frame.css",
    FOLDER / "frame" / "frame.js",
    FOLDER / "frame" / "host.js",
    FOLDER / "guide" / "guide.css",
    FOLDER / "guide" / "guide.js",
)
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


class Asset(NamedTuple):
    """A file as it is served: `stodkatalog.3f2a….js`, its bytes, and its value for the attribute `integrity`."""

    name: str
    body: bytes
    media_type: str
    integrity: str


@cache
def asset(path: Path) -> Asset:
    """A file with its hash, read once a process."""
    body = path.read_bytes()
    digest = hashlib.sha384(body).digest()
    stem = path.name.split(".")[0]
    return Asset(
        name=f"{stem}.{digest.hex()[:16]}{path.suffix}",
        body=body,
        media_type=MEDIA_TYPES[path.suffix],
        integrity=f"sha384-{base64.b64encode(digest).decode()}",
    )


def named(name: str) -> Asset:
    """The asset in this folder's slices with this file name, such as `frame.js`."""
    return asset(next(path for path in FILES if path.name == name))


@cache
def by_address() -> dict[str, Asset]:
    """Every asset that is served, by the last part of its address."""
    return {file.name: file for file in map(asset, (*FILES, *EARLIER.glob("*.js")))}
