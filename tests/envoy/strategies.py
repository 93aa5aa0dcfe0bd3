"""Random route configurations that use every field of the route table."""

from datetime import timedelta

from hypothesis import strategies as st

from meshwright.traffic import (
    ClaimMatch,
    CorsPolicy,
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    Forward,
    HashPolicy,
    HeaderChanges,
    HeaderMatch,
    HeaderValue,
    MirrorPolicy,
    NoAction,
    PathMatch,
    QueryMatch,
    Redirect,
    RegexRewrite,
    RetryPolicy,
    Route,
    RouteConfiguration,
    RouteMatch,
    StringMatch,
    VirtualHost,
    WeightedCluster,
)

names = st.sampled_from(["x-a", "x-b", "cookie", "q"])
values = st.sampled_from(["1", "a", "a b", "%%", "é", "a,b"])
patterns = st.sampled_from(["a.*", "[0-9]+", "(a|b)c?", "/x/([^/]+)"])
paths = st.sampled_from(["/", "/a", "/a/b", "/%2F", "/a//b"])
clusters = st.sampled_from(["outbound|80||a.b", "outbound|80|v1|a.b", "PassthroughCluster"])
times = st.integers(1, 10_000_000).map(lambda number: timedelta(microseconds=number))
milliseconds = st.integers(1, 100_000).map(lambda number: timedelta(milliseconds=number))
percents = st.integers(0, 1_000_000).map(lambda number: number / 10_000)
flags = st.booleans()


def few(strategy, least=0):
    return st.lists(strategy, min_size=least, max_size=2).map(tuple)


def optional(strategy):
    return st.none() | strategy


strings = st.builds(StringMatch, st.sampled_from(["exact", "prefix", "suffix", "contains"]), values, flags) | st.builds(
    StringMatch, st.just("regex"), patterns
)
path_matches = (
    st.builds(PathMatch, st.sampled_from(["exact", "prefix"]), paths, flags)
    | st.builds(PathMatch, st.just("separated_prefix"), st.sampled_from(["/a", "/a/b"]), flags)
    | st.builds(PathMatch, st.just("regex"), patterns)
    | st.just(PathMatch("connect", ""))
)
header_matches = st.builds(HeaderMatch, names, strings, invert=flags, missing_is_empty=flags) | st.builds(
    HeaderMatch, names, st.none(), flags, flags
)
matches = st.builds(
    RouteMatch,
    path_matches,
    few(header_matches),
    few(st.builds(QueryMatch, names, optional(strings))),
    few(st.builds(ClaimMatch, few(names, 1), strings, flags)),
)
header_values = st.builds(HeaderValue, names, values, flags)
header_changes = st.builds(HeaderChanges, few(header_values), few(names), few(header_values), few(names))
regex_rewrites = st.builds(RegexRewrite, patterns, st.sampled_from(["/y", "x"]))
retries = st.builds(
    RetryPolicy,
    st.integers(1, 5),
    st.sampled_from(["5xx", "connect-failure,retriable-status-codes"]),
    optional(times),
    few(st.sampled_from([429, 503])),
    flags,
    st.integers(1, 5),
    optional(st.just(2)),
    optional(milliseconds),
)
hash_policies = (
    st.builds(HashPolicy, st.sampled_from(["header", "query"]), names)
    | st.just(HashPolicy("source_ip"))
    | st.builds(
        HashPolicy, st.just("cookie"), names, optional(st.integers(0, 10**12)), paths, few(st.tuples(names, values))
    )
)
weighted = st.builds(WeightedCluster, clusters, st.integers(1, 100), optional(st.just("h.example")), header_changes)
rewrites = st.fixed_dictionaries({}) | st.fixed_dictionaries({"prefix_rewrite": paths})
rewrites |= st.fixed_dictionaries({"regex_rewrite": regex_rewrites})
forwards = st.builds(
    lambda destinations, rewrite, rest: Forward(destinations, **rewrite, **rest),
    few(weighted, 1) | clusters.map(lambda name: (WeightedCluster(name),)),
    rewrites,
    st.fixed_dictionaries(
        {
            "timeout": optional(times),
            "retries": optional(retries),
            "host_rewrite": optional(st.just("new.example")),
            "append_x_forwarded_host": flags,
            "mirrors": few(st.builds(MirrorPolicy, clusters, percents)),
            "hash_policies": few(hash_policies),
            "cluster_not_found_status": optional(st.sampled_from([404, 500, 503])),
            "idle_timeout": optional(times),
            "max_stream_duration": optional(times),
        }
    ),
)
redirects = st.builds(
    lambda status, parts, path: Redirect(status, **parts, **path),
    st.sampled_from([301, 302, 303, 307, 308]),
    st.fixed_dictionaries({}, optional={"host": st.just("h.example"), "port": st.just(81), "scheme": st.just("https")}),
    st.fixed_dictionaries({})
    | st.fixed_dictionaries({"path": paths})
    | st.fixed_dictionaries({"prefix": paths})
    | st.fixed_dictionaries({"regex": regex_rewrites}),
)
direct_responses = st.builds(DirectResponse, st.integers(200, 599), optional(st.sampled_from([b"hi", b"\xff", b""])))
faults = st.builds(
    Fault,
    optional(st.builds(FaultDelay, times, percents)),
    optional(
        st.builds(FaultAbort, percents, st.integers(200, 599))
        | st.builds(FaultAbort, percents, st.none(), st.integers(0, 16))
    ),
)
cors = st.builds(
    CorsPolicy,
    few(strings),
    few(st.sampled_from(["GET", "PUT"])),
    few(names),
    few(names),
    optional(st.just(timedelta(days=1))),
    optional(flags),
    optional(flags),
)
routes = st.builds(
    Route,
    matches,
    forwards | redirects | direct_responses | st.just(NoAction()),
    st.sampled_from(["", "named"]),
    header_changes,
    optional(faults),
    optional(cors),
)
virtual_hosts = st.builds(
    VirtualHost,
    st.just("host"),
    st.just(("*",)),
    few(routes),
    st.sampled_from(["none", "external_only", "all"]),
    flags,
)
route_configurations = st.builds(RouteConfiguration, st.just("http.80"), st.tuples(virtual_hosts), flags)
