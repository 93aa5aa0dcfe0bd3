"""Which tokens of users count."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.duration import duration
from meshwright.charts.environment import Environment
from meshwright.charts.headers import is_header_name
from meshwright.charts.lists import as_given, check_lists, only
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.overloads import overload
from meshwright.charts.problem import Part, problem
from meshwright.charts.workloads import app_of, selected
from meshwright.charts.written import Written
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta
    from typing import Any

    from meshwright.charts.http_app import HttpApp
    from meshwright.imports.istio.security import AuthorizationPolicy, JWTRule
    from meshwright.imports.istio.security import RequestAuthentication as RequestAuthenticationKind


@tells_misfits
class JwtRule(Written):
    """Tokens of one issuer.

    Args:
        issuer: The ``iss`` of its tokens.
        jwks_uri: Where its public keys are; found by OpenID Connect discovery when left out.
        jwks: Instead, the keys themselves, as JSON.
        audiences: Of which a token has to name one.
        from_headers: Headers that may hold the token, each with what stands before it; ``Authorization: Bearer `` when
            all of ``from_`` are left out.
        from_params: Query parameters that may.
        from_cookies: Cookies that may.
        claims_to_headers: Headers that tell the app what the token claims: header to claim.
        payload_header: A header that gets the whole payload, in base64.
        forward_token: Whether the app gets the token itself.
        timeout: For fetching the keys; 5 seconds by default.

    Source: Istio reference, "RequestAuthentication", JWTRule.
    """

    __slots__ = (
        "audiences",
        "claims_to_headers",
        "forward_token",
        "from_cookies",
        "from_headers",
        "from_params",
        "issuer",
        "jwks",
        "jwks_uri",
        "payload_header",
        "timeout",
    )

    @overload
    def __init__(
        self,
        issuer: str,
        *,
        jwks_uri: str | None = None,
        audiences: Sequence[str] = (),
        from_headers: Mapping[str, str] | None = None,
        from_params: Sequence[str] = (),
        from_cookies: Sequence[str] = (),
        claims_to_headers: Mapping[str, str] | None = None,
        payload_header: str | None = None,
        forward_token: bool | None = None,
        timeout: timedelta | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        issuer: str,
        *,
        jwks: str,
        audiences: Sequence[str] = (),
        from_headers: Mapping[str, str] | None = None,
        from_params: Sequence[str] = (),
        from_cookies: Sequence[str] = (),
        claims_to_headers: Mapping[str, str] | None = None,
        payload_header: str | None = None,
        forward_token: bool | None = None,
        timeout: timedelta | None = None,
    ) -> None: ...
    def __init__(
        self,
        issuer: str,
        *,
        jwks_uri: str | None = None,
        jwks: str | None = None,
        audiences: Sequence[str] = (),
        from_headers: Mapping[str, str] | None = None,
        from_params: Sequence[str] = (),
        from_cookies: Sequence[str] = (),
        claims_to_headers: Mapping[str, str] | None = None,
        payload_header: str | None = None,
        forward_token: bool | None = None,
        timeout: timedelta | None = None,
    ) -> None:
        super().__init__()
        self.issuer = issuer
        self.jwks_uri = jwks_uri
        self.jwks = jwks
        self.audiences = as_given(audiences)
        self.from_headers = dict(from_headers or {})
        self.from_params = as_given(from_params)
        self.from_cookies = as_given(from_cookies)
        self.claims_to_headers = dict(claims_to_headers or {})
        self.payload_header = payload_header
        self.forward_token = forward_token
        self.timeout = timeout

    def to_istio(self, part: Part) -> JWTRule:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.security import ClaimToHeader, JWTHeader, JWTRule

        self._check(part)
        return JWTRule(
            issuer=self.issuer or None,
            jwks_uri=self.jwks_uri,
            jwks=self.jwks,
            audiences=list(self.audiences) or None,
            from_headers=[JWTHeader(name=name, prefix=prefix or None) for name, prefix in self.from_headers.items()]
            or None,
            from_params=list(self.from_params) or None,
            from_cookies=list(self.from_cookies) or None,
            output_claim_to_headers=[
                ClaimToHeader(header=header, claim=claim) for header, claim in self.claims_to_headers.items()
            ]
            or None,
            output_payload_to_header=self.payload_header,
            forward_original_token=self.forward_token,
            timeout=duration(self.timeout, "timeout", part),
        )

    def _check(self, part: Part) -> None:
        check_lists(self, part, "audiences", "from_params", "from_cookies")
        if not self.issuer:
            part.problem("there is no issuer", "Give the iss of its tokens")
        if self.jwks_uri is not None and not self.jwks_uri.startswith(("http://", "https://")):
            part.problem(f"jwks_uri is {self.jwks_uri!r}", "Give a URL: https://…")
        if self.jwks is not None:
            self._check_keys(self.jwks, part)
        for name in (*self.from_headers, *self.claims_to_headers, *filter(None, [self.payload_header])):
            if not is_header_name(name):
                part.problem(f"{name!r} is no header name", "Give letters, digits and dashes")

    def _check_keys(self, jwks: str, part: Part) -> None:
        from json import loads

        if self.jwks_uri is not None:
            part.problem("it has both jwks and jwks_uri", "Give one of them")
        try:
            keys = loads(jwks)
        except ValueError:
            keys = None
        if not isinstance(keys, dict) or not isinstance(keys.get("keys"), list):
            part.problem("jwks is no JSON Web Key Set", 'Give JSON with a list of "keys"')


@tells_misfits
class RequestAuthentication(Construct):
    """The RequestAuthentication of an app, or of a whole namespace.

    Istio refuses wrong tokens by it, but lets requests without a token pass; here these are denied, too, unless
    ``required`` says otherwise.

    Args:
        rules: The issuers.
        of: The app; all workloads of the namespace when left out.
        required: Whether a request needs a token.
        name: Name of the objects; the id when left out.

    Attributes:
        request_authentication: The level-1 ``RequestAuthentication``.
        authorization_policy: The level-1 ``AuthorizationPolicy`` that denies requests without a token; None when a
            token is not required.

    Source: Istio reference, "RequestAuthentication"; Istio docs, "JWT Token".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: Sequence[JwtRule],
        of: HttpApp[Any] | None = None,
        required: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.security import RequestAuthentication, WorkloadSelector

        environment = Environment.of(self)
        name = name or id
        rules = only(JwtRule, rules, "rules", self)
        of = app_of(self, of)
        claim_name(self, "RequestAuthentication", environment.namespace, name)
        labels = selected(self, of, environment)
        if not rules:
            problem(self, "there is no rule, so that no token counts", "Give at least one JwtRule")
        metadata = {"name": name, "namespace": environment.namespace}
        selector = None if labels is None else WorkloadSelector(match_labels=labels)
        self.request_authentication: RequestAuthenticationKind = RequestAuthentication(
            self,
            "request-authentication",
            metadata=metadata,
            selector=selector,
            jwt_rules=[rule.to_istio(Part(self, f"rule {position}", rule)) for position, rule in enumerate(rules)],
        )
        self.authorization_policy: AuthorizationPolicy | None = None
        if required:
            self.authorization_policy = self._deny_others(metadata, selector)

    def _deny_others(self, metadata: dict[str, str], selector: Any) -> AuthorizationPolicy:
        from meshwright.imports.istio.security import AuthorizationPolicy, From, Rule, Source

        claim_name(self, "AuthorizationPolicy", metadata["namespace"], metadata["name"])
        return AuthorizationPolicy(
            self,
            "authorization-policy",
            metadata=metadata,
            selector=selector,
            action="DENY",
            rules=[Rule(from_=[From(source=Source(not_request_principals=["*"]))])],
        )
