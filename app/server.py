"""What uvicorn serves: the application with the settings of this process."""

from app.http.logging import log_to_stderr
from app.main import create_app
from app.settings import load

log_to_stderr()  # each worker is a process of its own
application = create_app(load())
