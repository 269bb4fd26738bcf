"""What uvicorn serves: the application with the settings of this process."""

from app.main import create_app
from app.settings import load

application = create_app(load())
