"""Small manifests to read."""


def service(name="shop", **metadata):
    lines = "".join(f"\n  {key}: {value}" for key, value in metadata.items())
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}{lines}\nspec:\n  ports:\n  - port: 80\n"


def virtual_service(rule):
    return (
        "apiVersion: networking.istio.io/v1\n"
        "kind: VirtualService\n"
        "metadata:\n"
        "  name: shop\n"
        "spec:\n"
        "  http:\n"
        f"  - match:\n    - {rule}\n"
    )
