"""The facts of a course, in words."""

from collections.abc import Iterator

from app.courses.schemas import Course
from app.resources.facts import Fact, Words, name_days, quote
from app.texts import Language
from app.times import date_in_words


def tell_course(course: Course, say: Words, language: Language) -> Iterator[Fact]:
    """Format, length, chapters, price and launch."""
    words = say["facts"]
    minutes = words["minutes"].format(course.minutes) if course.minutes is not None else None
    price = None if course.free is None else words["free" if course.free else "not_free"]
    yield Fact("format", None if course.format is None else say["formats"][course.format])
    yield Fact("length", quote(minutes or name_days(course.days, words), course.duration_stated, words))
    yield Fact("chapters", None if course.chapters is None else str(course.chapters))
    yield Fact("price", quote(price, course.price_stated, words))
    yield Fact("launched_on", date_in_words(course.launched_on, language) if course.launched_on else None)
