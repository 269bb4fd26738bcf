"""A request that the standby fails is answered from the primary.

A standby may end what it reads at any time ("canceling statement due to conflict with recovery"), go away, or freeze.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.context import context_of
from app.http.measuring import count_standby


class SecondTry:
    """ASGI middleware around the sessions of requests. Once an answer has begun, there is no second try."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.get("state", {})
        if state.get("standby") is None:
            await self.app(scope, receive, send)
            return
        context, has_failed = context_of(scope), False

        async def send_unless_failed(message: Message) -> None:
            nonlocal has_failed
            if message["type"] == "http.response.start":
                has_failed = message["status"] == 503
            if not has_failed:
                await send(message)

        context.reads_standby = True
        await self.app(dict(scope), receive, send_unless_failed)  # a copy: routing leaves its path in it
        context.reads_standby = False
        count_standby(has_failed=has_failed)
        if has_failed:
            state["standby"] = None
            state.pop("session", None)
            await self.app(scope, receive, send)
