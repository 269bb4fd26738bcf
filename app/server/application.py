"""What uvicorn serves: the application with the settings of this process."""

import ctypes
import gc

from fastapi import FastAPI

from app.http.logging import log_to_stderr
from app.http.measuring import start_measuring
from app.http.safe_logs import make_logs_safe
from app.settings import load

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3
"""Of glibc's <malloc.h>."""


def _use_memory_again() -> None:
    # By default each thread takes memory of its own, of which the others cannot use what it has freed; and large blocks
    # come to lie among small ones, from where they never go back to the system.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other libraries than glibc have none
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, 512 * 1024)


def _made() -> FastAPI:
    # What is made here stays: looking for garbage in it, then and in every later round, would be for nothing.
    gc.disable()
    from app.main import create_app  # noqa: PLC0415  # after the line above

    made = create_app(load())
    gc.freeze()
    gc.enable()
    return made


_use_memory_again()
log_to_stderr()  # each worker is a process of its own
_settings = load()
make_logs_safe(as_json=_settings.log_format == "json")
if _settings.metrics is not None:
    start_measuring()
application = _made()
