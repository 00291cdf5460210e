"""What the tests of the runs share: the command line called in this process."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planning.cli import main
from tests.run import scheduled


@pytest.fixture
def planning(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def called(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["planning", *words])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0)

    return called


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> scheduled.Worker:
    return scheduled.put_in(monkeypatch, tmp_path)
