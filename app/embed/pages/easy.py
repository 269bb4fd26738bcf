"""Whom to contact, in easy Swedish: the same question and answer, in fewer and shorter words."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse

from app.embed.pages.addresses import EASY, EASY_PATHS
from app.embed.pages.asking import AskingDep
from app.embed.pages.questions import Question, ReferralQuestion
from app.embed.pages.referring import MAX_FORM, Form, parse_form, read_question, render_referral
from app.http.contract import Cost, answers
from app.http.routing import Router

HTML = "text/html"
PATH = EASY_PATHS.sv

router = Router(include_in_schema=False, default_response_class=HTMLResponse)


@router.get(PATH)
@answers(HTML, fresh=60, private_questions=True, cost=Cost.HELP)
def show_easy(question: Annotated[ReferralQuestion, Query()], asking: AskingDep) -> HTMLResponse:
    """The form, and its answer, which without a question is the national order."""
    return render_referral(asking, question, is_asked=question != ReferralQuestion(), page=EASY)


@router.post(PATH)
@answers(HTML, fresh=None, body=MAX_FORM, cost=Cost.HELP)
def answer_easy(
    question: Annotated[Question, Query()], form: Annotated[Form, Depends(read_question)], asking: AskingDep
) -> HTMLResponse:
    """The answer to the form. Nobody stores it."""
    return render_referral(asking, parse_form(form), is_asked=True, page=EASY)
