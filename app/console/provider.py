"""Signing in with an account of the organization: OpenID Connect with code flow, PKCE, state and nonce.

Only imported by whoever signs in this way. Nothing is stored until that has succeeded: state, nonce and verifier are
made of one secret, which the browser keeps in a cookie meanwhile.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import httpx
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from app.access.models import KeyRole
from app.console.sign_in_places import ProviderUnavailable, SignInFailed
from app.settings import Settings

PATIENCE = 5.0
"""Seconds for all answers of the provider to one request of ours together."""
LEEWAY = 60
"""Seconds by which the clock of the provider may differ from ours."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures that only the provider can make; not those with a shared secret, and not `none`."""
Answer = TypeVar("Answer")


class AccountRefused(SignInFailed):
    """The provider's answer does not prove who signs in."""

    reason = "account"


class AccountWithoutRole(SignInFailed):
    """The account is proved, but has no role that may sign in to the console."""

    reason = "role"


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in. `digest`: what the account is recognised by; neither name nor address of a person is kept.

    `scope`: as the claim gives it, such as `municipality=1380` or `all`; None where it gives none.
    """

    digest: str
    role: KeyRole
    scope: str | None


class Handshake:
    """What one sign-in is recognised by, made of a secret that only this browser has."""

    def __init__(self, secret: str) -> None:
        self.state, self.nonce, self.verifier = (
            hmac.digest(secret.encode(), purpose, "sha256").hex() for purpose in (b"state", b"nonce", b"verifier")
        )
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Provider:
    """The provider that the settings name, and where it sends people back to."""

    def __init__(self, settings: Settings, redirect_uri: str) -> None:
        assert settings.oidc_issuer is not None
        self.issuer, self.roles_claim = settings.oidc_issuer, settings.oidc_roles_claim
        self._client_id = settings.oidc_client_id or ""
        self._secret = settings.oidc_client_secret
        self._redirect_uri = redirect_uri

    def begin(self, handshake: Handshake) -> str:
        """The address at which somebody signs in. Raises ProviderUnavailable."""
        endpoint = str(_ask(self._load_metadata)["authorization_endpoint"])
        parameters = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": handshake.state,
            "nonce": handshake.nonce,
            "code_challenge": handshake.challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"

    def finish(self, handshake: Handshake, code: str) -> Account:
        """Who has signed in. Raises ProviderUnavailable, AccountRefused or AccountWithoutRole."""

        async def redeem(client: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any]]:
            metadata = await self._load_metadata(client)
            token = await self._redeem(client, str(metadata["token_endpoint"]), handshake, code)
            return token, await _load(client, str(metadata["jwks_uri"]))

        return self._read_account(self._check(*_ask(redeem), handshake))

    async def _load_metadata(self, client: httpx.AsyncClient) -> dict[str, Any]:
        metadata = await _load(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        required = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
        if metadata.get("issuer") != self.issuer or not required <= set(metadata):
            raise ProviderUnavailable("its metadata are of another issuer, or incomplete")
        return metadata

    async def _redeem(
        self, client: httpx.AsyncClient, endpoint: str, handshake: Handshake, code: str
    ) -> dict[str, Any]:
        """Exchange the code for tokens; a code works once, and only with its verifier."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._client_id,
            "code_verifier": handshake.verifier,
        }
        pair = quote(self._client_id, safe=""), quote(self._secret or "", safe="")
        proof = httpx.BasicAuth(*pair) if self._secret else httpx.USE_CLIENT_DEFAULT
        try:
            answer = await client.post(endpoint, data=fields, auth=proof)
            token = {} if answer.is_client_error else answer.json()  # whoever makes a code up closes it for nobody
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailable(type(error).__name__) from None
        if answer.status_code != 200 or not isinstance(token, dict) or "id_token" not in token:
            raise AccountRefused("the code was not accepted")
        return token

    def _check(self, token: dict[str, Any], keys: dict[str, Any], handshake: Handshake) -> CodeIDToken:
        """The claims of an ID token that is the provider's, for us, of this sign-in. Raises AccountRefused."""
        options: Any = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
        }
        expected = {"nonce": handshake.nonce, "client_id": self._client_id, "access_token": token.get("access_token")}
        try:
            registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
            decoded = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
            claims = CodeIDToken(decoded.claims, decoded.header, options, expected)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise AccountRefused(type(error).__name__) from None
        return claims

    def _read_account(self, claims: CodeIDToken) -> Account:
        claimed = claims.get(self.roles_claim)
        role, scope = _read_role([claimed] if isinstance(claimed, str) else claimed)
        return Account(_digest_subject(self.issuer, str(claims["sub"])), role, scope)


def _read_role(claimed: object) -> tuple[KeyRole, str | None]:
    """The role that a claim gives, and the scope of an editor: of several scopes, none. Raises AccountWithoutRole."""
    named = [value for value in claimed if isinstance(value, str)] if isinstance(claimed, list) else []
    if KeyRole.ADMIN in named:
        return KeyRole.ADMIN, None
    scopes = {scope for role, _, scope in (value.partition(":") for value in named) if role == KeyRole.EDITOR}
    if not scopes:
        raise AccountWithoutRole("it has no role of the console")
    named_scopes = scopes - {""}
    return KeyRole.EDITOR, named_scopes.pop() if len(named_scopes) == 1 else None


def _digest_subject(issuer: str, subject: str) -> str:
    """What an account is recognised by. scrypt: a subject may be a personal number, and all of those can be tried.

    Not keyed with the client secret: that is renewed, and who was revoked would be let in again.
    """
    return hashlib.scrypt(subject.encode(), salt=issuer.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def _ask(work: Callable[[httpx.AsyncClient], Awaitable[Answer]]) -> Answer:
    """Ask the provider, within one deadline however slowly it answers. Raises ProviderUnavailable."""

    async def ask() -> Answer:
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(timeout=PATIENCE) as client:
            return await work(client)

    try:
        return asyncio.run(ask())
    except TimeoutError:
        raise ProviderUnavailable(f"no answer within {PATIENCE:g} seconds") from None


async def _load(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """A JSON object of the provider. Raises ProviderUnavailable."""
    try:
        answer = await client.get(address)
        document = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderUnavailable(type(error).__name__) from None
    if answer.status_code != 200 or not isinstance(document, dict):
        raise ProviderUnavailable(f"status {answer.status_code}")
    return document
