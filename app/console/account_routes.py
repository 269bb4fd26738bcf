"""Signing in with an account of the organization, where the settings name a provider of OpenID Connect."""

import logging
from hmac import compare_digest
from secrets import token_hex
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from app.access.keys import KeyRefused
from app.console.accounts import AccountWaits, choose_account_key
from app.console.rendering import HEADERS, HTML, Plain, home_of, render
from app.console.sessions import begin_account_session
from app.console.sign_in_places import ProviderUnavailable, SignInFailed, SignInPlaces
from app.console.visitors import ForeignForm, NowDep, is_secure, keep_token, name_cookie, read_token
from app.http.allowances import Allowances
from app.http.contract import Cost, answers
from app.http.links import base_url
from app.http.problems import NotFound
from app.http.routing import Router
from app.records.faults import InvalidRecords
from app.settings import Settings

COOKIE = "stodkatalog-inloggning"
MINUTES = 10
"""Minutes that somebody may take to sign in at the provider."""
router = Router(include_in_schema=False)
log = logging.getLogger("stodkatalog")


class AnswerParameters(Plain):
    """What a provider sends back. `iss`: which provider it is (RFC 9207)."""

    code: str = Field("", max_length=4000)
    state: str = Field("", max_length=200)
    iss: str = Field("", max_length=500)


@router.get("/logga-in/konto")
@answers(HTML, fresh=None, cost=Cost.WAITING, cross_origin=False)
def begin_sign_in(parameters: Annotated[Plain, Query()], request: Request) -> Response:
    """Redirect to the provider; the browser keeps a secret by which the provider's answer is recognised."""
    from app.console.provider import Handshake, Provider  # noqa: PLC0415  # few sign in this way

    _require_navigation(request)
    _take_allowance(request)
    secret = token_hex(32)
    provider = Provider(_read_settings(request), _make_return(request))
    try:
        with _places_of(request).take():
            address = provider.begin(Handshake(secret))
    except SignInFailed as error:
        return _refuse_failed(request, error)
    response = RedirectResponse(address, 303, HEADERS)
    _keep_secret(request, response, secret)
    return response


@router.get("/logga-in/svar")
@answers(HTML, fresh=None, cost=Cost.WAITING, cross_origin=False)
def end_sign_in(parameters: Annotated[AnswerParameters, Query()], now: NowDep, request: Request) -> Response:
    """Begin a session for whom the provider names. The secret of the sign-in is used up, even if it fails."""
    from app.console.provider import Handshake, Provider  # noqa: PLC0415  # few sign in this way

    _take_allowance(request)
    provider = Provider(_read_settings(request), _make_return(request))
    secret = request.cookies.get(name_cookie(request, COOKIE), "")
    handshake = Handshake(secret)
    is_ours = secret != "" and compare_digest(parameters.state.encode(), handshake.state.encode())
    if not is_ours or not parameters.code or parameters.iss not in ("", provider.issuer):
        return _refuse(request, "account", 403)
    engine = request.app.state.engine
    try:
        with _places_of(request).take():
            account = provider.finish(handshake, parameters.code)
            key = choose_account_key(engine, account.digest, account.role, account.scope, now)
            token = begin_account_session(engine, key, read_token(request), now)
    except SignInFailed as error:
        return _refuse_failed(request, error)
    except KeyRefused:
        return _refuse(request, "revoked", 403)
    except InvalidRecords as error:
        log.warning("a sign-in with an account failed: %s", error)
        return _refuse(request, "scope", 403)
    # A page and no redirect: browsers send a strict cookie only with what a page of ours leads to.
    response = render(request, "signed_in.html")
    keep_token(request, response, token)
    _keep_secret(request, response, None)
    return response


def _read_settings(request: Request) -> Settings:
    """The settings, where they name a provider. Raises NotFound."""
    settings: Settings = request.app.state.settings
    if settings.oidc_issuer is None:
        raise NotFound("Nobody signs in with an account here.")
    return settings


def _make_return(request: Request) -> str:
    """The address that the provider sends people back to; it is registered there."""
    return f"{base_url(request)}/redaktion/logga-in/svar"


def _require_navigation(request: Request) -> None:
    """Raise ForeignForm where the browser says that nobody navigates here, as for an image in another site's page."""
    if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
        raise ForeignForm


def _places_of(request: Request) -> SignInPlaces:
    places: SignInPlaces = request.app.state.sign_in_places
    return places


def _take_allowance(request: Request) -> None:
    allowances: Allowances = request.app.state.sign_in_allowances
    allowances.take(request.scope)


def _keep_secret(request: Request, response: Response, secret: str | None) -> None:
    """Let the browser keep the secret while it is at the provider, and bring it back from there; None: forget it."""
    response.set_cookie(
        name_cookie(request, COOKIE),
        secret or "",
        max_age=60 * MINUTES if secret else 0,
        path=f"{urlsplit(home_of(request)).path}/logga-in",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def _refuse_failed(request: Request, error: SignInFailed) -> Response:
    level = logging.ERROR if isinstance(error, ProviderUnavailable) else logging.WARNING
    log.log(level, "a sign-in with an account failed: %s", error)
    return _refuse(request, error.reason, error.status, error.name if isinstance(error, AccountWaits) else "")


def _refuse(request: Request, reason: str, status: int, account: str = "") -> Response:
    """The page to sign in, with why it failed. `account`: the pseudonym of one that waits."""
    response = render(request, "sign_in.html", status=status, code="", refused=reason, account=account)
    _keep_secret(request, response, None)
    return response
