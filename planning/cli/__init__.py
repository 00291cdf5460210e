"""The command line."""

from planning.cli.start import main

__all__ = ["main"]
