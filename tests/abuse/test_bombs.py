"""Text that is small and means something huge, or something that runs: it is refused, soon and with little memory."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

LAUGHS = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
)
MERGES = "a0: &a0 {x: 1}\n" + "\n".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 12)
)
CHAIN = "\n".join(["  k0: &k0 {}", *(f"  k{n}: &k{n} {{a: *k{n - 1}}}" for n in range(1, 20_000))])
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
BOMBS = {
    "aliases of aliases": HEAD + "data:\n" + "\n".join(f"  {line}" for line in LAUGHS.splitlines()),
    "merges of merges": HEAD + MERGES,
    "an alias of itself": HEAD + "data: &a [*a]",
    "deep lists": HEAD + "data: " + "[" * 100_000,
    "deep mappings": HEAD + "data: " + "{a: " * 50_000,
    "deep blocks": HEAD + "data:\n" + "\n".join(f"{' ' * n}a:" for n in range(1, 3000)),
    "deep JSON": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": ' + '{"a":' * 100_000,
    "code of Python": HEAD + "data: !!python/object/apply:os.system ['touch evil']",
    "a number of a million digits": HEAD + "data: " + "9" * 1_000_000,
    "a chain of aliases": HEAD + "data:\n" + CHAIN,
}
_GIB = 1 << 30


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    def little_memory() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * _GIB, 2 * _GIB))

    return subprocess.run(
        [sys.executable, "-m", "meshwright", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=little_memory,
    )


def one_line_or_answer(done: "subprocess.CompletedProcess[str]", folder: Path) -> None:
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert done.returncode in (0, 1, 2), done.stderr[-2000:]
    if done.returncode == 2:
        assert len(done.stderr.splitlines()) <= 21
        assert len(done.stderr) < 20_000
    assert not (folder / "evil").exists()


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_among_manifests_is_refused_or_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    one_line_or_answer(run(tmp_path, "check", "a.yaml"), tmp_path)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_in_route_tests_is_refused_or_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}")
    (tmp_path / "tests.yaml").write_text(text.replace(HEAD, "testCases: []\n"))
    one_line_or_answer(run(tmp_path, "test", "tests.yaml", "--config", "a.yaml"), tmp_path)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_in_the_configuration_is_refused_or_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "cdk8s.yaml").write_text(text.replace(HEAD, "app: python main.py\nguard: error\n"))
    (tmp_path / "main.py").write_text(
        "from meshwright.tree import App, Chart\napp = App()\nChart(app, 'x')\napp.synth()\n"
    )
    one_line_or_answer(run(tmp_path, "synth"), tmp_path)
