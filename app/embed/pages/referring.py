"""Whom to contact, as a page: the answers of the form are posted, so that they stand in no address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.areas.models import AreaKind
from app.areas.queries import areas
from app.areas.suggesting import UnknownArea
from app.embed.pages.answering import render
from app.embed.pages.asking import AskingDep
from app.embed.pages.questions import Question, ReferralQuestion
from app.embed.pages.resource import load_lines
from app.http.context import context_of
from app.http.contract import Cost, answers
from app.referrals.making import make_referral
from app.referrals.schemas import Referral, ReferralParameters
from app.resources.listing import Asking
from app.texts import text_of
from app.vocabularies.models import Vocabulary
from app.vocabularies.queries import terms

HTML = "text/html"
MAX_FORM = 4 * 1024
"""Bytes: a municipality and six short values."""

Form = Mapping[str, str]


async def read_question(request: Request) -> Form:
    """The fields of the form that were filled in. They are kept for the page that tells what is wrong with them."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        sent = dict(parse_qsl(body, max_num_fields=2 * len(ReferralQuestion.model_fields)))
    except ValueError:
        sent = {}
    answers = {name: value for name, value in sent.items() if name in ReferralQuestion.model_fields and value.strip()}
    context_of(request.scope).posted = answers
    return answers


@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_referral(question: Annotated[ReferralQuestion, Query()], asking: AskingDep) -> HTMLResponse:
    """Whom to contact: the form, and its answer, which without a question is the national order."""
    return render_referral(asking, question, is_asked=question != ReferralQuestion())


@answers(HTML, fresh=None, body=MAX_FORM, cost=Cost.HELP)
def answer_posted(
    question: Annotated[Question, Query()], form: Annotated[Form, Depends(read_question)], asking: AskingDep
) -> HTMLResponse:
    """The answer to a form. Nobody stores it, and its address is that of the form alone."""
    return render_referral(asking, parse_form(form), is_asked=True)


def parse_form(form: Form) -> ReferralQuestion:
    """The question that a form asks. Raises RequestValidationError, as the query of an address does."""
    try:
        return ReferralQuestion.model_validate(dict(form))
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("query", *fault["loc"])} for fault in error.errors()]) from None


def render_referral(
    asking: Asking, question: ReferralQuestion, *, is_asked: bool, page: str = "referral"
) -> HTMLResponse:
    """The page of a question with its answer; before anything is asked, the national order."""
    facts_from = asking.lasting or asking.at
    if question.at is not None:
        asking = replace(asking, at=question.at, live=False)
    answer = _answer(asking, question.parameters())
    through = load_lines(asking, [step.reached_through.id for step in answer.steps if step.reached_through])
    values = {"question": question, "answer": answer, "through": through, "live": asking.live, "facts_from": facts_from}
    return render(asking.request, page, values | load_choices(asking), listed=not is_asked)


def _answer(asking: Asking, parameters: ReferralParameters) -> Referral:
    """Whom to contact; people write the name of their county as well, where the form asks for their municipality."""
    try:
        return make_referral(asking, parameters)
    except UnknownArea as error:
        if error.other is not AreaKind.COUNTY:
            raise
        county = parameters.model_copy(update={"municipality": None, "county": parameters.municipality})
        return make_referral(asking, county)


def load_municipalities(asking: Asking) -> list[str]:
    """The names of all municipalities."""
    return [area.name_sv for area in asking.session.scalars(areas(AreaKind.MUNICIPALITY))]


def load_choices(asking: Asking) -> dict[str, Any]:
    """What the fields of the form offer."""
    topics = asking.session.scalars(terms(Vocabulary.TOPIC))
    return {
        "municipalities": load_municipalities(asking),
        "topics": [(topic.slug, text_of(topic, "name", asking.language)) for topic in topics],
    }
