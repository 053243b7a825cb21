"""The only module that begins a worker: `measure` or `render`, as the server that runs it by this path says."""

import importlib
import sys
from pathlib import Path
from typing import Final

WORKERS: Final = {"measure": "telefonie.booth.measuring", "render": "telefonie.booth.rendering"}

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    importlib.import_module(WORKERS[sys.argv[1]]).main()
