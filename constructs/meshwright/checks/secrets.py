"""Literal secrets in objects: data of Secrets, tokens and keys in any value, passwords in fields that are named so.

Only what has the form of a certain kind of credential, or stands where one stands, is told: no guess by entropy, so
that digests, hashes, uids and certificates are none. The forms are detect-secrets' own; it is loaded only when a value
looks as if it were of one of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import re2  # type: ignore[import-untyped]

from meshwright.frontends.istio.objects import section, text
from meshwright.manifests import Resource


@dataclass(frozen=True, slots=True)
class LiteralSecret:
    """A secret that stands in an object as it is.

    Args:
        field: Where: ``spec.template.spec.containers[0].env[1].value``.
        what: What it is, in words; the value itself is never told.
    """

    field: str
    what: str


def literal_secrets(resource: Resource) -> Iterator[LiteralSecret]:
    """Yield the literal secrets of an object, each field once."""
    body = resource.body
    if resource.kind == "Secret" and resource.api_version == "v1":
        yield from _of_secret(body)
        body = {key: value for key, value in body.items() if key not in ("data", "stringData")}
    elif resource.kind == "CustomResourceDefinition":
        return  # its texts are the API's own
    refers = resource.api_version.startswith(_REFERRING)
    for field, names, value in _texts(body):
        what = _credential(value) or ("" if refers else _named(names, value))
        if what:
            yield LiteralSecret(field, what)


_REFERRING = "external-secrets.io/"
"""The group of kinds in which a field called ``secretKey`` holds the name of a key."""

_ARGO_CD = "argocd.argoproj.io/secret-type"
_NOT_SECRET_OF_ARGO_CD = re.compile(
    r"type|url|project|name|server|username|proxy|noProxy|namespaces|clusterResources|shard|depth|tlsClientCertData|"
    r"(enable|use|force|insecure)[A-Za-z]*|githubApp(ID|InstallationID|EnterpriseBaseUrl)"
)
"""What Argo CD keeps in its Secrets for repositories and clusters and that needs no protection."""

_CERTIFICATES = re.compile(
    r"(\s*(#[^\n]*\n)*-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END (TRUSTED )?CERTIFICATE-----)+\s*"
)
_PUBLIC_KEY = re.compile(r"\s*-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\s*")


def _of_secret(body: Mapping[str, Any]) -> Iterator[LiteralSecret]:
    labels = section(section(body.get("metadata")).get("labels"))
    of_argo_cd = _ARGO_CD in labels
    for part in ("data", "stringData"):
        for key, value in section(body.get(part)).items():
            content = _decoded(text(value)) if part == "data" else text(value)
            public = _CERTIFICATES.fullmatch(content) or _PUBLIC_KEY.fullmatch(content)
            harmless = of_argo_cd and _NOT_SECRET_OF_ARGO_CD.fullmatch(key)
            if content.strip() and not (harmless or public or _is_reference(content)):
                yield LiteralSecret(f"{part}.{key}", f'the value of "{key}" in a Secret')


def _decoded(value: str) -> str:
    from base64 import b64decode
    from binascii import Error

    try:
        return b64decode(value, validate=False).decode("utf-8", "replace") if value else ""
    except (Error, ValueError):
        return value


_REFERENCE = re2.compile(
    r"(?s)\s*(?:\$[({][^)}]*[)}]|\$[A-Za-z_][A-Za-z0-9_]*|\{\{.*\}\}|<[^<>]*>|ENC\[.*\]|ref\+[a-z0-9]+://.*|vault:.*|"
    r"%[A-Za-z_]+%|\*+|x+|X+|\.+)\s*"
)
"""Text that something else is put in place of: a variable, a template, a placeholder, an encrypted value."""


def _is_reference(value: str) -> bool:
    return _REFERENCE.fullmatch(value) is not None


Names = tuple[str, ...]


def _texts(value: Any, field: str = "", names: Names = ()) -> Iterator[tuple[str, Names, str]]:
    """Yield all texts of an object with their fields and what they are called: keys, or the name beside a value."""
    stack: list[tuple[Any, str, Names]] = [(value, field, names)]
    while stack:
        here, place, called = stack.pop()
        if isinstance(here, str):
            yield place, called, here
        elif isinstance(here, dict):
            beside = here.get("name") if isinstance(here.get("value"), str) else None
            for key, inner in reversed(here.items()):
                name = str(beside) if key == "value" and isinstance(beside, str) else str(key)
                stack.append((inner, f"{place}.{key}" if place else str(key), (*called[-2:], name)))
        elif isinstance(here, list):
            stack.extend((inner, f"{place}[{at}]", called) for at, inner in reversed([*enumerate(here)]))


_FORMS: tuple[tuple[str, str, str, bool], ...] = (
    ("aws", "AWSKeyDetector", "(?:A3T|ABIA|ACCA|AKIA|ASIA)", False),
    ("azure_storage_key", "AzureStorageKeyDetector", "AccountKey=", False),
    ("basic_auth", "BasicAuthDetector", r"://[^/\s]*:[^/\s]*@", False),
    ("discord", "DiscordBotTokenDetector", r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}", True),
    ("github_token", "GitHubTokenDetector", "gh[pousr]_", False),
    ("gitlab_token", "GitLabTokenDetector", "gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941", False),
    ("jwt", "JwtTokenDetector", r"eyJ[\w=-]+\.[\w=-]+", False),
    ("npm", "NpmDetector", ":_authToken=", False),
    ("openai", "OpenAIDetector", "T3BlbkFJ", False),
    ("private_key", "PrivateKeyDetector", "PRIVATE KEY|PuTTY-User-Key-File-2", False),
    ("pypi_token", "PypiTokenDetector", "pypi-AgE", False),
    ("sendgrid", "SendGridDetector", r"SG\.", False),
    ("slack", "SlackDetector", r"(?i:xox[a-z]-|hooks\.slack\.com/services/)", False),
    ("square_oauth", "SquareOAuthDetector", "sq0csp-", False),
    ("stripe", "StripeDetector", "[rs]k_live_", False),
    ("telegram_token", "TelegramBotTokenDetector", r"\d{8,10}:[\w-]{35}", True),
    ("twilio", "TwilioKeyDetector", r"\b(?:AC|SK)[a-z0-9]{32}\b", True),
)
"""Modules and classes of detect-secrets, what a text must hold to be worth asking, and whether it must be all of it."""

_WORTH_ASKING = re2.compile("|".join(form for _, _, form, _ in _FORMS))


def _credential(value: str) -> str:
    """Return which kind of credential a text holds, empty for none."""
    if len(value) < 8 or _WORTH_ASKING.search(value) is None:
        return ""
    for module, name, form, whole in _FORMS:
        asked = re2.fullmatch(form, value.strip()) if whole else re2.search(form, value)
        if asked is not None and any(
            not _is_reference(found) and found not in ("-", ":")
            for found in _plugin(module, name).analyze_string(value)
        ):
            return str(_plugin(module, name).secret_type)
    return ""


@cache
def _plugin(module: str, name: str) -> Any:
    return getattr(import_module(f"detect_secrets.plugins.{module}"), name)()


_SECRET_NAME = re2.compile(
    r"(?i)(?:.*[_.\-]|[a-z0-9]*?)(?:password|passwd|passphrase|client[_\-.]?secret|secret[_\-.]?access[_\-.]?key|"
    r"api[_\-.]?key|api[_\-.]?token|access[_\-.]?token|auth[_\-.]?token|bearer[_\-.]?token|secret[_\-.]?key|private[_\-.]?key)"
)
_SIMPLE = re2.compile(r"(?i)true|false|yes|no|none|null|[0-9.]+|/.*|[a-z]+://.*|[a-z0-9.\-]+\.svc(?:\.[a-z0-9.\-]+)?")
_SAYS_SECRET = re2.compile(
    r"(?i)passw(?:or)?d|passphrase|client[_\-.]?secret|secret[_\-.]?access[_\-.]?key|api[_\-.]?(?:key|token)|"
    r"(?:access|auth|bearer)[_\-.]?token|(?:secret|private)[_\-.]?key|authorization"
)
_AUTHORIZATION = re2.compile(r"(?i)(?:basic|bearer|token)\s+(\S{6,})")


def may_hold_secrets(content: str) -> bool:
    """Tell whether a text of objects, none of which is a Secret, can have a literal secret in it: a quick look."""
    return _SAYS_SECRET.search(content) is not None or _WORTH_ASKING.search(content) is not None


_IN_DATA = ("data", "env", "parameters", "extraEnv", "envVars")


def _named(names: Names, value: str) -> str:
    """Return what a text is by its name: a variable, parameter or entry called password, a header that authorizes."""
    if not names or not value.strip():
        return ""
    if any(name.lower() in ("authorization", "proxy-authorization") for name in names[-2:]):
        found = _AUTHORIZATION.fullmatch(value.strip())
        return "credentials in an Authorization header" if found and not _is_reference(found[1]) else ""
    name = names[-1]
    if not any(each in _IN_DATA for each in names[:-1]) or _SECRET_NAME.fullmatch(name) is None:
        return ""
    if (
        len(value) < 6
        or any(each.isspace() for each in value.strip())
        or _SIMPLE.fullmatch(value)
        or _is_reference(value)
    ):
        return ""
    return f'the value of "{name}"'
