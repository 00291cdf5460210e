"""What the tests share: the made-up bank, small."""

from pathlib import Path

import pytest

from planning.book.sample import write_sample

LONGEST = (
    "test_many",
    "test_publishing_points",
    "test_certificate",
    "test_twenty_runs",
    "test_ties",
    "test_reproduce",
    "test_kills",
    "test_cluster",
    "test_canaries",
    "test_locked",
    "test_properties",
    "test_same_bytes",
    "test_former_version",
    "test_hammering",
)
"""The files that take longest, first: so that at the end no core waits for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files in front; all else stays as it is."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three branches and 600 clients."""
    folder = tmp_path_factory.mktemp("small_bank")
    write_sample(folder, branches=3, clients=600)
    return folder
