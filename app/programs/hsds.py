"""What a program adds to a service of HSDS."""

from app.http.views import View
from app.programs.models import ProgramDetails
from app.standards.hsds.writing import JsonObject, drop_unstated, write_day
from app.texts import Text, text_of

APPLICANT = Text(sv="Vem som ansöker", en="Who applies")
THROUGH = Text(sv="Genom", en="Through")


def tell_hsds_program(view: View, program: ProgramDetails) -> JsonObject:
    """How one applies, since when, and for how long it is granted."""
    applicant = text_of(program, "applicant", view.language)
    through = text_of(program, "apply_through", view.language)
    steps = [
        f"{APPLICANT[view.language]}: {applicant}." if applicant else "",
        f"{THROUGH[view.language]}: {through}." if through else "",
    ]
    return drop_unstated(
        application_process=" ".join(filter(None, steps)) or None,
        available_from=write_day(program.available_from),
        granted_days=program.days,
    )
