"""What selects the cached answer to a request: its address and the headers that choose among the answers there."""

from typing import NamedTuple

from starlette.types import Scope

from app.http.contract import CREDENTIALS
from app.http.targets import normalize_host

NEVER_KEPT = CREDENTIALS | {b"content-length", b"transfer-encoding", b"if-match"}
"""Requests with one of these headers bypass the cache: they identify the caller, or may be refused."""

Key = tuple[bytes, bytes, bytes | None, str]
"""Path, query, host and scheme."""


class Lookup(NamedTuple):
    """The parts of a request that select a cached answer."""

    method: str
    key: Key
    headers: dict[bytes, bytes]


def key_of(path: bytes, query: bytes, host: bytes | None, scheme: str) -> Key:
    """What an answer depends on before its headers are read. The order of different parameters does not matter."""
    if b"&" in query:
        parts = sorted(query.split(b"&"), key=lambda part: part.partition(b"=")[0])
        query = b"&".join(parts)
    return path, query, host, scheme


def lookup_of(scope: Scope) -> Lookup | None:
    """The lookup for a cached answer to this request; None where none may be used."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    # A repeated header is not looked up, as it is unclear which one counts.
    if scope["method"] not in ("GET", "HEAD") or len(headers) != len(scope["headers"]):
        return None
    if not NEVER_KEPT.isdisjoint(headers):
        return None
    host = normalize_host(headers.get(b"host"))
    if host is None and scope["http_version"] != "1.0":
        return None
    if scope["raw_path"][:1] != b"/":  # the address of another host may stand in it: see `to_origin_form`
        return None
    key = key_of(scope["raw_path"], scope["query_string"], host, scope["scheme"])
    return Lookup(scope["method"], key, headers)
