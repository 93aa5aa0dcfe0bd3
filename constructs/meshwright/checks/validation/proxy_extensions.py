"""WasmPlugin and TrafficExtension. Source: Istio reference, "Wasm Plugin" and "Traffic Extension"."""

import re
from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import target_faults
from meshwright.checks.validation.urls import parse_url
from meshwright.checks.validation.values import port_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text

_SCHEMES = ("", "file", "http", "https", "oci")
_SHA256 = re.compile("[a-f0-9]{64}")
_LONGEST = {"imagePullSecret": 253, "pluginName": 256}
_LONGEST_VARIABLE = 256
_LONGEST_CODE = 64 * 1024


def wasm_plugin_faults(judged: Judged) -> Faults:
    """Find what istiod has against a WasmPlugin."""
    yield from target_faults(judged.spec)
    yield from _wasm_faults("spec", judged.spec)
    yield from _match_faults(judged.spec)


def traffic_extension_faults(judged: Judged) -> Faults:
    """Find what istiod has against a TrafficExtension."""
    spec = judged.spec
    wasm, lua = spec.get("wasm"), spec.get("lua")
    if not isinstance(wasm, dict) and not isinstance(lua, dict):
        yield Fault("spec", "it has neither wasm nor lua", "Give it one of the two.")
    yield from target_faults({field: value for field, value in spec.items() if field != "targetRef"})
    if isinstance(lua, dict):
        code = text(lua.get("inlineCode"))
        if not code:
            yield Fault("spec.lua.inlineCode", "there is no code", "Write some.")
        if len(code.encode()) > _LONGEST_CODE:
            wrong = f"the code has {len(code.encode())} bytes"
            yield Fault("spec.lua.inlineCode", wrong, f"At most {_LONGEST_CODE} are allowed.")
    if isinstance(wasm, dict):
        yield from _wasm_faults("spec.wasm", wasm)
    yield from _match_faults(spec)


def _wasm_faults(path: str, wasm: Mapping[str, Any]) -> Faults:
    yield from _url_faults(f"{path}.url", text(wasm.get("url")))
    digest = text(wasm.get("sha256"))
    if digest and not _SHA256.fullmatch(digest):
        yield Fault(f"{path}.sha256", f'"{digest}" is no SHA-256', "Give 64 digits of 0 to 9 and a to f.")
    for field, longest in _LONGEST.items():
        if len(text(wasm.get(field)).encode()) > longest:
            yield Fault(f"{path}.{field}", f"{field} is too long", f"At most {longest} characters are allowed.")
    yield from _variable_faults(f"{path}.vmConfig.env", entries(section(wasm.get("vmConfig")).get("env")))


def _url_faults(path: str, url: str) -> Faults:
    remedy = "Write oci://, https://, http:// or file:///, or the name of an image."
    if not url:
        yield Fault(path, "the url is empty", remedy)
        return
    parsed = parse_url(url, request=True)
    whole = url if parsed is not None else f"http://{url}"
    if parse_url(whole, request=True) is None or parse_url(whole) is None:
        yield Fault(path, f'"{url}" is no URL', remedy)
    elif parsed is not None and parsed.scheme not in _SCHEMES:
        yield Fault(path, f'nobody can load from "{parsed.scheme}:"', remedy)


def _variable_faults(path: str, variables: list[Any]) -> Faults:
    seen: set[str] = set()
    for place, variable in enumerate(map(section, variables)):
        where, name = f"{path}[{place}]", text(variable.get("name"))
        if not name:
            yield Fault(f"{where}.name", "the variable has no name", "Name it.")
        elif len(name.encode()) > _LONGEST_VARIABLE:
            yield Fault(f"{where}.name", "the name is too long", f"At most {_LONGEST_VARIABLE} characters are allowed.")
        elif name in seen:
            yield Fault(f"{where}.name", f'"{name}" is set twice', "Remove one of the two.")
        elif (text(variable.get("valueFrom")) or "INLINE") != "INLINE" and text(variable.get("value")):
            wrong = f"the value comes from {variable['valueFrom']}, and is given, too"
            yield Fault(f"{where}.value", wrong, "Remove value, or choose INLINE.")
        seen.add(name)


def _match_faults(spec: Mapping[str, Any]) -> Faults:
    for place, match in enumerate(map(section, entries(spec.get("match")))):
        for position, port in enumerate(map(section, entries(match.get("ports")))):
            where = f"spec.match[{place}].ports[{position}].number"
            yield from at(where, port_flaw(integer(port.get("number"))))
