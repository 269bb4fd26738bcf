"""Fetches pages politely and safely: public addresses only, within limits, one request a second to a host."""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import monotonic

import httpx

from app.verifying.addresses import ForbiddenAddress, Resolve, find_public, resolve
from app.verifying.politeness import Robots, Turns, read_robots

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
CONNECT = 10.0
"""Seconds after which the next address of a host is tried."""
BUSY = frozenset({429, 503})
"""Statuses after which a host is not asked again in this run."""


class Unreachable(Exception):
    """A page could not be fetched, so that its content is not known; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a fetch. `seconds`: for all requests together; waiting for our turn does not count. `size`: bytes after
    decompression. `pause`: seconds between two requests to a host."""

    seconds: float = 30.0
    size: int = 5_000_000
    redirects: int = 5
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """The validators of the last answer from an address."""

    address: str
    etag: str | None
    last_modified: str | None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        values = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. `address`: where the redirects ended; `is_moved`: all of the redirects were permanent. Status 304: the
    remembered version is still current."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_moved: bool = False


@cache
def load_authorities() -> ssl.SSLContext:
    """The context that certificates are checked with. Cached, because reading the authorities takes 30 ms."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(slots=True)
class Fetcher:
    """Fetches pages in one run. A name is resolved once for each request, and the connection uses that address.

    `agent`: the User-Agent. `test_port`: a port of 127.0.0.1 that may be fetched from as well.
    """

    agent: str
    limits: Limits = field(default_factory=Limits)
    test_port: int | None = None
    resolve: Resolve = resolve
    _client: httpx.AsyncClient = field(init=False)
    _turns: Turns = field(init=False)
    _robots: dict[str, Robots] = field(init=False, default_factory=dict)
    _busy: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._turns = Turns(self.limits.pause)
        self._client = httpx.AsyncClient(
            cookies=no_cookies,
            timeout=httpx.Timeout(self.limits.seconds, connect=min(CONNECT, self.limits.seconds)),
            limits=httpx.Limits(
                max_keepalive_connections=0
            ),  # a connection that is kept was opened for the name of another host
            trust_env=False,  # a proxy would choose the address itself
            verify=load_authorities(),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def fetch(self, address: str, remembered: Remembered | None = None) -> Page:
        """The page at an address, after redirects. Raises Unreachable."""
        seconds_left, is_moved = self.limits.seconds, True
        url = _parse(address)
        for _ in range(self.limits.redirects + 1):
            await self._wait_for_turn(url)
            started = monotonic()
            conditions = remembered.headers if remembered and remembered.address == str(url) else {}
            page = await self._request(url, conditions, seconds_left)
            seconds_left -= monotonic() - started
            location = page.headers.get("location")
            if page.status not in REDIRECTS or not location:
                moved = is_moved and not _is_same(address, page.address)
                return Page(page.address, page.status, page.headers, page.body, moved)
            is_moved &= page.status in PERMANENT
            url = _parse(location, url)
        raise Unreachable(f"more than {self.limits.redirects} redirects")

    async def _wait_for_turn(self, url: httpx.URL) -> None:
        """Wait until the host may be asked again. Raises Unreachable where its robots.txt does not allow the page."""
        if url.host in self._busy:
            raise Unreachable(
                f"{url.host} answered {self._busy[url.host]} before, and is left alone until the next run"
            )
        origin = str(url.copy_with(raw_path=b"/", fragment=None))
        async with self._turns.hold(url.host):
            if origin not in self._robots:
                self._robots[origin] = await self._load_robots(_parse("/robots.txt", url))
        robots = self._robots[origin]
        if not robots.allows(str(url)):
            raise Unreachable(robots.reason)
        await self._turns.wait(url.host, robots.delay)

    async def _load_robots(self, url: httpx.URL) -> Robots:
        for _ in range(self.limits.redirects + 1):
            await self._turns.wait(url.host)
            try:
                page = await self._request(url, {}, self.limits.seconds)
                if page.status not in REDIRECTS or "location" not in page.headers:
                    return read_robots(page.status, page.body)
                url = _parse(page.headers["location"], url)
            except Unreachable as error:
                return Robots(None, f"robots.txt cannot be read: {error}")
        return Robots(None, "robots.txt has too many redirects")

    async def _request(self, url: httpx.URL, conditions: Mapping[str, str], seconds: float) -> Page:
        """One answer, redirects not followed. Raises Unreachable."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                async with self._connect(url, conditions) as response:
                    body = await read_body(response, self.limits.size)
            if response.status_code in BUSY:
                self._busy[url.host] = response.status_code
            return Page(str(url), response.status_code, response.headers, body)
        except TimeoutError:
            raise Unreachable(f"no whole answer within {self.limits.seconds:g} seconds") from None
        except ForbiddenAddress as error:
            raise Unreachable(str(error)) from None
        # ValueError: a name with an empty or too long label, which the resolver refuses to look up.
        except (OSError, ValueError, httpx.TransportError, httpx.InvalidURL) as error:
            raise Unreachable(f"{url.host}: {' '.join(str(error).split()) or type(error).__name__}") from None

    @asynccontextmanager
    async def _connect(self, url: httpx.URL, conditions: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask the first of the host's addresses that takes a connection."""
        host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        headers = {
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self.agent,
            "Accept": "text/html, application/pdf;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip",
            "Accept-Language": "sv, en;q=0.5",
            **conditions,
        }
        addresses = await find_public(host, port, self.resolve, self.test_port)
        requests = [
            self._client.build_request(
                "GET", url.copy_with(host=address), headers=headers, extensions={"sni_hostname": host}
            )
            for address in addresses
        ]
        response = await self._send_first(requests)
        try:
            yield response
        finally:
            await response.aclose()

    async def _send_first(self, requests: list[httpx.Request]) -> httpx.Response:
        for request in requests[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._client.send(request, stream=True)
        return await self._client.send(requests[-1], stream=True)


async def read_body(response: httpx.Response, size: int) -> bytes:
    """The body of an answer, decompressed to at most `size` bytes. Raises Unreachable."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise Unreachable(f"the answer is packed with {encoding[:20]}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    body = bytearray()
    async for part in response.aiter_raw():
        try:
            body += unpacker.decompress(part, size - len(body) + 1) if unpacker else part
        except zlib.error:
            raise Unreachable("the answer is not packed as it says") from None
        if len(body) > size:
            raise Unreachable(f"the page is larger than {size / 1_000_000:g} MB")
    if unpacker and body and (not unpacker.eof or unpacker.unused_data.strip(b"\0")):
        raise Unreachable("the answer breaks off")
    return bytes(body)


def _parse(address: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(address) if base else httpx.URL(address)
        host = url.host  # decodes it: ValueError for invalid punycode
    except (httpx.InvalidURL, ValueError) as error:
        raise Unreachable(f"{address[:200]!r} is no address: {error}") from None
    if url.scheme not in ("http", "https") or not host:
        raise Unreachable(f"{str(url)[:200]} is no web address")
    if url.userinfo:
        raise Unreachable(f"{host}: an address with a user or a password is not fetched")
    return url.copy_with(fragment=None)


def _is_same(address: str, other: str) -> bool:
    """Whether two addresses differ at most in scheme, `www.` and a final slash, which no editor would correct."""
    return _normalize(address) == _normalize(other)


def _normalize(address: str) -> str:
    url = httpx.URL(address)
    return f"{url.host.removeprefix('www.')}{url.raw_path.decode('ascii').rstrip('/')}"
