"""What programs are to the rest of the directory."""

from app.programs.models import ProgramDetails
from app.programs.reading import build_programs
from app.programs.record import ProgramRecord
from app.programs.routes import router
from app.programs.schemas import Program
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind

DECLARATION = KindDeclaration(
    kind=Kind.PROGRAM,
    record=ProgramRecord,
    schema=Program,
    build=build_programs,
    routers=(router,),
    details=ProgramDetails,
)
