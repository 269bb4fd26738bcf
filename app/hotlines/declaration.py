"""What hotlines are to the rest of the directory."""

from app.hotlines.reading import build_hotlines
from app.hotlines.record import HotlineRecord
from app.hotlines.routes import router
from app.hotlines.schemas import Hotline
from app.resources.declaration import KindDeclaration
from app.resources.facts import plain_facts
from app.resources.kind import Kind
from app.standards.exports.tables import own_columns
from app.standards.schema_org_types import service

DECLARATION = KindDeclaration(
    kind=Kind.HOTLINE,
    record=HotlineRecord,
    schema=Hotline,
    build=build_hotlines,
    routers=(router,),
    details=None,
    facts=plain_facts,
    columns=own_columns(Hotline),
    schema_org=service,
)
