"""What support services are to the rest of the directory."""

from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind
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
)
