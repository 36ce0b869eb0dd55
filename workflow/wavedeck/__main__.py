import sys

from wavedeck.cli import main

sys.exit(main())
