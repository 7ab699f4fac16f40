"""``python -m gembounds`` is ``gembounds``."""

import sys

from gembounds.cli import main

if __name__ == "__main__":
    sys.exit(main())
