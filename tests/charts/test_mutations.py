"""Wrong programs: a right one (tests/charts/mutations), spoilt in one place each.

Each is run as a program; it has to be refused with the line that was spoilt, in the file that was spoilt, in one line
for each problem, with exit status 1, and ``dist/`` has to stay as it was.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).parent / "mutations"

RUN_ALL = """
import os, runpy, sys
here = sys.path[0]
for folder in sys.argv[1:]:
    child = os.fork()
    if not child:
        os.chdir(folder)
        sys.path[0] = folder
        sys.argv = ["main.py"]
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        status = 0
        try:
            runpy.run_path("main.py", run_name="__main__")
        except BaseException:
            status = 1
            sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(os.path.join(folder, "status"), "w") as file:
        file.write(str(status))
"""
"""Runs the main.py of each folder in a process of its own, in that folder."""


class Mutation:
    """A wrong program.

    Args:
        sentence: What is wrong with it.
        old, new: The change.
        said: What its refusal has to say.
        at: A text on the line that has to be named; the changed line when left out.
        file: The file that is changed, and named.
        number_of: How many problems it has.
    """

    def __init__(
        self, sentence: str, old: str, new: str, said: str, *, at: str = "", file: str = "shop.py", number_of: int = 1
    ) -> None:
        self.sentence = sentence
        self.old = old
        self.new = new
        self.said = said
        self.at = at
        self.file = file
        self.number_of = number_of

    def write(self, folder: Path) -> None:
        """Write the program, and an older ``dist/``."""
        folder.mkdir()
        for source in PROGRAM.glob("*.py"):
            shutil.copy(source, folder)
        text = (PROGRAM / self.file).read_text()
        assert text.count(self.old) == 1, f"{self.old!r} is there {text.count(self.old)} times"
        (folder / self.file).write_text(text.replace(self.old, self.new))
        (folder / "dist" / "prod").mkdir(parents=True)
        (folder / "dist" / "prod" / "shop.k8s.yaml").write_text("kind: Old\n")

    def place(self, folder: Path) -> str:
        """Return the place that a refusal has to name: ``shop.py:41``."""
        text = (folder / self.file).read_text()
        sought = self.at or self.new
        assert sought in text
        return f"{self.file}:{text[: text.index(sought)].count(chr(10)) + 1}"


MUTATIONS = [
    # wrong references
    Mutation(
        "a version that the app does not have", 'canary="v2"', 'canary="v3"', "it has no version 'v3'", at="Canary(\n"
    ),
    Mutation("a release that the app does not have", 'live="blue"', 'live="bleu"', "it has no version 'bleu'"),
    Mutation("the same version twice", 'stable="v1"', 'stable="v2"', "stable and canary are both 'v2'", at="Canary(\n"),
    Mutation("preview of what is live", 'preview="green"', 'preview="blue"', "live and preview are both 'blue'"),
    Mutation("a share for no version", 'cart.version("v2"): 20', 'cart.version("v9"): 20', "it has no version 'v9'"),
    Mutation("a target by its name", 'Route(name="rest", to=web)', 'Route(name="rest", to="web")', "a target is 'web'"),
    Mutation(
        "a mirror by its name",
        "mirror=Mirror(web, percent=5)",
        'mirror=Mirror("web", percent=5)',
        "'web'",
        at="Route(\n",
    ),
    Mutation("a source by its name", "sources=[web]", 'sources=["web"]', "a source is 'web'"),
    Mutation(
        "a callee by its name", "to=[cart, database, api]", 'to=[cart, "database", api]', "a target is 'database'"
    ),
    Mutation("a port that the host does not have", "ports={80:", "ports={8080:", "the host has no port 8080"),
    Mutation("a port that the containers do not have", "ports=[8080]", "ports=[80]", "do not listen on port 80"),
    Mutation("a mode for a port of no app", 'mode="STRICT")', 'ports={8080: "DISABLE"})', "no app is named"),
    Mutation(
        "a host that the gateway does not admit",
        'environment.host("www")',
        '"www.example.net"',
        "no gateway listens for host 'www.example.net'",
        at='HttpRoutes(\n        chart,\n        "public"',
    ),
    Mutation(
        "a Service that is not there",
        'to=Backend("reviews.other.svc.cluster.local", 80, "v1", elsewhere=True)',
        'to=Backend("carts.shop.svc.cluster.local", 80)',
        "no Service 'carts'",
    ),
    Mutation(
        "a subset that is not there",
        'to=Backend("reviews.other.svc.cluster.local", 80, "v1", elsewhere=True)',
        'to=Backend(cart.host, 80, "v7")',
        "no subset 'v7'",
    ),
    Mutation(
        "a port of the Service that is not there",
        'to=Backend("reviews.other.svc.cluster.local", 80, "v1", elsewhere=True)',
        "to=Backend(cart.host, 8080)",
        "no port 8080",
    ),
    Mutation(
        "a policy for an app of another host's rule",
        'of="reviews.other.svc.cluster.local"',
        "of=cart",
        "makes the DestinationRule of cart.shop.svc.cluster.local already",
        at="Subsets(\n",
        number_of=1,
    ),
    # wrong names
    Mutation(
        "an app with capitals",
        '"web",\n        versions',
        '"Web",\n        versions',
        "name is 'Web', which is no DNS label",
        at='HttpApp(\n        chart,\n        "Web"',
    ),
    Mutation("a gateway with an underscore", '"inside", hosts', '"in_side", hosts', "name is 'in_side'"),
    Mutation(
        "a version with a dot",
        '"blue": "web:1"',
        '"1.0": "web:1"',
        "'web-1.0'",
        at='HttpApp(\n        chart,\n        "web"',
        number_of=3,
    ),
    Mutation(
        "a namespace with capitals", 'namespace="shop"', 'namespace="Shop"', "namespace is 'Shop'", file="main.py"
    ),
    Mutation(
        "a domain that is none",
        'host_suffix="example.com"',
        'host_suffix="example..com"',
        "host_suffix is 'example..com'",
        file="main.py",
        number_of=0,
    ),
    Mutation(
        "a host with a space",
        '"inside.example.com"], port',
        '"inside example.com"], port',
        "host 'inside example.com' is no host name",
        number_of=0,
    ),
    Mutation(
        "a wildcard in the middle",
        'Server.http("*.example.com"',
        'Server.http("www.*.com"',
        "host 'www.*.com' is no host name",
    ),
    Mutation(
        "a short host",
        'hosts=["reviews.other.svc.cluster.local"]',
        'hosts=["reviews"]',
        "host 'reviews' is short",
        at='HttpRoutes(\n        chart,\n        "reviews-routes"',
    ),
    Mutation(
        "a short host of a rule",
        'of="reviews.other.svc.cluster.local"',
        'of="reviews"',
        "host 'reviews' is short",
        at="Subsets(\n",
    ),
    Mutation("a short host outside", 'host="db.example.com"', 'host="db"', "host 'db' is short"),
    Mutation("any host outside", 'host="db.example.com"', 'host="*"', "which names no service", number_of=2),
    Mutation(
        "a subset that is no label",
        '"v1", Subset("v2"',
        '"v_1", Subset("v2"',
        "the name of a subset is 'v_1'",
        at="Subsets(\n",
    ),
    Mutation("two subsets of one name", 'Subset("v2"', 'Subset("v1"', "there are two of this name"),
    Mutation(
        "two gateways of one name",
        '"inside", hosts',
        '"inside", name="gateway", hosts',
        "makes the Gateway shop/gateway already",
    ),
    Mutation("two routes of one name", 'name="old"', 'name="cart"', "has this name, too", at='Route(name="cart"'),
    Mutation(
        "an empty image",
        '"v1": "cart:1"',
        '"v1": ""',
        "the image of version 'v1' is ''",
        at='HttpApp(\n        chart,\n        "cart"',
    ),
    Mutation("an unknown protocol", 'protocol="MYSQL"', 'protocol="MYSEQUEL"', "protocol is 'MYSEQUEL'"),
    Mutation("an unknown mode", 'mode="STRICT"', 'mode="STRIKT"', "mode is 'STRIKT'", number_of=0),
    Mutation(
        "an unknown algorithm",
        'TrafficPolicy(load_balancer="RANDOM")',
        'TrafficPolicy(load_balancer="FASTEST")',
        "load_balancer.simple is 'FASTEST'",
    ),
    Mutation("a method in lower case", '"GET", "POST"', '"GET", "post"', "methods has 'post'"),
    Mutation("a path without its slash", 'paths=["/cart*"]', 'paths=["cart*"]', "paths has 'cart*'"),
    Mutation("a star in the middle of a path", 'paths=["/cart*"]', 'paths=["/*/cart"]', "paths has '/*/cart'"),
    Mutation("a probe without its slash", 'Probe("/ready"', 'Probe("ready"', "path is 'ready'"),
    Mutation(
        "keys at no URL", 'jwks_uri="https://id', 'jwks_uri="id', "jwks_uri is 'id.example.com/keys'", number_of=0
    ),
    Mutation(
        "a repository that is no URL",
        'repository="https://git.example.com/shop.git"',
        'repository="shop"',
        "which is no URL",
    ),
    # wrong units and numbers
    Mutation(
        "a time as text",
        "connect_timeout=timedelta(seconds=1)",
        'connect_timeout="1s"',
        "connect_timeout is '1s', a text. Give timedelta(seconds=1)",
    ),
    Mutation(
        "an unknown time unit",
        "interval=timedelta(seconds=5), max",
        'interval="5sec", max',
        "with the unknown time unit 'sec'",
    ),
    Mutation(
        "a time as a number", "timeout=timedelta(seconds=10)", "timeout=10", "a number without a unit", at="Route(\n"
    ),
    Mutation(
        "a probe finer than seconds",
        "period=timedelta(seconds=5)",
        "period=timedelta(milliseconds=500)",
        "finer than Kubernetes reads",
    ),
    Mutation(
        "a negative time",
        "Delay(timedelta(seconds=5)",
        "Delay(timedelta(seconds=-5)",
        "fault.delay.fixed is",
        at="Route(\n",
    ),
    Mutation(
        "a retry longer than the request",
        "per_try_timeout=timedelta(seconds=2)",
        "per_try_timeout=timedelta(minutes=2)",
        "longer than the timeout",
        at="Route(\n",
    ),
    Mutation(
        "shares above 100", 'cart.version("v1"): 80', 'cart.version("v1"): 90', "the weights sum to 110", at="Route(\n"
    ),
    Mutation(
        "a share as text", 'cart.version("v2"): 20', 'cart.version("v2"): "20"', "a weight is '20'", at="Route(\n"
    ),
    Mutation(
        "a percentage above 100", "max_ejection_percent=50", "max_ejection_percent=150", "max_ejection_percent is 150"
    ),
    Mutation("a fault for more than all", "percent=10)", "percent=110)", "fault.delay.percent is 110", at="Route(\n"),
    Mutation("a canary of more than all", "Step.share(50)", "Step.share(500)", "weight is 500"),
    Mutation("a step that is not there", "at=2", "at=7", "at is 7", at="Canary(\n"),
    Mutation("localities that share 90 percent", '"eu/*": 100', '"eu/*": 90', "sum to 90"),
    Mutation("a quantity of no unit", 'memory="128Mi"', 'memory="128MB"', "memory is '128MB', which is no quantity"),
    Mutation(
        "a port that is none",
        'hosts=["inside.example.com"], port=8080',
        'hosts=["inside.example.com"], port=80800',
        "port is 80800",
    ),
    Mutation("half a pod", "replicas=2", "replicas=1.5", "replicas is 1.5"),
    Mutation(
        "fewer at most than at least", "min_replicas=1", "min_replicas=9", "min_replicas 9 is above max_replicas 4"
    ),
    Mutation("a status that is none", "Abort(503", "Abort(53", "fault.abort.status is 53", at="Route(\n"),
    # wrong order, and what cannot stand together
    Mutation(
        "weights that fall", "Step.share(5),", "Step.share(60),", "weight 50 is not above 60", at="Step.share(50)"
    ),
    Mutation(
        "a route after one that takes all",
        'Route(name="old", match=Match.exact("/old")',
        'Route(name="old", match=Match.exact("/cart/old")',
        "",
        number_of=0,
    ),
    Mutation(
        "a gateway without hosts",
        'hosts=["inside.example.com"], port',
        "hosts=[], port",
        "there is no host",
        number_of=0,
    ),
    Mutation(
        "two protocols on one port",
        'Server.tcp("*", port=5432)',
        'Server.tcp("*", port=80)',
        "port 80 speaks TCP, and HTTP by another server",
    ),
    Mutation(
        "two protocols on one port of two gateways",
        'hosts=["inside.example.com"], port=8080',
        'hosts=["inside.example.com"], port=5432',
        "port 5432 speaks HTTP, and TCP by",
    ),
    Mutation(
        "a certificate for nothing",
        'Server.https("*.example.com", tls="shop-tls")',
        'Server("HTTP", hosts=["a.example.com"], port=81, tls=ServerTls("x"))',
        "HTTP is not encrypted",
        number_of=0,
    ),
    Mutation(
        "TLS upon TLS",
        'ExternalPort(80, "HTTP", target_port=443)',
        'ExternalPort(443, "HTTPS")',
        "it would be done twice",
        at="tls=ClientTls",
        number_of=0,
    ),
    Mutation(
        "a database through the egress gateway",
        'EgressGateway(chart, "egress", to=[api])',
        'EgressGateway(chart, "egress", to=[api, database])',
        "MYSQL names no host on the wire",
        at="database = ExternalService",
    ),
    Mutation(
        "an autoscaler without requests",
        'resources=Resources(cpu="100m"),\n        autoscaling',
        "autoscaling",
        "they request none",
        number_of=0,
    ),
    Mutation(
        "replicas and autoscaling",
        '"blue": "web:1"',
        '"blue": Version("web:1", replicas=3)',
        "it has replicas and autoscaling",
    ),
    Mutation(
        "two policies of one namespace",
        'MutualTls(chart, "strict", mode="STRICT")',
        'MutualTls(chart, "strict")\n    MutualTls(chart, "loose", mode="PERMISSIVE")',
        "says the mode of namespace shop already",
        at='MutualTls(chart, "loose"',
    ),
    Mutation(
        "two routes of one host",
        'hosts=["inside.example.com"], gateways=[inside]',
        'hosts=[environment.host("www")], gateways=[gateway]',
        "takes any request of host",
        number_of=0,
    ),
]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders in which the wrong programs were run, by their sentences."""
    place = tmp_path_factory.mktemp("mutations")
    folders = {mutation.sentence: place / f"{number:02}" for number, mutation in enumerate(MUTATIONS)}
    assert len(folders) == len(MUTATIONS)
    for mutation in MUTATIONS:
        mutation.write(folders[mutation.sentence])
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDK8S")}
    environment |= {"PYTHONPATH": str(ROOT / "constructs"), "PYTHONDONTWRITEBYTECODE": "1"}
    argv = [sys.executable, "-c", RUN_ALL, *map(str, folders.values())]
    subprocess.run(argv, env=environment, check=True, timeout=300)
    return folders


