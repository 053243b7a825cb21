"""The only module that says whose certificates are believed."""

import ssl
from pathlib import Path


def trusting(bundle: Path) -> ssl.SSLContext:
    """Those of the system's store, and of the authorities in this file; an OSError if it cannot be read."""
    context = ssl.create_default_context()
    context.load_verify_locations(bundle)
    return context
