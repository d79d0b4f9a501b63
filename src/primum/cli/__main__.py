"""`python -m primum.cli` is `primum`, wherever the script itself may be."""

import sys

from primum.cli import main

sys.exit(main())
