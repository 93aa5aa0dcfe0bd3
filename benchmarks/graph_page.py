"""How the page of `meshwright graph` feels with a large mesh, in a real Chromium.

    python -m benchmarks.graph_page [--apps 1000] [--write]

The fleet is that of the benchmark of compiling: a gateway and a service an app, three rules, two versions. Times are
the best of several runs; what a reader waits for is told, from the key or click to the frame that shows it.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.compile import write_fleet
from meshwright.analysis.graph import mesh_graph
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_folder
from meshwright.manifests.garbage import collecting_no_garbage
from meshwright.report.graph.html import graph_html

REPOSITORY = Path(__file__).resolve().parents[1]
RUNS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SEARCH = """async text => {
  const search = document.getElementById("search"), began = performance.now();
  search.value = text;
  search.dispatchEvent(new Event("input"));
  while (document.querySelectorAll("#results button").length > 400 || !document.getElementById("results").textContent
    .includes(text)) await new Promise(done => setTimeout(done, 5));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""
CLICK = """async selector => {
  const began = performance.now();
  document.querySelector(selector).click();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


def main() -> None:
    """Measure, and print or write."""
    parser = argparse.ArgumentParser(prog="benchmarks.graph_page", description=main.__doc__)
    parser.add_argument("--apps", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks/graph.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fleet, page = Path(folder, "fleet"), Path(folder, "page.html")
        write_fleet(fleet, arguments.apps)
        began = time.perf_counter()
        with collecting_no_garbage():
            html = graph_html(mesh_graph(compile_mesh(read_folder(fleet))), "fleet")
        rows = [("writing the page, reading and compiling included", f"{time.perf_counter() - began:.1f} s")]
        rows.append(("size of the page", f"{len(html.encode()) / 1e6:.1f} MB"))
        page.write_text(html, encoding="utf-8")
        rows += in_chromium(page, arguments.apps)
    table = "\n".join(["| what | measured |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows)])
    print(table)
    if arguments.write:
        text = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
        target = REPOSITORY / "docs" / "benchmarks" / "graph.md"
        target.write_text(f"# The page of a large mesh\n\n{text.strip()}\n\n{arguments.apps} apps:\n\n{table}\n")


def in_chromium(file: Path, apps: int) -> list[tuple[str, str]]:
    """Return what a reader waits for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        pages = [opened(browser.new_page(viewport={"width": 1400, "height": 900}), file) for _ in range(RUNS)]
        page = pages[0][0]
        searching = [page.evaluate(SEARCH, f"app-{apps - 1 - turn}") for turn in range(RUNS)]
        opening = [page.evaluate(CLICK, "#results button") for _ in range(RUNS)]
        clearing = [each.evaluate(CLICK, "#clear") for each, _ in pages]
        drawing = [each.evaluate(CLICK, "#note button") for each, _ in pages[:2]]
        browser.close()
    return [
        ("opening the page", f"{min(took for _, took in pages):.1f} s"),
        ("searching one app, 80 ms of waiting for the next key included", f"{min(searching):.0f} ms"),
        ("opening a host with its YAML", f"{min(opening):.0f} ms"),
        ("back to the first 40 hosts", f"{min(clearing):.0f} ms"),
        (f"drawing all {apps:,} hosts and services", f"{min(drawing) / 1000:.1f} s"),
    ]


def opened(page: Page, file: Path) -> tuple[Page, float]:
    """Open the page; return it with the seconds until it could be used."""
    began = time.perf_counter()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    return page, time.perf_counter() - began


if __name__ == "__main__":
    main()
