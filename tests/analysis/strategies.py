"""Random route configurations, and random requests that come close to their conditions."""

from datetime import timedelta
from random import Random

from hypothesis import strategies as st

from meshwright.traffic import (
    CorsPolicy,
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    Forward,
    HeaderMatch,
    PathMatch,
    QueryMatch,
    Redirect,
    RegexRewrite,
    Request,
    RetryPolicy,
    Route,
    RouteConfiguration,
    RouteMatch,
    StringMatch,
    VirtualHost,
    WeightedCluster,
)

DOMAINS = [
    "a.com",
    "A.Com",
    "b.com",
    "a.com:80",
    "b.com:8080",
    "x.a.com",
    "*.a.com",
    "*.b.a.com",
    "*-x.a.com",
    "*.com",
    "a.*",
    "a.b.*",
    "x.*",
    "[::1]",
    "10.0.0.1",
    "a",
    "*",
]
HOSTS = [
    "a.com",
    "A.COM",
    "b.com",
    "c.com",
    "x.a.com",
    "y.b.a.com",
    "q-x.a.com",
    ".a.com",
    "a.b.org",
    "a.org",
    "x.y",
    "[::1]",
    "10.0.0.1",
    "a",
    "a.com.",
    "",
    "zz",
    "a.b.a.com",
]
PATHS = ["/", "/a", "/a/", "/a/b", "/A", "/ab", "/a/b/c", "/foo.bar", "/%2F", "/a//b", "/b", "/*", "/~x"]
PATH_PATTERNS = [
    "/a.*",
    "/[ab]/?.*",
    "/(a|b)",
    ".*b",
    "/a",
    "(?i)/A.*",
    "/.*%2F.*",
    "/a(/[^/]+)?",
    "/\\w+\\.\\w+",
    ".*",
]
PIECES = ["/", "/a", "/b", "//", "/..", "/.", "/%2e", "/%2E%2e", "%2F", "%2f", "%5C", "\\", "/A", "ab", "c", ".bar"]
PIECES += ["/foo", "%41", "%7e", "%zz", "%", "~x", "|", "%00", ";v=1", "*", "/...", "+", "'", '"', "%20", "[", "#a?b"]
HEADERS = ["x-a", "x-b", "accept", "user-agent", "cookie", ":authority", ":method", ":path", ":scheme", "X-C"]
HEADERS += ["x-forwarded-proto", "x-forwarded-host", "x-envoy-retry-on", "x-envoy-original-path", "te", "via"]
VALUES = ["", "1", "12", "a", "A", "ab", "a,b", "a.com", "GET", "/a", "http", "x y", "1,2"]
VALUE_PATTERNS = [".*", "a.*", "[0-9]+", "(?i)A", "a|b", "GET|POST", ".+", "^a$", "a.com(:\\d+)?", "é*"]
QUERY = ["q", "r", "Q", "x y", "", "a%20b"]
SUBSTITUTIONS = [("/a", "/z"), ("^/(.)(.*)$", "/\\2\\1"), ("/", "/-"), ("b*", "x"), ("(a)|b", "[\\1]"), ("$", "/end")]
SUBSTITUTIONS += [("/([^/]*)", "/\\1\\0"), ("x", ""), ("^/a/?", "/")]


def strings(values=VALUES, patterns=VALUE_PATTERNS):
    plain = st.builds(
        StringMatch, st.sampled_from(["exact", "prefix", "suffix", "contains"]), st.sampled_from(values), st.booleans()
    ).filter(lambda match: match.kind == "exact" or match.value)
    return plain | st.builds(StringMatch, st.just("regex"), st.sampled_from(patterns))


def path_matches():
    plain = st.builds(PathMatch, st.sampled_from(["exact", "prefix"]), st.sampled_from(PATHS), st.booleans())
    segments = st.sampled_from(["/a", "/a/b", "/A", "/foo.bar", "/b"])
    separated = st.builds(PathMatch, st.just("separated_prefix"), segments, st.booleans())
    return plain | separated | st.builds(PathMatch, st.just("regex"), st.sampled_from(PATH_PATTERNS))


def header_matches():
    flags = {"invert": st.booleans(), "missing_is_empty": st.booleans()}
    value = st.builds(HeaderMatch, st.sampled_from(HEADERS), strings(), **flags)
    presence = st.builds(HeaderMatch, st.sampled_from(HEADERS), st.none(), st.booleans(), invert=st.booleans())
    return value | presence


def query_matches():
    return st.builds(QueryMatch, st.sampled_from([name for name in QUERY if name]), st.none() | strings())


def matches():
    def few(strategy):
        return st.lists(strategy, max_size=2).map(tuple)

    nothing = st.just(())
    headers = nothing | nothing | few(header_matches())
    return st.builds(RouteMatch, path_matches(), headers, nothing | nothing | few(query_matches()))


def redirects():
    def maybe(*values):
        return st.sampled_from([None, None, *values])

    regex = st.sampled_from([RegexRewrite(*each) for each in SUBSTITUTIONS])
    target = st.fixed_dictionaries({"path": st.sampled_from(["/new", "/new?y=2", "/n/"])})
    target |= st.fixed_dictionaries({"prefix": st.sampled_from(["/z", "/z/", "/"])})
    target |= st.fixed_dictionaries({"regex": regex}) | st.just({})
    scheme = st.sampled_from([{}, {}, {"scheme": "https"}, {"scheme": "http"}, {"https": True}])
    return st.builds(
        lambda status, host, port, where, how: Redirect(status, host=host, port=port, **where, **how),
        st.sampled_from([301, 302, 303, 307, 308]),
        maybe("n.com", "n.com:99"),
        maybe(80, 443, 8443),
        target,
        scheme,
    )