def test_the_program_itself_is_right(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "constructs"), "CDK8S_OUTDIR": str(tmp_path)}
    argv = [sys.executable, "-B", str(PROGRAM / "main.py")]
    run = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    written = [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.yaml")]
    assert written == ["prod/shop.k8s.yaml"]


def test_there_are_sixty_wrong_programs() -> None:
    assert len(MUTATIONS) >= 60


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.sentence)
def test_refuses(mutation: Mutation, refusals: dict[str, Path]) -> None:
    folder = refusals[mutation.sentence]
    said = (folder / "err").read_text()
    assert (folder / "status").read_text() == "1", said
    lines = said.splitlines()
    assert all(line.startswith("prod/shop") for line in lines), said
    found = [line for line in lines if mutation.said in line]
    assert found, said
    assert f"({mutation.place(folder)})" in found[0], said
    assert mutation.number_of in (0, len(lines)), said


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.sentence)
def test_leaves_dist_as_it_was(mutation: Mutation, refusals: dict[str, Path]) -> None:
    dist = refusals[mutation.sentence] / "dist"
    files = [(file.relative_to(dist).as_posix(), file.read_text()) for file in dist.rglob("*") if file.is_file()]
    assert files == [("prod/shop.k8s.yaml", "kind: Old\n")]
