"""uvicorn's HTTP protocol over httptools, with limits on requests and proper refusals."""

import time
from functools import partial
from typing import Any

import httptools
from starlette.types import Message, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.http.logging import note
from app.http.problems import ProblemError
from app.http.targets import replace_host, split_target
from app.server.cache_access import find_service
from app.server.refusals import TOO_LONG, UNKNOWN_METHOD, UNREADABLE, explain_unknown_method, write_refusal

LONGEST = 64 * 1024
"""Bytes of one request's head, and of what follows the last head: the longest address and body take an eighth each."""

UPGRADING = frozenset({b"upgrade", b"connection", b"http2-settings"})
"""Headers that offer another protocol; without them, a request stays what it is."""


class LimitedProtocol(HttpToolsProtocol):
    """Reads requests, and refuses those that are too long or not HTTP.

    A refusal is sent after the answers to the requests before it.
    """

    _received = 0
    _in_body = False
    _offers_upgrade = False
    _refusal: tuple[int, bytes] | None = None

    def data_received(self, data: bytes) -> None:
        """Take bytes from the connection."""
        self._unset_keepalive_if_required()
        if self._refusal is not None or self.transport.is_closing():
            return
        self._received += len(data)
        self._feed(data)
        if self._received > LONGEST and not self.transport.is_closing():
            if getattr(self.cycle, "response_complete", True):  # None before the first request is read
                self._refuse(TOO_LONG)
            else:
                self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is complete: counting starts again."""
        self._received = 0
        if self.parser.should_upgrade():
            self._offers_upgrade = True  # the head is parsed again without the offer
            return
        target = self.url
        if target[:1] != b"/":
            self._to_origin_form()
        super().on_headers_complete()
        self._in_body = True
        if target == b"*":
            self.scope["path"], self.scope["raw_path"] = "*", b"*"
        self.headers = []  # trailers are not headers

    def on_message_complete(self) -> None:
        """The request is complete. A trailer may have asked to close the connection."""
        if self._offers_upgrade:
            return
        self._in_body = False
        if not self.parser.should_keep_alive():
            self._end_after_response(self.cycle)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """A request has been answered."""
        was_last = not self.pipeline
        super().on_response_complete()
        if was_last and self._refusal is not None and not self.transport.is_closing():
            self._write_refusal(self._refusal)

    def _end_after_response(self, cycle: RequestResponseCycle) -> None:
        if cycle.response_complete:
            self.transport.close()
        else:
            cycle.keep_alive = False

    def _feed(self, data: bytes) -> None:
        while not self.transport.is_closing():
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                self._offers_upgrade = False
                if self.parser.get_method() != b"CONNECT":
                    data = self._write_head_without_upgrade() + data[upgrade.args[0] :]
                    self.parser = httptools.HttpRequestParser(self)
                    self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
                    continue
                self._refuse(UNKNOWN_METHOD)
            except httptools.HttpParserInvalidMethodError:
                self._refuse(explain_unknown_method(data))
            except httptools.HttpParserError:
                self._refuse(UNREADABLE)
            return

    def _write_head_without_upgrade(self) -> bytes:
        closing = b"Connection: close\r\n" if _asks_to_close(self.headers) else b""
        lines = [b"%s: %s\r\n" % (name, value) for name, value in self.headers if name not in UPGRADING]
        line = self.parser.get_method(), self.url, self.parser.get_http_version().encode()
        return b"%s %s HTTP/%s\r\n%s%s\r\n" % (*line, b"".join(lines), closing)

    def _to_origin_form(self) -> None:
        host, target = split_target(self.url)
        if host is not None:
            self.headers[:] = replace_host(self.headers, host)
        self.url = b"/" if target == b"*" else target

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if cycle.scope["http_version"] == "1.0":
            app = partial(_answer_until_close, cycle, app)
        super()._start_asgi_task(cycle, app)

    def _refuse(self, error: ProblemError) -> None:
        """Answer with this problem and close the connection, after the requests before it were answered."""
        if self.transport.is_closing():
            return
        refusal = error.status, write_refusal(find_service(self.config.loaded_app), error, self._default_headers)
        last: RequestResponseCycle | None = self.cycle
        if last is None or (last.response_complete and not self._in_body):
            self._write_refusal(refusal)
        elif not self._in_body:
            self._refusal = refusal
        elif self.pipeline:
            self.pipeline.popleft()  # the request that is broken
            self._refusal = refusal
        elif last.response_started:
            self.transport.close()
        else:
            self._write_refusal(refusal)

    def _write_refusal(self, refusal: tuple[int, bytes]) -> None:
        status, answer = refusal
        self.transport.write(answer)
        self.transport.close()
        note("-", "-", status, time.perf_counter())

    @property
    def _default_headers(self) -> list[tuple[bytes, bytes]]:
        return self.server_state.default_headers


def _asks_to_close(headers: list[tuple[bytes, bytes]]) -> bool:
    options = b",".join(value for name, value in headers if name == b"connection")
    return b"close" in (option.strip().lower() for option in options.split(b","))


async def _answer_until_close(
    cycle: RequestResponseCycle, app: Any, scope: Scope, receive: Receive, send: Send
) -> None:
    """HTTP/1.0 has no chunked encoding: without a length, closing the connection ends the answer."""
    cycle.chunked_encoding = False

    async def send_plain(message: Message) -> None:
        if message["type"] == "http.response.body":
            cycle.expected_content_length = len(message.get("body", b""))  # uvicorn compares
        await send(message)

    await app(scope, receive, send_plain)
