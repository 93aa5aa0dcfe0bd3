"""What Argo CD is told."""

from typing import Any

import pytest
import yaml

from meshwright.charts import (
    ArgoApplication,
    ArgoApplicationSet,
    ArgoProject,
    ArgoRoot,
    ArgoSync,
    Environment,
    HttpApp,
    HttpRoutes,
    IgnoreDifference,
    IngressGateway,
    Route,
    SyncWindow,
)
from meshwright.charts.sync_waves import ANNOTATION, WAVES
from meshwright.tree import ApiObject, App, Chart, JsonPatch, Testing
from tests.charts.constructs import refused, specs

REPOSITORY = "https://git.example.com/shop.git"


def argocd(app: App) -> Chart:
    return Environment("argocd", namespace="argocd").chart(app, "applications")


def application(chart: Chart, **fields: Any) -> dict[str, Any]:
    made = argocd(App.of(chart))
    ArgoApplication(made, "shop", chart=chart, **{"repository": REPOSITORY, **fields})
    return Testing.synth(made)[0]


def shop(app: App, environment: Environment | None = None) -> Chart:
    chart = (environment or Environment("prod", namespace="shop")).chart(app, "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "a:1", "v2": "a:2"}, port=80)
    gateway = IngressGateway(chart, "gateway", hosts=["shop.example.com"])
    routes = [Route(to={cart.version("v1"): 90, cart.version("v2"): 10})]
    HttpRoutes(chart, "routes", hosts=["shop.example.com"], gateways=[gateway], routes=routes)
    return chart


def test_it_prunes_last_heals_and_tries_again_with_the_newest_commit() -> None:
    chart = Environment("prod", namespace="shop").chart(App(), "shop")
    made = application(chart)
    assert made["spec"]["syncPolicy"] == {
        "automated": {"prune": True, "selfHeal": True},
        "retry": {"limit": 5, "refresh": True, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"}},
        "syncOptions": ["PrunePropagationPolicy=background", "PruneLast=true", "ServerSideApply=true"],
    }
    assert made["metadata"]["annotations"] == {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"}
    assert made["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io/background"]


def test_all_of_it_can_be_said_otherwise() -> None:
    weights = IgnoreDifference("VirtualService", group="networking.istio.io", jq_paths=[".spec.http[].route[].weight"])
    sync = ArgoSync(
        prune=False,
        self_heal=False,
        retries=0,
        propagation="foreground",
        create_namespace=True,
        namespace_labels={"istio-injection": "enabled"},
        ignore_differences=[weights],
        options=["FailOnSharedResource=true"],
    )
    chart = Environment("prod", namespace="shop").chart(App(), "shop")
    made = application(chart, sync=sync, notifications={"on-sync-failed.slack": "team-shop"})
    policy = made["spec"]["syncPolicy"]
    assert policy["automated"] == {"prune": False, "selfHeal": False}
    assert policy["retry"]["limit"] == 0
    assert policy["managedNamespaceMetadata"] == {"labels": {"istio-injection": "enabled"}}
    assert policy["syncOptions"] == [
        "CreateNamespace=true",
        "PrunePropagationPolicy=foreground",
        "PruneLast=true",
        "RespectIgnoreDifferences=true",
        "ServerSideApply=true",
        "FailOnSharedResource=true",
    ]
    assert made["spec"]["ignoreDifferences"] == [
        {
            "group": "networking.istio.io",
            "kind": "VirtualService",
            "jqPathExpressions": [".spec.http[].route[].weight"],
        }
    ]
    assert made["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    assert made["metadata"]["annotations"]["notifications.argoproj.io/subscribe.on-sync-failed.slack"] == "team-shop"


def test_without_cascade_deleting_it_leaves_its_objects() -> None:
    chart = Environment("prod", namespace="shop").chart(App(), "shop")
    assert "finalizers" not in application(chart, sync=ArgoSync(cascade=False))["metadata"]


def test_it_syncs_the_file_of_the_chart_whatever_that_is_called() -> None:
    outer = Chart(App(output_file_extension=".yaml"), "outer")
    inner = Chart(outer, "inner", namespace="shop")
    include = application(inner)["spec"]["source"]["directory"]["include"]
    assert include.startswith("outer-inner-") and include.endswith(".yaml")


def test_it_goes_to_the_cluster_of_the_environment() -> None:
    spec = application(Environment("prod-eu", namespace="shop", cluster="eu").chart(App(), "shop"))["spec"]
    assert spec["destination"] == {"name": "eu", "namespace": "shop"}
    assert spec["source"]["path"] == "dist/prod-eu"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"repository": "shop"}, "repository is 'shop', which is no URL", id="a repository without URL"),
        pytest.param(
            {"sync": ArgoSync(create_namespace=True)},
            "the chart names no namespace to create",
            id="no namespace to make",
        ),
        pytest.param(
            {"sync": ArgoSync(namespace_labels={"a": "b"})},
            "namespace_labels without create_namespace",
            id="labels of a namespace that it does not make",
        ),
        pytest.param({"sync": ArgoSync(retries=-1)}, "retries is -1", id="fewer retries than none"),
        pytest.param(
            {"sync": ArgoSync(propagation="fore")},  # type: ignore[arg-type]
            "propagation is 'fore'. Give one of background, foreground, orphan",
            id="an unknown propagation",
        ),
        pytest.param({"name": "My App"}, "name is 'My App'", id="a name with a space"),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    app = App()
    made = argocd(app)
    ArgoApplication(made, "shop", chart=Chart(app, "shop"), **{"repository": REPOSITORY, **fields})
    assert any(said in line for line in refused(made))


def test_routes_come_after_what_they_lead_to() -> None:
    app = App()
    chart = shop(app)
    ArgoApplication(argocd(app), "shop", chart=chart, repository=REPOSITORY)
    waves = {
        document["kind"]: int((document["metadata"].get("annotations") or {}).get(ANNOTATION, 0))
        for document in Testing.synth(chart)
    }
    assert waves["Deployment"] < waves["DestinationRule"] < waves["VirtualService"]
    assert waves["Service"] == waves["Deployment"] == 0
    assert waves["Gateway"] < waves["VirtualService"]


def test_objects_that_come_later_get_waves_and_those_with_one_keep_it() -> None:
    app = App()
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    ArgoApplication(argocd(app), "shop", chart=chart, repository=REPOSITORY)
    for name, annotations in (("plain", {}), ("early", {ANNOTATION: "-9"})):
        metadata = {"name": name, "annotations": annotations}
        ApiObject(chart, name, api_version="networking.istio.io/v1", kind="VirtualService", metadata=metadata)
    for _ in range(2):
        assert [each["metadata"]["annotations"] for each in Testing.synth(chart)] == [
            {ANNOTATION: "2"},
            {ANNOTATION: "-9"},
        ]


def test_a_chart_that_no_application_syncs_has_no_waves() -> None:
    assert ANNOTATION not in yaml.dump(Testing.synth(shop(App())))


@pytest.mark.parametrize("group", sorted({group for group, _ in WAVES}))
def test_policies_come_before_workloads_and_destinations_before_routes(group: str) -> None:
    of = {kind: wave for (its, kind), wave in WAVES.items() if its == group}
    for kind, wave in of.items():
        if kind.endswith("Route") or kind in ("VirtualService", "Ingress"):
            assert wave == max(of.values()), kind
        if kind.endswith(("Policy", "Authentication")) and group == "security.istio.io":
            assert wave < 0, kind


def project(app: App, *charts: Chart, **fields: Any) -> dict[str, Any]:
    made = argocd(app)
    allowed = ArgoProject(made, "prod", repository=REPOSITORY, **fields)
    for number, chart in enumerate(charts):
        ArgoApplication(made, f"app-{number}", chart=chart, name=f"a{number}", repository=REPOSITORY, project=allowed)
    return specs(made, "AppProject")[0]


def test_a_project_allows_the_places_and_the_one_repository() -> None:
    app = App()
    chart = shop(app)
    ApiObject(chart, "other", api_version="v1", kind="ConfigMap", metadata={"name": "x", "namespace": "monitoring"})
    spec = project(app, chart)
    assert spec["sourceRepos"] == [REPOSITORY]
    assert spec["destinations"] == [
        {"namespace": namespace, "server": "https://kubernetes.default.svc"} for namespace in ("monitoring", "shop")
    ]
    assert spec["clusterResourceWhitelist"] == []


def test_a_kind_that_gives_rights_is_allowed_only_where_a_chart_has_it() -> None:
    role = {"group": "rbac.authorization.k8s.io", "kind": "Role"}
    without, with_role, app = App(), App(), App()
    assert role not in project(without, shop(without))["namespaceResourceWhitelist"]
    chart = shop(with_role)
    ApiObject(chart, "role", api_version="rbac.authorization.k8s.io/v1", kind="Role", rules=[])
    assert role in project(with_role, chart)["namespaceResourceWhitelist"]
    assert role in project(app, shop(app), kinds=[(role["group"], role["kind"])])["namespaceResourceWhitelist"]


def test_a_kind_made_by_a_patch_and_one_of_the_whole_cluster_are_seen() -> None:
    app = App()
    chart = Chart(app, "plain")
    made = ApiObject(chart, "x", api_version="v1", kind="ConfigMap", metadata={"name": "x"})
    made.add_json_patch(JsonPatch.replace("/kind", "LimitRange"))
    ApiObject(chart, "y", api_version="rbac.authorization.k8s.io/v1", kind="ClusterRole", rules=[])
    spec = project(app, chart)
    assert {"group": "", "kind": "LimitRange"} in spec["namespaceResourceWhitelist"]
    assert spec["clusterResourceWhitelist"] == [{"group": "rbac.authorization.k8s.io", "kind": "ClusterRole"}]


def test_a_project_that_makes_namespaces_may() -> None:
    app = App()
    made = argocd(app)
    allowed = ArgoProject(made, "prod", repository=REPOSITORY)
    ArgoApplication(
        made, "shop", chart=shop(app), repository=REPOSITORY, project=allowed, sync=ArgoSync(create_namespace=True)
    )
    assert specs(made, "AppProject")[0]["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace"}]
    assert specs(made, "Application")[0]["project"] == "prod"


@pytest.mark.jsii
def test_objects_of_genuine_constructs_are_allowed(tmp_path: Any) -> None:
    import cdk8s_plus_27 as kplus

    app = App(outdir=str(tmp_path))
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    kplus.Secret(chart.cdk8s, "token")
    made = argocd(app)
    allowed = ArgoProject(made, "prod", repository=REPOSITORY)
    ArgoApplication(made, "shop", chart=chart, repository=REPOSITORY, project=allowed)
    app.synth()
    written = yaml.safe_load_all((tmp_path / "argocd" / "applications.k8s.yaml").read_text())
    spec = next(each["spec"] for each in written if each["kind"] == "AppProject")
    assert {"group": "", "kind": "Secret"} in spec["namespaceResourceWhitelist"]


def test_sync_windows_are_those_of_the_project() -> None:
    app = App()
    weekend = SyncWindow("deny", schedule="0 18 * * 5", duration="60h", time_zone="Europe/Berlin", manual_sync=True)
    assert project(app, shop(app), sync_windows=[weekend])["syncWindows"] == [
        {
            "kind": "deny",
            "schedule": "0 18 * * 5",
            "duration": "60h",
            "applications": ["*"],
            "timeZone": "Europe/Berlin",
            "manualSync": True,
        }
    ]


def test_the_root_keeps_its_folder_and_may_do_nothing_else() -> None:
    app = App()
    made = argocd(app)
    ArgoRoot(made, "root", repository=REPOSITORY)
    documents = {each["kind"]: each for each in Testing.synth(made)}
    source = documents["Application"]["spec"]["source"]
    assert (source["path"], source["directory"]) == ("dist/argocd", {"include": "*.k8s.yaml"})
    assert "PruneLast=true" not in documents["Application"]["spec"]["syncPolicy"]["syncOptions"]
    assert "finalizers" not in documents["Application"]["metadata"]
    kinds = documents["AppProject"]["spec"]["namespaceResourceWhitelist"]
    assert {each["group"] for each in kinds} == {"argoproj.io"}
    for document in documents.values():
        assert document["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Delete=false,Prune=false"


def test_a_root_elsewhere_is_refused() -> None:
    chart = Environment("argocd", namespace="shop").chart(App(), "applications")
    ArgoRoot(chart, "root", repository=REPOSITORY)
    assert "its chart has the namespace 'shop', and Argo CD reads 'argocd'" in refused(chart)[0]


def test_a_set_makes_an_application_of_each_folder() -> None:
    made = argocd(App())
    ArgoApplicationSet(made, "environments", repository=REPOSITORY, project="prod")
    spec = specs(made, "ApplicationSet")[0]
    assert spec["generators"][0]["git"]["directories"] == [
        {"path": "dist/*"},
        {"path": "dist/argocd", "exclude": True},
    ]
    assert spec["template"]["metadata"]["name"] == "{{.path.basename}}"
    assert spec["template"]["spec"]["source"]["path"] == "{{.path.path}}"
    assert spec["syncPolicy"] == {"preserveResourcesOnDeletion": True}
    assert spec["goTemplateOptions"] == ["missingkey=error"]


def test_a_set_makes_an_application_of_each_cluster() -> None:
    made = argocd(App())
    ArgoApplicationSet(
        made, "clusters", repository=REPOSITORY, clusters={"team": "shop"}, sync=ArgoSync(namespace_labels=None)
    )
    spec = specs(made, "ApplicationSet")[0]
    assert spec["generators"][0]["clusters"]["selector"] == {
        "matchLabels": {"team": "shop"},
        "matchExpressions": [{"key": "environment", "operator": "Exists"}],
    }
    assert spec["template"]["spec"]["source"]["path"] == 'dist/{{index .metadata.labels "environment"}}'
    assert spec["template"]["spec"]["destination"] == {"name": "{{.name}}"}
    assert spec["syncPolicy"] == {"preserveResourcesOnDeletion": False}
