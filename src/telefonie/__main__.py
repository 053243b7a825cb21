"""`python -m telefonie` is the command `telefonie`."""

import sys

from telefonie.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
