"""What courses are to the rest of the directory."""

from app.courses.models import CourseDetails
from app.courses.reading import build_courses
from app.courses.record import CourseRecord
from app.courses.routes import router
from app.courses.schemas import Course
from app.resources.declaration import KindDeclaration
from app.resources.kind import Kind

DECLARATION = KindDeclaration(
    kind=Kind.COURSE,
    record=CourseRecord,
    schema=Course,
    build=build_courses,
    routers=(router,),
    details=CourseDetails,
)
