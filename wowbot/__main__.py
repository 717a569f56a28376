"""`python -m wowbot`."""

import sys

from wowbot.cli.main import main

sys.exit(main())
