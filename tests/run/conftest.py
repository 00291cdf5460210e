"""What the tests of the runs share: the command line called in this process."""

import sys
from collections.abc import Callable

import pytest

from planning.cli import main


@pytest.fixture
def planning(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def called(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["planning", *words])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0)

    return called
