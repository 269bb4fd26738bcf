"""What advertisers and networks append to a link that is shared. A page does not read it, and does not hand it on."""

import re
from urllib.parse import unquote_plus

from starlette.types import ASGIApp, Receive, Scope, Send

TRACKING = re.compile(r"utm_\w+|mc_\w+|fbclid|gclid|dclid|msclkid|igshid|_ga", re.ASCII)


class Untracked:
    """ASGI middleware: below these paths, where people read, such parameters are gone before anything else looks."""

    def __init__(self, app: ASGIApp, below: tuple[str, ...]) -> None:
        self.app, self.below = app, below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["query_string"] and self._is_read_by_people(scope["path"]):
            scope = {**scope, "query_string": without_tracking(scope["query_string"])}
        await self.app(scope, receive, send)

    def _is_read_by_people(self, path: str) -> bool:
        return path == "/" or any(path == one or path.startswith(f"{one}/") for one in self.below)


def without_tracking(query: bytes) -> bytes:
    """A query string without the parameters that only track; nothing else of it is touched."""
    return b"&".join(part for part in query.split(b"&") if not TRACKING.fullmatch(_name(part)))


def _name(part: bytes) -> str:
    return unquote_plus(part.partition(b"=")[0].decode("latin-1"))
