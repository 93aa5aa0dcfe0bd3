"""Which values of objects are literal secrets, and which only look random."""

import subprocess
import sys
from base64 import b64encode

import pytest
import yaml

from meshwright.checks.secrets import literal_secrets
from meshwright.manifests import read_text

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN " + "PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
"""Texts that look like secrets are put together here, so that scanners of this repository stay silent."""


def found(kind, body, api_version="v1", **metadata):
    text = yaml.safe_dump({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", **metadata}, **body})
    return [each.field for resource in read_text(text) for each in literal_secrets(resource)]


def env(name, value):
    container = {"name": "app", "env": [{"name": "OTHER", "value": "1"}, {"name": name, "value": value}]}
    return found("Deployment", {"spec": {"template": {"spec": {"containers": [container]}}}}, "apps/v1")


def encoded(text):
    return b64encode(text.encode()).decode()


def test_data_of_a_secret_is_told_key_by_key():
    body = {"data": {"password": encoded("hunter2"), "empty": ""}, "stringData": {"token": "abc"}}
    assert found("Secret", body) == ["data.password", "stringData.token"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"type": "Opaque"}, id="it has no data: a controller fills it"),
        pytest.param({"data": {"ca.crt": encoded(CERTIFICATE)}}, id="certificates are public"),
        pytest.param({"stringData": {"password": "<path:secret/data/app#password>"}}, id="a plugin puts the value in"),
        pytest.param({"stringData": {"password": "ENC[AES256_GCM,data:abc=,type:str]"}}, id="it is encrypted"),
        pytest.param({"stringData": {"password": "ref+vault://app/password"}}, id="it refers to a vault"),
        pytest.param({"stringData": {"password": "${PASSWORD}"}}, id="it is a variable"),
    ],
)
def test_a_secret_is_none_where(body):
    assert found("Secret", body) == []


def test_what_argo_cd_keeps_in_secrets_is_told_only_where_it_protects_something():
    labels = {"argocd.argoproj.io/secret-type": "repository"}
    body = {"stringData": {"type": "git", "url": "https://git.example.com/x.git", "password": "hunter2"}}
    assert found("Secret", body, labels=labels) == ["stringData.password"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("AKIA" + "IOSFODNN7ABCDEFG", id="of AWS"),
        pytest.param("ghp_" + "a1B2" * 9, id="of GitHub"),
        pytest.param("glpat-" + "a1B2" * 5, id="of GitLab"),
        pytest.param("xoxb-" + "123456789012-abcdefabcdef", id="of Slack"),
        pytest.param("sk_live_" + "a1B2" * 6, id="of Stripe"),
        pytest.param("SG." + "a" * 22 + "." + "b" * 43, id="of SendGrid"),
        pytest.param("pypi-AgEIcHlwaS5vcmc" + "a1B2" * 18, id="of PyPI"),
        pytest.param("//registry.npmjs.org/:_authToken=" + "npm_abcdef", id="of npm"),
        pytest.param("sk-abc" + "d" * 20 + "T3BlbkFJ" + "e" * 20, id="of OpenAI"),
        pytest.param("sq0csp-" + "a" * 43, id="of Square"),
        pytest.param("123456789:" + "A" * 35, id="of Telegram"),
        pytest.param("AC" + "a1b2" * 8, id="of Twilio"),
        pytest.param("M" + "a" * 23 + "." + "b" * 6 + "." + "c" * 27, id="of Discord"),
        pytest.param("AccountKey=" + "a" * 86 + "==", id="of Azure"),
        pytest.param("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + "c2lnbmF0dXJl", id="that is a JSON Web Token"),
        pytest.param("postgres://app:" + "hunter2@db:5432/app", id="in a URL"),
        pytest.param(KEY, id="that is a private key"),
    ],
)
def test_a_credential_is_told_wherever_it_stands(value):
    assert env("X", value) == ["spec.template.spec.containers[0].env[1].value"]


def test_a_credential_is_told_in_the_middle_of_a_longer_text():
    assert found("ConfigMap", {"data": {"settings": f"a: b\nkey: |\n{KEY}"}}) == ["data.settings"]


@pytest.mark.parametrize("name", ["DB_PASSWORD", "APP_API_KEY", "OAUTH_CLIENT_SECRET", "password", "authToken"])
def test_a_variable_that_is_named_for_a_secret_is_told(name):
    assert env(name, "hunter2hunter2") == ["spec.template.spec.containers[0].env[1].value"]


def test_credentials_that_a_route_adds_are_told():
    route = {"headers": {"request": {"set": {"authorization": "Bearer " + "abcdef0123"}}}}
    assert found("VirtualService", {"spec": {"http": [route]}}, "networking.istio.io/v1") == [
        "spec.http[0].headers.request.set.authorization"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("IMAGE", "registry.example.com/app@sha256:" + "9f86d081" * 8, id="an image digest"),
        pytest.param("CHECKSUM", "9f86d081" * 8, id="a hash"),
        pytest.param("UID", "0f8fad5b-d9cb-469f-a165-70867728950e", id="a uid"),
        pytest.param("CA", CERTIFICATE, id="a certificate"),
        pytest.param("CA_BUNDLE", encoded(CERTIFICATE * 40), id="a bundle of certificates"),
        pytest.param("DB_PASSWORD_FILE", "/run/secrets/password", id="the path of a file"),
        pytest.param("DB_PASSWORD", "$(FROM_ELSEWHERE)", id="a reference to another variable"),
        pytest.param("DB_PASSWORD", "{{ .Values.password }}", id="a template"),
        pytest.param("API_KEY", "", id="nothing"),
        pytest.param("USE_API_KEY", "true", id="a switch"),
        pytest.param("TOKEN_URL", "https://login.example.com/token", id="a URL"),
        pytest.param("DATABASE", "postgres://app:$(PASSWORD)@db:5432/app", id="a URL with a variable in it"),
        pytest.param("DATABASE", "postgres://app@db:5432/app", id="a URL without a password"),
        pytest.param("TOPIC", "arn:aws:sns:eu-west-1:123456789012:"
            "a-rather-long-name-of-one-topic-of-teams", id="an ARN"),
        pytest.param("SECRET_NAME", "checkout-credentials", id="the name of a Secret"),
        pytest.param("TITLE", "eyJust.a.title", id="text that begins as a token does"),
        pytest.param("PRIVATE", "see PRIVATE KEYS.md", id="text about private keys"),
    ],
)  # fmt: skip
def test_is_no_secret(name, value):
    assert env(name, value) == []


def test_references_to_secrets_are_none():
    reference = {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}
    container = {"name": "app", "env": [reference]}
    assert found("Deployment", {"spec": {"template": {"spec": {"containers": [container]}}}}, "apps/v1") == []


def test_nothing_is_loaded_for_objects_that_hold_no_secret():
    code = (
        "import sys; from meshwright.checks.secrets import literal_secrets; from meshwright.manifests import read_text;"
        "r = read_text('{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {a: b}}');"
        "assert not list(literal_secrets(r[0])); print('detect_secrets' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_the_names_of_keys_in_an_external_secret_are_none():
    data = [{"secretKey": "password", "remoteRef": {"key": "shop", "property": "password"}}]
    assert found("ExternalSecret", {"spec": {"data": data}}, "external-secrets.io/v1") == []
