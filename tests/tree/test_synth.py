from pathlib import Path

from meshwright import tree


def test_an_app_becomes_one_file_a_chart(tmp_path: Path) -> None:
    app = tree.App(outdir=str(tmp_path / "dist"))
    chart = tree.Chart(app, "hello", namespace="shop", labels={"team": "a"})
    config = tree.ApiObject(chart, "config", api_version="v1", kind="ConfigMap", data={"b": "1", "a": None})
    service = tree.ApiObject(chart, "web", api_version="v1", kind="Service", metadata={"name": "web"})
    config.add_dependency(service)
    app.synth()
    assert (tmp_path / "dist" / "hello.k8s.yaml").read_text() == (
        "apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    team: a\n  name: web\n  namespace: shop\n"
        "---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    team: a\n  name: hello-config-c8b499ef\n"
        '  namespace: shop\ndata:\n  b: "1"\n'
    )
