"""The facts of a program, in words."""

from collections.abc import Iterator

from app.programs.schemas import Program
from app.resources.facts import Fact, Words, name_days
from app.texts import Language
from app.times import date_in_words


def tell_program(program: Program, say: Words, language: Language) -> Iterator[Fact]:
    """Who applies and through whom, since when and for how long."""
    yield Fact("applicant", program.applicant)
    yield Fact("apply_through", program.apply_through)
    yield Fact("available_from", date_in_words(program.available_from, language) if program.available_from else None)
    yield Fact("duration", name_days(program.days, say["facts"]))
