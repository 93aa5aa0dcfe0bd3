"""Names of fields and classes."""

from pathlib import Path

import pytest

from meshwright.bindings.go_types import read_go_types
from meshwright.bindings.names import field_name, singular
from meshwright.bindings.protos import read_protos, resolve
from meshwright.imports import argo_rollouts, argocd, external_secrets, flagger, gateway_api, sealed_secrets
from meshwright.imports.istio import networking
from meshwright.tree.kind import Types


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        pytest.param("perTryTimeout", "per_try_timeout", id="camel case"),
        pytest.param("clusterIPs", "cluster_ips", id="a plural acronym stays whole"),
        pytest.param("nonResourceURLs", "non_resource_urls", id="a plural acronym at the end"),
        pytest.param("targetCPUUtilizationPercentage", "target_cpu_utilization_percentage", id="an acronym inside"),
        pytest.param("http2MaxRequests", "http2_max_requests", id="a digit belongs to its word"),
        pytest.param("from", "from_", id="a keyword gets an underscore"),
        pytest.param("match", "match", id="a soft keyword stays"),
        pytest.param("$ref", "ref", id="a sign is dropped"),
        pytest.param("x-kubernetes-map-type", "x_kubernetes_map_type", id="dashes"),
        pytest.param("3scale", "_3scale", id="a leading digit"),
    ],
)
def test_fields_are_in_snake_case(wire: str, name: str) -> None:
    assert field_name(wire) == name


@pytest.mark.parametrize(
    ("word", "one"), [("policies", "policy"), ("matches", "match"), ("addresses", "address"), ("status", "status")]
)
def test_an_item_is_named_by_the_singular_of_its_list(word: str, one: str) -> None:
    assert singular(word) == one


def test_two_spellings_of_one_field_keep_two_names() -> None:
    fields = networking.TYPES.declared("HTTPRoute")[0]
    assert (fields["mirror_percent"][0], fields["mirror_percent_"][0]) == ("mirrorPercent", "mirror_percent")


@pytest.mark.parametrize(
    ("types", "names"),
    [
        pytest.param(
            networking.TYPES,
            "HTTPRoute HTTPMatchRequest StringMatch Destination HTTPFaultInjection Delay HeaderOperations "
            "TrafficPolicy LoadBalancerSettings ConsistentHashLB WorkloadSelector WorkloadEntrySpec",
            id="Istio: its protos",
        ),
        pytest.param(
            argocd.TYPES,
            "ApplicationSpec SyncPolicy SyncPolicyAutomated SyncWindow Operation",
            id="Argo CD: its Go types",
        ),
        pytest.param(
            gateway_api.TYPES, "HTTPRouteRule HTTPPathMatch HTTPBackendRef LabelSelectorRequirement", id="Gateway API"
        ),
        pytest.param(
            argo_rollouts.TYPES,
            "RolloutStrategy CanaryStrategy CanaryStep RolloutTrafficRouting IstioTrafficRouting IstioVirtualService",
            id="Argo Rollouts: its Go types",
        ),
        pytest.param(
            external_secrets.TYPES, "ExternalSecretData ExternalSecretTarget SecretStoreRef", id="External Secrets"
        ),
        pytest.param(flagger.TYPES, "CanaryService CanaryAnalysis CanaryMetric CanaryThresholdRange", id="Flagger"),
        pytest.param(sealed_secrets.TYPES, "SealedSecret SecretTemplateSpec", id="Sealed Secrets"),
    ],
)
def test_messages_have_the_names_of_the_reference(types: Types, names: str) -> None:
    assert set(names.split()) <= set(types.table)


@pytest.mark.parametrize(
    "types",
    [
        each.TYPES
        for each in (networking, argocd, gateway_api, argo_rollouts, external_secrets, flagger, sealed_secrets)
    ],
    ids=lambda types: types.module,
)
def test_no_class_is_named_by_a_number(types: Types) -> None:
    numbered = {name for name in types.table if name[-1].isdigit()}
    assert numbered == set()


def test_a_proto_names_messages_through_nesting_maps_and_one_ofs(tmp_path: Path) -> None:
    (tmp_path / "a.proto").write_text(
        """syntax = "proto3"; package demo.v1; // a { brace
        import "b.proto";
        message Outer { /* { */
          option (x) = { a: "}" };
          message Inner { string name = 1 [(rule) = { max: 1 }, deprecated = true]; enum E { A = 0; } }
          oneof kind { Inner one_inner = 1; string text = 2; }
          map<string, Inner> by_name = 3;
          repeated .demo.v1.Other others = 4;
          reserved 5, 6;
        }
        message Other {}"""
    )
    messages = read_protos(tmp_path)
    outer = messages["demo.v1.Outer"]
    assert outer.fields == {"oneInner": "Inner", "text": "string", "byName": "Inner", "others": ".demo.v1.Other"}
    assert resolve(messages, outer, "Inner") is messages["demo.v1.Outer.Inner"]
    assert resolve(messages, outer, ".demo.v1.Other") is messages["demo.v1.Other"]
    assert resolve(messages, outer, "string") is None


def test_go_types_are_followed_through_aliases_embedding_and_packages(tmp_path: Path) -> None:
    for folder, text in {
        "apis/v1": 'package v1\n\nimport other "example.com/m/apis/v2"\n\ntype A struct {\n\tB `json:",inline"`\n'
        '\t// Cs are many.\n\tCs Cs `json:"cs,omitempty"`\n'
        '\tD map[string]*other.D `json:"d"`\n\tE string `json:"-"`\n}\n\n'
        'type B struct {\n\tC *C `json:"c" protobuf:"x"`\n}\n\ntype Cs []C\n\ntype C struct {\n\tN int `json:"n"`\n}\n',
        "apis/v2": 'package v2\n\ntype D struct {\n\tX string `json:"x"`\n}\n',
    }.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "types.go").write_text(text)
    packages = read_go_types(tmp_path, "example.com/m@v1.0.0")
    a = packages.types["example.com/m/apis/v1"]["A"]
    found = {wire: packages.follow(a, wire) for wire in ("c", "cs", "d", "e")}
    assert {wire: one.name if one else None for wire, one in found.items()} == {
        "c": "C",
        "cs": "C",
        "d": "D",
        "e": None,
    }
