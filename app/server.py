"""What uvicorn serves: the application with the settings of this process."""

import gc

from fastapi import FastAPI

from app.http.logging import log_to_stderr
from app.settings import load


def _made() -> FastAPI:
    # What is made here stays: looking for garbage in it, then and in every later round, would be for nothing.
    gc.disable()
    from app.main import create_app  # noqa: PLC0415  # after the line above

    made = create_app(load())
    gc.freeze()
    gc.enable()
    return made


log_to_stderr()  # each worker is a process of its own
application = _made()
