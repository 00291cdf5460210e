"""Files as banks really send them: each holds one table of the small bank, and either reads as that table or is refused in a known place."""

from malformed_case import Malformed
from malformed_cells import dates, numbers, words
from malformed_sheets import old_sheets, sheets
from malformed_text import codes, encodings, headings, lines, mojibake, separators

MAKERS = (encodings, mojibake, separators, lines, codes, headings, numbers, dates, words, sheets, old_sheets)
CORPUS: tuple[Malformed, ...] = tuple(case for maker in MAKERS for case in maker())
