"""An answer in the encodings that clients take: each made once, with its own ETag."""

import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import brotli

from app.http.contract import Caching
from app.http.negotiating import choose_coding

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "": lambda body: body,
}
"""By encoding, `` for none."""
LARGE = 64 * 1024
"""Bytes that take longer to pack than the other callers are to wait (some two milliseconds): they go to a thread."""
WORTH_PACKING = 500
PACKABLE = (b"text/", b"application/json", b"application/problem+json", b"application/ld+json", b"image/svg+xml",
            b"application/xml", b"application/javascript", b"application/rdf+xml", b"application/atom+xml")  # fmt: skip
VARY = b"Accept, Accept-Language, Accept-Encoding"
OURS = (b"content-length", b"content-encoding", b"cache-control", b"etag", b"vary")
STATUS_LINES = {200: b"HTTP/1.1 200 OK\r\n", 304: b"HTTP/1.1 304 Not Modified\r\n"}
NOT_IN_304 = (b"content-length", b"content-type", b"content-encoding")
MINUTE = 60

Header = tuple[bytes, bytes]


class Encoded:
    """An answer in one encoding, with the headers of the current second."""

    def __init__(
        self, headers: list[Header], body: bytes, encoding: str, freshness: "Freshness", revision: str = ""
    ) -> None:
        self.body = body
        digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        self.etag = f'"{"-".join(part for part in (revision, digest, encoding) if part)}"'.encode()
        """A strong validator; of a record's answer, it begins with the revision, such as `r17`."""
        coding = [(b"content-encoding", encoding.encode())] if encoding else []
        self._fixed = [
            *((name, value) for name, value in headers if name not in OURS),
            (b"vary", VARY),
            *coding,
            (b"etag", self.etag),
            (b"content-length", str(len(body)).encode()),
        ]
        self._freshness = freshness
        self._second, self._headers = 0, self._fixed
        self._heads: dict[int, tuple[int, bytes]] = {}

    def status_for(self, request_headers: dict[bytes, bytes]) -> int:
        """200, or 304 if the request says that the client has it already."""
        tags = request_headers.get(b"if-none-match")
        return 304 if tags is not None and matches(tags, self.etag) else 200

    def headers(self) -> list[Header]:
        """The headers of a 200; `max-age` counts down."""
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._headers = [*self._fixed, (b"cache-control", self._freshness.header(now))]
        return self._headers

    def headers_of_304(self) -> list[Header]:
        """The headers of a 304."""
        return [(name, value) for name, value in self.headers() if name not in NOT_IN_304]

    def head(self, status: int, first: list[Header]) -> bytes:
        """The head of a 200 or a 304 as HTTP/1.1 writes it, open for more headers; made once a second."""
        headers = self.headers()
        second, head = self._heads.get(status, (0, b""))
        if second != self._second:
            lines = [*first, *(headers if status == 200 else self.headers_of_304())]
            head = STATUS_LINES[status] + b"".join(b"%s: %s\r\n" % line for line in lines)
            self._heads[status] = self._second, head
        return head


@dataclass(frozen=True, slots=True)
class Freshness:
    """Until when an answer is fresh (seconds since 1970), and whether something in it changes then."""

    until: float
    live: bool
    caching: Caching

    def header(self, now: int) -> bytes:
        """Cache-Control. An answer with a live state is never to be served stale: what was open may be closed."""
        if self.caching.immutable:
            return b"public, max-age=%d, immutable" % self.caching.seconds
        left = max(0, int(self.until - now))
        if self.live:
            return b"public, max-age=%d, must-revalidate" % left
        return b"public, max-age=%d, stale-while-revalidate=%d, stale-if-error=%d" % (
            left,
            self.caching.while_revalidating,
            self.caching.if_error,
        )


class Representation:
    """A whole answer that may be kept, and what is made of it for one client or another."""

    def __init__(
        self,
        headers: list[Header],
        body: bytes,
        caching: Caching,
        fresh_until: datetime | None,
        route: str,
        revision: str = "",
    ) -> None:
        now = self._made_at = time.time()
        until = now + caching.seconds if fresh_until is None else min(now + caching.seconds, fresh_until.timestamp())
        # What is fresh for a minute at most follows the clock, and hours change on whole minutes.
        self._kept_until = min(until, now - now % MINUTE + MINUTE) if caching.seconds <= MINUTE else until
        self.route = route
        self._freshness = Freshness(until, fresh_until is not None, caching)
        self._headers, self._body, self._revision = headers, body, revision
        self._packable = is_packable(headers, body)
        self._encoded: dict[str, Encoded] = {}
        self.size = len(body)
        """Bytes of all its encodings."""
        self.counted = 0
        """Of these, the bytes that the cache has counted."""

    def holds_at(self, now: float) -> bool:
        """Whether it may still be given. Not before it was made: then the clock was set back since."""
        return self._made_at <= now < self._kept_until

    def encoded(self, accept_encoding: bytes) -> Encoded:
        """The answer as this client can best take it."""
        coding = self._coding(accept_encoding)
        encoded = self._encoded.get(coding)
        if encoded is None:
            encoded = Encoded(self._headers, PACKERS[coding](self._body), coding, self._freshness, self._revision)
            self._encoded[coding] = encoded
            self.size += len(encoded.body) if coding else 0
        return encoded

    def takes_long(self, accept_encoding: bytes) -> bool:
        """Whether `encoded` has so much to pack that the other callers would notice."""
        return len(self._body) >= LARGE and self._coding(accept_encoding) not in self._encoded

    def _coding(self, accept_encoding: bytes) -> str:
        return choose_coding(accept_encoding) if self._packable else ""


def is_packable(headers: list[Header], body: bytes) -> bool:
    """Whether an encoding saves enough."""
    return len(body) >= WORTH_PACKING and dict(headers).get(b"content-type", b"").startswith(PACKABLE)


def matches(header: bytes, etag: bytes) -> bool:
    """Whether If-None-Match names this tag (weak comparison, RFC 9110 §13.1.2); other text is ignored."""
    return header.strip() == b"*" or etag in (tag.strip().removeprefix(b"W/") for tag in header.split(b","))


def fails_if_match(request_headers: dict[bytes, bytes], etag: bytes | None) -> bool:
    """Whether If-Match rules an answer with this tag out (strong comparison, RFC 9110 §13.1.1)."""
    header = request_headers.get(b"if-match")
    if header is None or header.strip() == b"*":
        return False
    return etag is None or etag.startswith(b"W/") or etag not in (tag.strip() for tag in header.split(b","))
