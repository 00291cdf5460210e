"""Where a bank's clients are, opened to be read through once, block by block, whatever form `planning check` accepts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from planning.book import arrow, delimited
from planning.book.aggregates import Delimited, Source
from planning.book.encodings import encoding_of
from planning.book.files import SPREADSHEETS, RawTable, read_raw, table_files
from planning.book.foreign.pointing import FILE, read_pointed, read_pointers
from planning.errors import DataFaults, Fault

CLIENTS = "clients"
BEGINNING = 100_000


@contextmanager
def opened(folder: Path, environment: Mapping[str, str]) -> Iterator[Source]:
    """The folder's clients, for as long as the context lasts: its file, or what its source.toml points to.

    Parquet, CSV and databases are never held. A workbook, or an export that a column map turns into clients, is read as for
    planning and handed over. DataFaults when there is none, more than one, or it cannot be opened.
    """
    pointers = read_pointers(folder)
    if pointers.faults:
        raise DataFaults(pointers.faults)
    pointer = pointers.tables.get(CLIENTS)
    there = table_files(folder, CLIENTS)
    places = [*(path.name for path in there if pointer is None or path.name != pointer.file), *([FILE] if pointer else [])]
    if len(places) != 1:
        fault = (
            Fault("table_twice", CLIENTS, values={"files": ", ".join(places)}) if places else Fault("table_missing", CLIENTS, values={"file": "clients.csv"})
        )
        raise DataFaults(fault)
    if pointer is not None and pointer.url:
        from planning.book.foreign.database import Wanted, streamed  # a folder of files never loads a database's library

        with streamed(folder, CLIENTS, Wanted(pointer.url, pointer.query, pointer.sql_table), environment) as blocks:
            yield blocks
    elif pointer is not None and (pointer.map or not (folder / pointer.file).is_file()):
        yield _handed_over(read_pointed(folder, CLIENTS, pointer, environment))
    else:
        yield _of_file(folder / pointer.file if pointer else there[0])


def _of_file(path: Path) -> Source:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return path
    if suffix in SPREADSHEETS:
        return _handed_over(read_raw(path, CLIENTS))
    encoding = encoding_of(path, CLIENTS)
    with path.open(encoding=encoding, newline="") as file:
        separator, headings = delimited.outline(path, CLIENTS, file.read(BEGINNING))
    return Delimited(path, headings, separator) if encoding.startswith("utf-8") else _in_other_letters(path, headings, separator, encoding)


def _in_other_letters(path: Path, headings: tuple[str, ...], separator: str, encoding: str) -> pa.RecordBatchReader:
    """A CSV file that is not in UTF-8, as blocks of text. DataFaults when a row is wider or narrower than the headings."""
    names = [str(place) for place in range(len(headings))]
    try:
        reader = pa.csv.open_csv(
            path,
            read_options=pa.csv.ReadOptions(column_names=names, skip_rows=1, encoding=encoding),
            parse_options=pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]),
        )
    except pa.ArrowInvalid as error:
        raise DataFaults(Fault("totals_unreadable", CLIENTS)) from error
    shape = pa.schema([(heading, pa.string()) for heading in headings])
    return pa.RecordBatchReader.from_batches(shape, (pa.record_batch(block.columns, schema=shape) for block in reader))


def _handed_over(raw: RawTable) -> pa.RecordBatchReader:
    """A table that was read whole, as blocks of text or numbers."""
    if raw.faults:
        raise DataFaults(raw.faults)
    columns = [pa.chunked_array(pa.array(cells, from_pandas=True)) for cells in raw.cells]
    return pa.table([arrow.decoded(column) for column in columns], names=list(raw.headings)).to_reader()
