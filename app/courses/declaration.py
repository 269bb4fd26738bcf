"""What courses are to the rest of the directory."""

from app.courses.facts import tell_course
from app.courses.hsds import tell_hsds_course
from app.courses.models import CourseDetails
from app.courses.reading import build_courses
from app.courses.record import CourseRecord
from app.courses.routes import router
from app.courses.schema_org import describe_course
from app.courses.schemas import Course
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind
from app.standards.exports.tables import own_columns

DAYS = "Of a course, its length; of a programme, for how long it is granted."

DECLARATION = KindDeclaration(
    kind=Kind.COURSE,
    record=CourseRecord,
    schema=Course,
    build=build_courses,
    routers=(router,),
    details=CourseDetails,
    facts=tell_course,
    columns=own_columns(Course, says={"days": DAYS}),
    schema_org=describe_course,
    hsds=tell_hsds_course,
)
