"""The command line as ``python -m animegen``."""

from animegen.cli import main

main()
