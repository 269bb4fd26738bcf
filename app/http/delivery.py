"""Delivers answers from the cache or the routes, each in the best form for its client."""

from typing import NamedTuple

from sqlalchemy import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.deadlines import renew_deadline
from app.http.allowances import Allowances
from app.http.caching import ResponseCache
from app.http.context import context_of
from app.http.contract import Contract, Cost
from app.http.declared import Declarations
from app.http.lookups import Lookup, lookup_of
from app.http.measuring import count_kept
from app.http.problems import ProblemError
from app.http.replying import Inquiry, Reply
from app.http.representing import Encoded
from app.http.sending import encode, make_private, refuse, send_encoded
from app.http.turns import Turn, Turns, busy


class CachedAnswer(NamedTuple):
    """A cached answer in the form for one client."""

    status: int
    encoded: Encoded
    route: str


def await_whole(receive: Receive) -> Receive:
    """A `receive` that renews the deadline when the body is whole: how long the caller takes to send it is not ours."""

    async def receive_part() -> Message:
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            renew_deadline()
        return message

    return receive_part


class Delivery:
    """ASGI middleware around all routes: answers from the cache, or lets the routes answer (see `Reply`)."""

    def __init__(
        self,
        app: ASGIApp,
        cache: ResponseCache | None = None,
        declarations: Declarations | None = None,
        allowances: Allowances | None = None,
        standby: Engine | None = None,
    ) -> None:
        self.app = app
        self.cache = cache
        self._declarations = declarations or Declarations()
        self._allowances = allowances or Allowances(most=0)
        self._turns = Turns()
        self._standby = standby

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._pass_on(scope, receive, send)
            return
        context = context_of(scope)
        cache, lookup = self.cache, context.lookup or lookup_of(scope)
        if cache is None or lookup is None:
            await self._ask(Inquiry(dict(scope["headers"]), None), scope, receive, send)
            return
        if not context.has_looked:
            await cache.look()
        answer = cache.find(lookup.key, lookup.headers)
        if answer is None and await self._turns.wait_for(lookup.key):
            answer = cache.find(lookup.key, lookup.headers)
        if answer is None:
            await self._ask(Inquiry(lookup.headers, lookup.key, cache.version), scope, receive, send)
        else:
            context.route = answer.route
            count_kept()
            encoded = await encode(answer, lookup.headers)
            cache.count_encodings(answer)
            await send_encoded(encoded, lookup.headers, scope["method"], send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request other than GET; each one that a route takes counts against the caller's allowance."""
        if scope["type"] == "http":
            scope.setdefault("state", {})["turns"] = self._turns  # for methods that are answered like a GET
            try:
                if self._declarations.find_route(scope) is not None:
                    self._allowances.take(scope)
            except ProblemError as error:
                await refuse(error, scope, receive, send)
                return
            receive, send = await_whole(receive), make_private(send)
        await self.app(scope, receive, send)

    def find_cached(self, lookup: Lookup) -> CachedAnswer | None:
        """The cached answer to a request. The cache must have checked the store since it arrived."""
        cache = self.cache
        answer = None if cache is None else cache.find(lookup.key, lookup.headers)
        accept_encoding = lookup.headers.get(b"accept-encoding", b"")
        if cache is None or answer is None or answer.takes_long(accept_encoding):
            return None
        count_kept()
        encoded = answer.encoded(accept_encoding)
        cache.count_encodings(answer)
        return CachedAnswer(encoded.status_for(lookup.headers), encoded, answer.route)

    async def _ask(self, inquiry: Inquiry, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the routes answer."""
        context = context_of(scope)
        context.version, context.is_head = inquiry.version, scope["method"] == "HEAD"
        route = self._declarations.find_route(scope)
        contract = None if route is None else route.contract
        if self._standby is not None and self._may_read_standby(inquiry, contract):
            scope["state"]["standby"] = self._standby
        is_kept = contract is None or contract.caching is not None  # nobody waits for what is never kept
        turn = Turn(self._turns, inquiry.key if is_kept else None, Cost.USUAL if contract is None else contract.cost)
        scope.setdefault("state", {})["turn"] = turn  # for files, whose writing goes on after it
        try:
            if contract is not None and contract.cost >= Cost.DEAR:
                self._allowances.take(scope)
            if not await turn.begin():
                raise busy()
            # Routes know GET only; a HEAD is the same answer with its body left out.
            reply = Reply(inquiry, scope, send, turn, self.cache)
            await self.app({**scope, "method": "GET"}, receive, reply.forward)
        except ProblemError as error:  # raised above; problems of the routes are answered by them
            await refuse(error, scope, receive, send)
        finally:
            turn.end()

    def _may_read_standby(self, inquiry: Inquiry, contract: Contract | None) -> bool:
        """Whether the answer is public, and the standby holds the edition that was just seen."""
        is_public = inquiry.key is not None and contract is not None and contract.caching is not None
        return is_public and self.cache is not None and self.cache.is_followed
