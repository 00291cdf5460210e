"""The command line."""

from planning.cli.commands import main

__all__ = ["main"]
