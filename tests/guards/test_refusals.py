"""Which changes are refused, and what lets them pass."""

import pytest

from meshwright.errors import ConfigurationError
from meshwright.guards.permission import permission, permission_of_environment
from meshwright.guards.refusals import refusals
from tests.changes.meshes import GATEWAY, deployment, mesh, routes, rule, service, subsets, to

NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"
CLAIM = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}}"
APP = (GATEWAY, service("web"), deployment("web"))
OLD = (*APP, subsets("web", "v1"), routes(rule(to("web", "v1"))))
NEW = (*APP, subsets("web", "v1", "v2"), routes(rule(to("web", "v2"))))


def services(number):
    return [service(f"s{each}") for each in range(number)]


def refused(before, after, *names, allow_503=False, share=None):
    return [each.wrong for each in refusals(mesh(*before), mesh(*after), permission(allow_503, names, share))]


def test_a_commit_that_adds_a_subset_and_routes_to_it_is_refused_with_the_commits_to_make():
    found = refusals(mesh(*OLD), mesh(*NEW), permission(False, ()))
    assert found[0].origin.resource == "VirtualService shop/web"
    assert "GET http://shop.example.com/" in found[0].wrong
    assert '1. Add subset "v2" to DestinationRule shop/web. 2. Route to' in found[-1].remedy
    assert "--allow-503" in found[-1].remedy


def test_lost_requests_may_be_accepted():
    assert refused(OLD, NEW, allow_503=True) == []


def test_each_of_the_commits_that_are_proposed_passes():
    between = (*APP, subsets("web", "v1", "v2"), routes(rule(to("web", "v1"))))
    pods = (deployment("web", "v2"),)
    assert refused(OLD, (*between, *pods)) == []
    assert refused((*between, *pods), (*NEW, *pods)) == []


@pytest.mark.parametrize(
    ("objects", "name"),
    [
        pytest.param((NAMESPACE,), "Namespace/shop", id="a namespace"),
        pytest.param((CLAIM,), "PersistentVolumeClaim/shop/data", id="a volume with its data"),
        pytest.param((routes(rule(to("web"))),), "shop.example.com", id="the last route of a host"),
    ],
)
def test_is_deleted_only_by_name(objects, name):
    [wrong] = refused((*APP, *objects), APP)
    assert wrong.startswith(f"{name} would go")
    assert refused((*APP, *objects), APP, name) == []
    assert refused((*APP, *objects), APP, name.replace("/", " ")) == []
    assert refused((*APP, *objects), APP, "*") == []
    assert refused((*APP, *objects), APP, "Namespace/other") != []


def test_what_stands_in_a_namespace_that_is_named_goes_with_it():
    before = (GATEWAY, NAMESPACE, CLAIM, *services(20))
    assert refused(before, (GATEWAY,), "Namespace/shop") == []


def test_more_than_a_share_of_all_objects_is_refused():
    assert refused(services(40), services(32)) == []
    [wrong] = refused(services(40), services(31))
    assert wrong.startswith("9 of 40 objects (23 %) would go, more than the 20 % that may go at once: Service/shop/s31")
    assert refused(services(40), services(31), "23%") == []
    assert refused(services(40), services(31), share=25) == []
    assert refused(services(40), services(31), "Service/shop/s3?") == []


@pytest.mark.parametrize(("before", "after"), [(3, 2), (6, 1), (10, 5)])
def test_a_few_objects_may_always_go(before, after):
    assert refused(services(before), services(after)) == []


@pytest.mark.parametrize("before", [1, 3, 30])
def test_everything_is_deleted_only_if_that_is_said(before):
    [wrong] = refused(services(before), ())
    assert f"{before} of {before} objects (100 %) would go, which leaves none" in wrong
    assert refused(services(before), (), "100%") == []


def test_the_environment_says_the_same_as_options(monkeypatch):
    monkeypatch.setenv("MESHWRIGHT_ALLOW_503", "true")
    monkeypatch.setenv("MESHWRIGHT_ALLOW_PRUNE", "Namespace/shop, b.example.com,35%")
    assert permission_of_environment() == permission(True, ("Namespace/shop", "b.example.com"), 35)


def test_the_share_may_be_configured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cdk8s.yaml").write_text("app: python main.py\nguard: {prune-share: 50}\n")
    assert permission(False, ()).share == 50
    assert permission(False, (), 10).share == 10


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        pytest.param("MESHWRIGHT_ALLOW_503", "maybe", "MESHWRIGHT_ALLOW_503: is 'maybe'", id="a switch that is none"),
        pytest.param("MESHWRIGHT_PRUNE_SHARE", "most", "the share is 'most'", id="a share that is none"),
        pytest.param("MESHWRIGHT_PRUNE_SHARE", "120", "the share is '120'", id="a share beyond all"),
    ],
)
def test_a_wrong_setting_is_told(monkeypatch, variable, value, told):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=told):
        permission_of_environment()
