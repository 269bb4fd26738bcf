"""uvicorn's HTTP protocol, with a bound on what a caller may send that nothing reads."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST = 64 * 1024
"""Bytes of one request's head, and of what follows the last head: the longest address and body take an eighth each."""


class BoundedProtocol(HttpToolsProtocol):
    """Lets go of a caller whose request has no end: its headers would fill the memory before anything looks at them."""

    _received = 0

    def data_received(self, data: bytes) -> None:
        """Take bytes from the connection."""
        self._received += len(data)
        super().data_received(data)
        if self._received > LONGEST and not self.transport.is_closing():
            if getattr(self.cycle, "response_complete", True):  # None before the first request is read
                self.send_400_response("The request is too long.")
            else:
                self.transport.close()

    def on_headers_complete(self) -> None:
        """A head is whole: counting begins anew."""
        self._received = 0
        super().on_headers_complete()
