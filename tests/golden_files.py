"""Expected files under `tests/golden`, byte for byte.

`UPDATE_GOLDEN=1 pytest …` writes them anew: read the difference before committing it.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def golden(name: str, produced: bytes) -> None:
    """Fail unless `produced` is what `tests/golden/<name>` holds; write it there when UPDATE_GOLDEN=1."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(produced)
    assert path.exists(), f"{path} is missing: run with UPDATE_GOLDEN=1, then read it"
    assert produced.splitlines(keepends=True) == path.read_bytes().splitlines(keepends=True)
