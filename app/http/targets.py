"""The target of a request, and the host that it is for (RFC 9112 §3.2)."""

import re
from collections.abc import Sequence

from starlette.types import Scope

ABSOLUTE = re.compile(rb"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)

Headers = list[tuple[bytes, bytes]]


def split_target(target: bytes) -> tuple[bytes | None, bytes]:
    """Host and port, where the target names them, and the rest of the target, from its path."""
    absolute = ABSOLUTE.fullmatch(target)
    if absolute is None:
        return None, target
    rest = absolute[2]
    return absolute[1], rest if rest.startswith(b"/") else b"/" + rest


def replace_host(headers: Sequence[tuple[bytes, bytes]], host: bytes) -> Headers:
    """The headers with this host in place of the one that they name. Where they name none, none is added."""
    return [(name, host if name == b"host" else value) for name, value in headers]


def to_origin_form(scope: Scope) -> Scope:
    """The same request with a target that begins with its path; the host that the target named outranks Host."""
    host, raw_path = split_target(scope["raw_path"])
    if host is None:
        return scope
    _, path = split_target(scope["path"].encode())
    headers = replace_host(scope["headers"], host)
    return {**scope, "raw_path": raw_path, "path": path.decode(), "headers": headers}


def normalize_host(host: bytes | None) -> bytes | None:
    """The host in lower case, without a final dot."""
    if host is None:
        return None
    name, colon, port = host.lower().partition(b":") if b"[" not in host else (host.lower(), b"", b"")
    return name.removesuffix(b".") + colon + port