def forwards():
    clusters = st.sampled_from(
        [
            (WeightedCluster("one"),),
            (WeightedCluster("two"),),
            (WeightedCluster("missing"),),
            (WeightedCluster("one", 0), WeightedCluster("two", 100)),
            (WeightedCluster("one", 1, "w.com"), WeightedCluster("two", 1, "w.com")),
        ]
    )
    rewrite = st.sampled_from([{}, {}, *({"prefix_rewrite": each} for each in ("/z", "/z/", "/", "/z?k=1"))])
    rewrite |= st.sampled_from([{"regex_rewrite": RegexRewrite(*each)} for each in SUBSTITUTIONS])
    return st.builds(
        lambda clusters, how, host: Forward(clusters, host_rewrite=host, **how),
        clusters,
        rewrite,
        st.sampled_from([None, None, "h.com"]),
    )


def routes():
    action = forwards() | forwards() | redirects() | st.sampled_from([DirectResponse(204), DirectResponse(418, b"tea")])
    delay = FaultDelay(timedelta(milliseconds=1), 100)
    faults = [None] * 8 + [Fault(abort=FaultAbort(100, 403)), Fault(abort=FaultAbort(0, 403)), Fault(delay)]
    origins = (StringMatch("exact", "http://o"), StringMatch("regex", "http://.*\\.r"), StringMatch("exact", "*"))
    cors = [None] * 5 + [CorsPolicy(origins[:2], forward_not_matching_preflights=each) for each in (None, True, False)]
    cors += [CorsPolicy(origins), CorsPolicy()]
    return st.builds(
        lambda match, action, fault, cors: Route(match, action, fault=fault, cors=cors),
        matches(),
        action,
        st.sampled_from(faults),
        st.sampled_from(cors),
    )


@st.composite
def configurations(draw, name="routes"):
    domains = draw(st.lists(st.sampled_from(DOMAINS), min_size=1, max_size=6, unique_by=str.lower))
    if "*" not in domains and draw(st.booleans()):
        domains.append("*")
    parts = draw(st.integers(1, min(3, len(domains))))
    hosts = []
    for part in range(parts):
        rules = draw(st.lists(routes(), min_size=draw(st.integers(0, 3)), max_size=7))
        named = tuple(
            Route(each.match, each.action, f"{part}.{place}", fault=each.fault, cors=each.cors)
            for place, each in enumerate(rules)
        )
        tls = draw(st.sampled_from(["none"] * 5 + ["all"]))
        hosts.append(VirtualHost(str(part), tuple(domains[part::parts]), named, tls))
    return RouteConfiguration(name, tuple(hosts), draw(st.booleans()))


@st.composite
def several_configurations(draw, size=6):
    return [draw(configurations(f"routes{each}")) for each in range(size)]


def random_request(random: Random, configuration: RouteConfiguration) -> Request:
    """Return a request that often meets most conditions of some route."""
    host = random.choice(configuration.virtual_hosts)
    if random.random() < 0.7:
        authority = random.choice(host.domains).replace("*", random.choice(["y", "y.z", "q-x", ""]))
    else:
        authority = random.choice(HOSTS)
    if not authority.rpartition("]")[2].count(":"):
        authority += random.choice(["", "", "", ":80", ":8080", ":443", ":", ":x"])
    match = random.choice(host.routes).match if host.routes else RouteMatch(PathMatch("prefix", "/"))
    path = match.path.value if match.path.kind != "regex" and random.random() < 0.8 else ""
    path += "".join(random.choices(PIECES, k=random.choice([0, 0, 1, 1, 2, 4] if path else [1, 2, 3, 4])))
    headers = _headers(random, match)
    query = _query(random, match)
    if not path.startswith("/"):
        path = "/" + path
    method = random.choice(["GET", "GET", "POST", "OPTIONS", "HEAD"])
    if method == "OPTIONS":
        headers += [("origin", random.choice(["http://o", "http://x.r", "http://no", ""]))]
        headers += random.choice([[], [("access-control-request-method", random.choice(["GET", ""]))]])
    told = any(name == "x-forwarded-proto" for name, _ in headers)  # which is also how TLS is told to this Envoy
    scheme = "http" if told else random.choice(["http", "http", "https"])
    return Request(method, authority, path + query, tuple(headers), scheme)


def _headers(random: Random, match: RouteMatch) -> list[tuple[str, str]]:
    headers = [(each.name, _near(random, each.value)) for each in match.headers if not each.name.startswith(":")]
    headers = [each for each in headers if random.random() < 0.8]
    for _ in range(random.choice([0, 0, 1, 2])):
        name = random.choice([name for name in HEADERS if not name.startswith(":")])
        headers.append((name, random.choice(VALUES)))
    random.shuffle(headers)
    return headers


def _query(random: Random, match: RouteMatch) -> str:
    parts = [f"{each.name}={_near(random, each.value)}" for each in match.query if random.random() < 0.8]
    parts += [
        f"{random.choice(QUERY)}{random.choice(['', '=', '=1', '=a'])}" for _ in range(random.choice([0, 0, 1, 2]))
    ]
    random.shuffle(parts)
    written = "&".join(parts).replace(" ", random.choice(["+", "%20"]))
    return f"?{written}" if parts or random.random() < 0.1 else ""


def _near(random: Random, value: StringMatch | None) -> str:
    if value is None or value.kind == "regex" or random.random() < 0.2:
        return random.choice(VALUES)
    return value.value + random.choice(["", "", "", "x"]) if value.kind != "suffix" else value.value


def retried(attempts: int) -> RetryPolicy:
    return RetryPolicy(attempts, "connect-failure,refused-stream")
