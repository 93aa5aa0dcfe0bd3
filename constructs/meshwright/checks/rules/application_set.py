"""MW864: an ApplicationSet without generators, or with parameters in the other template language."""

import re
from collections.abc import Iterator

from meshwright.checks.argo import GROUP
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section

_PLAIN = re.compile(r"\{\{\s*(?:name|server|path|branch|number|namespace|cluster|env|environment)\s*\}\}")
_DOTTED = re.compile(r"\{\{\s*\.[A-Za-z]")


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.of_kind("ApplicationSet"):
        if not resource.api_version.startswith(GROUP):
            continue
        spec = section(resource.body.get("spec"))
        if not entries(spec.get("generators")):
            yield Problem(
                resource.origin("spec.generators"), "it has no generators", "Name what to make Applications of."
            )
        template = str(spec.get("template"))
        found = _PLAIN.search(template) if spec.get("goTemplate") is True else _DOTTED.search(template)
        if found is not None:
            go = spec.get("goTemplate") is True
            language = "a Go template has no such function" if go else "without goTemplate it stays as it is"
            remedy = "Write {{.NAME}}." if go else "Set goTemplate: true, or write {{NAME}}."
            wrong = f'"{found[0]}{"" if go else "…"}" is no parameter here: {language}'
            yield Problem(resource.origin("spec.template"), wrong, remedy)


CHECK = Check("MW864", "application-set", "error", "An ApplicationSet that makes no Application.", _find)
