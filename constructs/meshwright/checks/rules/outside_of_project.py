"""MW862: an Application whose source or destination its project does not allow."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from meshwright.checks.argo import GROUP, applications, is_templated, sources
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import entries, section, text, texts

_HERE = ("https://kubernetes.default.svc", "in-cluster")


def _find(shown: Inventory) -> Iterator[Problem]:
    projects = {each.name: each for each in shown.of_kind("AppProject") if each.api_version.startswith(GROUP)}
    for resource, path, spec in applications(shown) if projects else ():
        project = projects.get(text(spec.get("project")))
        if project is None:
            continue
        rules = section(project.body.get("spec"))
        related = (project.origin("spec"),)
        allowed = texts(rules.get("sourceRepos"))
        for field, source in sources(path, spec):
            repository = text(source.get("repoURL"))
            if repository and not is_templated(repository) and not _allows(allowed, _plain(repository)):
                wrong = f'project "{project.name}" does not allow the source {repository} (allowed: {all_of(allowed)})'
                yield Problem(resource.origin(f"{field}.repoURL"), wrong, "Add it to sourceRepos.", related=related)
        where = section(spec.get("destination"))
        if not any(map(is_templated, where.values())) and not _admits(rules, where):
            cluster = text(where.get("server")) or text(where.get("name"))
            told = f"{text(where.get('namespace')) or 'no namespace'} of {cluster or 'no cluster'}"
            wrong = f'project "{project.name}" does not allow the destination {told}'
            yield Problem(resource.origin(f"{path}.destination"), wrong, "Add it to destinations.", related=related)


def _plain(repository: str) -> str:
    return repository.lower().rstrip("/").removesuffix(".git")


def _allows(patterns: tuple[str, ...], repository: str) -> bool:
    """Tell whether a list of patterns, ``!`` before those that deny, lets a repository in."""
    if any(each.startswith("!") and fnmatchcase(repository, _plain(each[1:])) for each in patterns):
        return False
    return any(not each.startswith("!") and fnmatchcase(repository, _plain(each)) for each in patterns)


def _admits(rules: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    found = [_fits(rule, where) for rule in map(section, entries(rules.get("destinations")))]
    return any(fits and not denies for fits, denies in found) and not any(fits and denies for fits, denies in found)


def _fits(rule: Mapping[str, Any], where: Mapping[str, Any]) -> tuple[bool, bool]:
    """Tell whether a destination of a project is meant, and whether it denies; clusters as far as both name them."""
    denies = False
    for field in ("server", "name", "namespace"):
        pattern, value = text(rule.get(field)), text(where.get(field))
        denies = denies or pattern.startswith("!")
        if field == "namespace" or (pattern and value):
            pattern = pattern.removeprefix("!")
            same = field != "namespace" and pattern in _HERE and value in _HERE
            if not same and not fnmatchcase(value, pattern):
                return False, denies
    return True, denies


CHECK = Check("MW862", "outside-of-project", "error", "An Application that its project does not allow.", _find)
