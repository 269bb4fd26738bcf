"""Few long files at a time, whoever asks for them."""

import threading
from collections.abc import Iterator

from app.http.problems import Unavailable

SENDING = threading.BoundedSemaphore(4)
"""How many files a process sends at a time: each holds a connection to the store until its reader has it all, and most
connections are for those who ask for one thing."""


def one_of_few() -> Iterator[None]:
    """Be one of the few to whom a file is sent. Raises Unavailable."""
    if not SENDING.acquire(blocking=False):
        raise Unavailable("Too many files are being sent just now. Try again shortly.", headers={"Retry-After": "10"})
    try:
        yield
    finally:
        SENDING.release()
