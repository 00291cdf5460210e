"""The sample bank's plan as it is published: under a megabyte in either language."""

from pathlib import Path

import pytest

from planning.report.i18n import LANGS
from tests.report.assembled import assembled
from tests.report.bank import solved

MOST = 1_000_000  # bytes a page


@pytest.mark.slow
def test_the_sample_banks_page_stays_below_a_megabyte() -> None:
    plan = solved(Path(__file__).parents[2] / "data" / "sample", explaining=True)
    sizes = {lang: len(assembled(plan, lang).encode("utf-8")) for lang in LANGS}
    assert all(300_000 < size < MOST for size in sizes.values()), sizes
