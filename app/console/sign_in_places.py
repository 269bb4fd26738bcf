"""Limits how many people sign in with an account at a time: a provider that hangs holds up only those few."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from time import monotonic
from typing import ClassVar

AT_ONCE = 2
"""How many sign-ins of a process may wait for the provider."""
PAUSE = 10.0
"""Seconds for which a provider that has failed is not asked again."""


class SignInFailed(Exception):
    """Nobody is signed in. `reason`: what the page says (`SIGN_IN_FAULTS`)."""

    reason: ClassVar[str]
    status: ClassVar[int] = 403


class ProviderUnavailable(SignInFailed):
    """The provider does not answer, or not as OpenID Connect has it."""

    reason, status = "unavailable", 503


class TooManySignIns(SignInFailed):
    """All places are taken."""

    reason, status = "busy", 503


class SignInPlaces:
    """The places of a process, and whether its provider has just failed."""

    def __init__(self) -> None:
        self._free = BoundedSemaphore(AT_ONCE)
        self._closed_until = 0.0

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold a place while the provider is asked. Raises TooManySignIns or ProviderUnavailable at once."""
        if monotonic() < self._closed_until:
            raise ProviderUnavailable("it has just failed")
        if not self._free.acquire(blocking=False):
            raise TooManySignIns("all places are taken")
        try:
            yield
        except ProviderUnavailable:
            self._closed_until = monotonic() + PAUSE
            raise
        finally:
            self._free.release()
