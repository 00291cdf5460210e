"""What the tests share: the made-up bank, small."""

from pathlib import Path

import pytest

from planning.book.sample import write_sample


@pytest.fixture(scope="session")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three branches and 600 clients."""
    folder = tmp_path_factory.mktemp("small_bank")
    write_sample(folder, branches=3, clients=600)
    return folder
