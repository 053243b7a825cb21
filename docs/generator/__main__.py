"""`python -m docs.generator` writes the generated parts of all pages anew and names the pages that changed."""

from __future__ import annotations

import sys

from docs.generator.pages import ROOT, pages, renewed


def main() -> None:
    """Renew all pages."""
    for page in pages():
        present = page.read_text("utf-8")
        wanted = renewed(present)
        if wanted != present:
            page.write_text(wanted, "utf-8")
            sys.stdout.write(f"renewed {page.relative_to(ROOT)}\n")


main()
