"""Sending one message: to public addresses only, which are looked up once; redirects are not followed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from socket import gaierror

import httpx

from app.verifying.addresses import ForbiddenAddress, Resolve, find_public, resolve
from app.verifying.fetching import load_authorities

SECONDS = 15.0
"""In which a receiver answers; what else it does with the message, it does later."""
GONE = 410
"""The status of a receiver that wants no more messages."""


class NotDelivered(Exception):
    """The delivery failed; the text says why. `status`: what the receiver answered, if it did."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status

    @property
    def is_final(self) -> bool:
        """Whether the receiver wants no more messages."""
        return self.status == GONE


class NotPublic(NotDelivered):
    """The host has no address, or one that is not public. The text tells which: it is for editors, and no caller."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends for one run. `test_port`: a port of 127.0.0.1 that may be sent to, without TLS."""

    agent: str
    test_port: int | None = None
    seconds: float = SECONDS
    resolve: Resolve = field(default=resolve)

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a message. Returns the receiver's status. Raises NotDelivered for anything but an answer of 2xx."""
        try:
            async with asyncio.timeout(self.seconds):
                status = await self._post(httpx.URL(url), body, headers)
        except TimeoutError:
            raise NotDelivered(f"no answer within {self.seconds:g} seconds") from None
        except (ForbiddenAddress, gaierror) as error:
            raise NotPublic(str(error)) from None
        # ValueError: a name with an empty or too long label, which the resolver refuses to look up.
        except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotDelivered(" ".join(str(error).split())[:200] or type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotDelivered(f"the receiver answered {status}", status)
        return status

    async def _post(self, url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> int:
        host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        if url.scheme != "https" and port != self.test_port:
            raise NotDelivered("the address does not begin with https://")
        address = (await find_public(host, port, self.resolve, self.test_port))[0]
        all_headers = {
            **headers,
            "Host": url.netloc.decode("ascii"),
            "User-Agent": self.agent,
            "Content-Type": "application/json",
        }
        # Connect to the address that was checked to be public; a proxy would resolve the name again.
        async with httpx.AsyncClient(verify=load_authorities(), trust_env=False, timeout=self.seconds) as client:
            where = url.copy_with(host=address)
            request = client.build_request(
                "POST", where, content=body, headers=all_headers, extensions={"sni_hostname": host}
            )
            response = await client.send(request, stream=True)  # the body is not read
            await response.aclose()
            return response.status_code
