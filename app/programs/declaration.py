"""What programs are to the rest of the directory."""

from app.programs.facts import tell_program
from app.programs.hsds import tell_hsds_program
from app.programs.models import ProgramDetails
from app.programs.reading import build_programs
from app.programs.record import ProgramRecord
from app.programs.routes import router
from app.programs.schemas import Program
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind
from app.standards.exports.tables import own_columns
from app.standards.schema_org_types import service

DECLARATION = KindDeclaration(
    kind=Kind.PROGRAM,
    record=ProgramRecord,
    schema=Program,
    build=build_programs,
    routers=(router,),
    details=ProgramDetails,
    facts=tell_program,
    columns=own_columns(Program),
    schema_org=service,
    hsds=tell_hsds_program,
)
