"""What support services are to the rest of the directory."""

from app.resources.declaration import KindDeclaration
from app.resources.facts import plain_facts
from app.resources.kind import Kind
from app.standards.exports.tables import own_columns
from app.standards.schema_org_types import service
from app.support_services.reading import build_support_services
from app.support_services.record import SupportServiceRecord
from app.support_services.routes import router
from app.support_services.schemas import SupportService

DECLARATION = KindDeclaration(
    kind=Kind.SUPPORT_SERVICE,
    record=SupportServiceRecord,
    schema=SupportService,
    build=build_support_services,
    routers=(router,),
    details=None,
    facts=plain_facts,
    columns=own_columns(SupportService),
    schema_org=service,
)
