"""What hotlines are to the rest of the directory."""

from app.hotlines.reading import build_hotlines
from app.hotlines.record import HotlineRecord
from app.hotlines.routes import router
from app.hotlines.schemas import Hotline
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind

DECLARATION = KindDeclaration(
    kind=Kind.HOTLINE,
    record=HotlineRecord,
    schema=Hotline,
    build=build_hotlines,
    routers=(router,),
    details=None,
)
