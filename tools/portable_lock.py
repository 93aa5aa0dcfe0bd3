"""Take the package index out of Pipfile.lock: whoever installs from it uses the index that pip is set up with."""

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "Pipfile.lock"

lock = json.loads(LOCK.read_text(encoding="utf-8"))
lock["_meta"]["sources"] = []
for section in ("default", "develop"):
    for package in lock[section].values():
        package.pop("index", None)
LOCK.write_text(json.dumps(lock, indent=4, sort_keys=True) + "\n", encoding="utf-8")
