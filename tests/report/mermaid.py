"""The real Mermaid, from npm, in the real Chromium."""

import pytest

from tests.report.conftest import NODE_MODULES

_BUNDLE = NODE_MODULES / "mermaid" / "dist" / "mermaid.min.js"


def mermaid_page(opened):
    """Return a page on which ``render(text)`` draws a graph as strictly as GitHub does."""
    if not _BUNDLE.is_file():
        pytest.skip("Mermaid is not installed: run make setup")
    script = _BUNDLE.read_text(encoding="utf-8").replace("</script", "<\\/script")
    return opened(
        f"""<!doctype html><meta charset="utf-8"><body><div id="here"></div><script>{script}</script><script>
        mermaid.initialize({{startOnLoad: false, securityLevel: "strict"}});
        let count = 0;
        async function render(text) {{
          const {{svg}} = await mermaid.render(`graph${{count += 1}}`, text);
          const here = document.getElementById("here");
          here.innerHTML = svg;
          return here.textContent;
        }}
        document.documentElement.dataset.ready = "true";
        </script></body>""",
        name="mermaid.html",
    )
