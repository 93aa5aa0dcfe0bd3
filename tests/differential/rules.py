"""Random HTTP rules of VirtualServices, of every kind that admission lets through."""

from hypothesis import strategies as st

SERVICES = ["shop", "cart", "reviews"]
SUBSETS = ["v1", "v2", "v9"]
PATHS = ["/", "/a", "/a/", "/a/b", "/b", "/api/v1", "/A"]
PATTERNS = [".*", "/.*", "/a.*", "/[ab]/?", "/(a|b)", "/api/v[0-9]+"]
HEADERS = ["x-a", "x-b", "cookie", "X-Upper"]
VALUES = ["1", "two", "a.b"]
DURATIONS = ["1s", "250ms", "1.5s", "2m"]


def string_matches(values, patterns=("1|2", "t.*", "[a-z]+")):
    return st.one_of(
        st.builds(lambda value: {"exact": value}, st.sampled_from(values)),
        st.builds(lambda value: {"prefix": value}, st.sampled_from(values)),
        st.builds(lambda value: {"regex": value}, st.sampled_from(list(patterns))),
    )


def some(**fields):
    """Mappings with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def some_of(**fields):
    """Mappings with one or more of the fields."""
    keys = st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=4, unique=True)
    return keys.flatmap(lambda chosen: st.fixed_dictionaries({key: fields[key] for key in chosen}))


def header_matches():
    value = st.one_of(string_matches(VALUES), st.just({}))
    return st.dictionaries(st.sampled_from(HEADERS), value, min_size=1, max_size=2)


def matches():
    """Conditions, each with something in it: admission refuses empty ones."""
    conditions = some_of(
        uri=string_matches(PATHS, PATTERNS),
        method=string_matches(["GET", "POST"], ["GET|PUT"]),
        scheme=string_matches(["http", "https"], ["https?"]),
        authority=string_matches(["shop.example.com", "a."], [".*[.]com"]),
        headers=header_matches(),
        withoutHeaders=header_matches(),
        queryParams=st.dictionaries(st.sampled_from(["q", "p"]), string_matches(VALUES), min_size=1, max_size=2),
        port=st.sampled_from([80, 8080, 443]),
        sourceNamespace=st.sampled_from(["store", "team"]),
        sourceLabels=st.just({"app": "web"}),
    )
    others = some(name=st.sampled_from(["m", "n"]), ignoreUriCase=st.just(True), statPrefix=st.just("stat"))
    return st.builds(lambda one, other: {**one, **other}, conditions, others)


def destinations():
    host = st.sampled_from([*SERVICES, "shop.store.svc.cluster.local", "cart.team", "nowhere", "api.example.com"])
    port = st.sampled_from([80, 9000]).map(lambda number: {"number": number})
    return st.fixed_dictionaries({"host": host}, optional={"subset": st.sampled_from(SUBSETS), "port": port})


def header_operations():
    values = st.dictionaries(
        st.sampled_from(["x-set", "x-add", "Host"]), st.sampled_from(["1", "h.example.com"]), max_size=2
    )
    changes = some(set=values, add=st.just({"x-more": "a"}), remove=st.just(["x-gone"]))
    response = some(set=st.just({"x-back": "1"}), remove=st.just(["server"]))
    return some(request=changes, response=response)


@st.composite
def splits(draw):
    """One destination, or several with weights that are not all zero."""
    count = draw(st.integers(1, 3))
    targets = []
    for number in range(count):
        target = {"destination": draw(destinations())}
        if count > 1:
            target["weight"] = draw(st.integers(0, 100)) + (number == 0)
        if draw(st.integers(0, 4)) == 0:
            target["headers"] = draw(header_operations())
        targets.append(target)
    return targets


def redirects():
    target = some_of(
        uri=st.sampled_from(["/new", "/"]),
        authority=st.just("new.example.com"),
        scheme=st.sampled_from(["http", "https"]),
        port=st.just(8443),
    )
    code = some(redirectCode=st.sampled_from([301, 302, 303, 307, 308]))
    return st.builds(lambda one, other: {**one, **other}, target, code)


def percentages():
    return st.sampled_from([0, 0.0001, 12.5, 100]).map(lambda value: {"value": value})


def faults():
    delay = st.fixed_dictionaries({"fixedDelay": st.sampled_from(DURATIONS)}, optional={"percentage": percentages()})
    status = st.sampled_from([{"httpStatus": 503}, {"httpStatus": 404}, {"grpcStatus": "UNAVAILABLE"}])
    abort = st.builds(lambda code, share: {**code, **share}, status, some(percentage=percentages()))
    return some_of(delay=delay, abort=abort)


def retries():
    tries = st.fixed_dictionaries(
        {"attempts": st.integers(1, 4)},
        optional={
            "perTryTimeout": st.sampled_from(DURATIONS),
            "retryOn": st.sampled_from(["5xx", "503,reset", "gateway-error,429,connect-failure"]),
            "retryRemoteLocalities": st.booleans(),
            "retryIgnorePreviousHosts": st.booleans(),
            "backoff": st.just("50ms"),
        },
    )
    return st.one_of(st.just({"attempts": 0}), tries)


def cors():
    return st.fixed_dictionaries(
        {"allowOrigins": st.lists(string_matches(["https://a.com", "*"], ["https://.*"]), min_size=1, max_size=2)},
        optional={
            "allowMethods": st.just(["GET", "PUT"]),
            "allowHeaders": st.just(["x-a"]),
            "exposeHeaders": st.just(["x-b"]),
            "maxAge": st.just("24h"),
            "allowCredentials": st.booleans(),
            "unmatchedPreflights": st.sampled_from(["FORWARD", "IGNORE"]),
        },
    )


def rewrites():
    by_pattern = st.just({"match": "^/([a-z]+)/(.*)$", "rewrite": "/\\2/\\1"})
    authority = st.just("inner.example.com")
    return st.one_of(
        some_of(uri=st.sampled_from(["/", "/x", "/x/"]), authority=authority),
        some_of(uriRegexRewrite=by_pattern, authority=authority),
    )


@st.composite
def http_rules(draw, delegates=()):
    """One HTTP rule."""
    rule = draw(some(name=st.sampled_from(["one", "two"])))
    if draw(st.integers(0, 3)):
        rule["match"] = draw(st.lists(matches(), min_size=1, max_size=3))
    if delegates and draw(st.integers(0, 2)) == 0:
        name, namespace = draw(st.sampled_from(delegates))
        rule["delegate"] = {"name": name, "namespace": namespace}
        return rule
    kind = draw(st.sampled_from(["route"] * 6 + ["redirect", "direct"]))
    if kind == "redirect":
        rule["redirect"] = draw(redirects())
        return rule
    if kind == "direct":
        rule["directResponse"] = {"status": draw(st.sampled_from([200, 404, 503])), "body": {"string": "said"}}
        return rule
    rule["route"] = draw(splits())
    extras = {
        "timeout": st.sampled_from(DURATIONS),
        "retries": retries(),
        "fault": faults(),
        "mirror": destinations(),
        "corsPolicy": cors(),
        "headers": header_operations(),
        "rewrite": rewrites(),
    }
    for field in draw(st.lists(st.sampled_from(sorted(extras)), max_size=3, unique=True)):
        rule[field] = draw(extras[field])
    if "mirror" in rule and draw(st.booleans()):
        rule["mirrorPercentage"] = draw(percentages())
    return rule
