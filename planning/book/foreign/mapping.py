"""A column map: a TOML file that says how a bank's own export becomes our tables."""

import codecs
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from planning.book.contracts import CONTRACTS
from planning.book.findings import nearest
from planning.book.sample.network import TIERS
from planning.errors import DataFaults, Fault

Constant = str | int | float | bool


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BankNames(Part):
    """How the page names the bank."""

    name_zh: str
    name_en: str


class Source(Part):
    """One file, or one sheet of a workbook, of the export; `keep` is a condition on its rows."""

    file: str
    keep: str = ""
    sheet: str = ""
    separator: str = Field(",", pattern=r"^[\t\x20\x21\x23-\x7e]$")
    encoding: str = "utf-8-sig"

    @field_validator("encoding")
    @classmethod
    def known(cls, encoding: str) -> str:
        try:
            "a".encode(encoding)  # a codec may be known and be none of text
        except LookupError as error:
            raise ValueError(encoding) from error
        return codecs.lookup(encoding).name


class Join(Part):
    """Another source, one row for each: `on` is the column both have, or [ours, theirs]; `must_match` leaves out rows without one."""

    source: str
    on: str | tuple[str, str]
    must_match: bool = False

    @property
    def keys(self) -> tuple[str, str]:
        return (self.on, self.on) if isinstance(self.on, str) else self.on


class TableMap(Part):
    """One of our tables: a source, what is joined to it, which rows are kept, and an expression a column."""

    source: str
    join: tuple[Join, ...] = ()
    keep: str = ""
    distinct: bool = False
    columns: dict[str, str]


class TierMap(Part):
    """Tier thresholds of assets: given amounts, or the top share of clients that reaches each tier."""

    amounts: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = {}
    top_shares: dict[str, Annotated[float, Field(gt=0, le=1)]] = {}
    per: Literal["bank", "region"] = "bank"

    @model_validator(mode="after")
    def one_way(self) -> Self:
        if bool(self.amounts) == bool(self.top_shares):
            raise ValueError("amounts or top_shares")
        return self


class ColumnMap(Part):
    """The whole map. `values` are tables of words for lookup(), `rows` are tables written out, `policy` overrides what is borrowed."""

    bank: BankNames
    sources: dict[str, Source]
    tables: dict[str, TableMap]
    values: dict[str, dict[str, str]] = {}
    rows: dict[str, tuple[dict[str, Constant], ...]] = {}
    tiers: TierMap | None = None
    policy: dict[str, Any] = {}


def read_map(path: Path) -> ColumnMap:
    """The column map in a file. DataFaults with every field that is unknown or wrong, and every table or column that is not ours."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataFaults(Fault("map_missing", values={"file": path.name})) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFaults(Fault("map_not_toml", values={"file": path.name, "problem": str(error)})) from error
    try:
        read = ColumnMap.model_validate(raw)
    except ValidationError as error:
        raise DataFaults([_field(path, one["loc"]) for one in error.errors()]) from error
    faults = [*_unknown_tables(path, read), *_unknown_columns(path, read), *_unknown_sources(path, read), *_unknown_tiers(path, read)]
    if faults:
        raise DataFaults(faults)
    return read


def _field(path: Path, place: tuple[int | str, ...]) -> Fault:
    return Fault("map_field_wrong", values={"file": path.name, "field": ".".join(str(part) for part in place)})


def _unknown_tables(path: Path, read: ColumnMap) -> list[Fault]:
    strange = [table for table in (*read.tables, *read.rows) if table not in CONTRACTS]
    return [_unknown(path, table, list(CONTRACTS)) for table in strange]


def _unknown_columns(path: Path, read: ColumnMap) -> list[Fault]:
    named = [(table, column) for table, mapped in read.tables.items() for column in mapped.columns]
    named += [(table, column) for table, rows in read.rows.items() for row in rows for column in row]
    strange = [(table, column) for table, column in dict.fromkeys(named) if table in CONTRACTS and column not in CONTRACTS[table].names]
    return [_unknown(path, f"{table}.{column}", [f"{table}.{name}" for name in CONTRACTS[table].names]) for table, column in strange]


def _unknown_sources(path: Path, read: ColumnMap) -> list[Fault]:
    named = [source for mapped in read.tables.values() for source in (mapped.source, *(join.source for join in mapped.join))]
    return [_unknown(path, source, list(read.sources)) for source in dict.fromkeys(named) if source not in read.sources]


def _unknown_tiers(path: Path, read: ColumnMap) -> list[Fault]:
    named = [] if read.tiers is None else [*read.tiers.amounts, *read.tiers.top_shares]
    return [_unknown(path, tier, list(TIERS)) for tier in named if tier not in TIERS]


def _unknown(path: Path, name: str, known: list[str]) -> Fault:
    near = nearest(name, known)
    return Fault("map_unknown_name_near" if near else "map_unknown_name", values={"file": path.name, "name": name, "nearest": near})
