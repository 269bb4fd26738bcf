"""What publications are to the rest of the directory."""

from app.publications.models import PublicationDetails
from app.publications.reading import build_publications
from app.publications.record import PublicationRecord
from app.publications.routes import router
from app.publications.schemas import Publication
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind

DECLARATION = KindDeclaration(
    kind=Kind.PUBLICATION,
    record=PublicationRecord,
    schema=Publication,
    build=build_publications,
    routers=(router,),
    details=PublicationDetails,
)
