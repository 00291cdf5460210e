"""What a column and a table must be: one declaration each, used by intake, import, the sample bank and the data guide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Type = Literal["text", "number", "integer", "yes_no", "list", "months", "date"]
Choices = Mapping[str, tuple[str, ...]]

KINDS: Choices = {"personal": ("个人",), "corporate": ("公司",)}
SEXES: Choices = {"female": ("女",), "male": ("男",)}
HOSTS: Choices = {"branch": ("支行",), "region": ("区域",), "centre": ("中心",)}
SOURCES: Choices = {"trial": ("试验",), "history": ("历史",), "judgement": ("判断",)}
CONCESSIONS: Choices = {"deposit_premium": ("存款利率上浮",), "loan_discount": ("贷款利率优惠",), "fee_waiver": ("中间业务费用减免",)}
ROLES: Choices = {"manager": ("客户经理",), "senior": ("高级经理",), "leader": ("行领导",)}
ARMS: Choices = {"treat": ("邀请组",), "control": ("对照组",)}
BENEFITS: Choices = {
    "none": ("无",), "gift": ("礼品",), "cash": ("返现",), "points": ("积分",), "expense_rebate": ("费用返还",), "travel": ("旅游",), "meal": ("餐饮",),
}  # fmt: skip
TRIGGERS: Choices = {"none": ("无",), "deposit": ("存款",), "purchase": ("购买产品",), "attendance": ("到场",)}


@dataclass(frozen=True)
class Column:
    """One column: code name, both headings, type, unit, bounds (inclusive), allowed words, default, and what it must refer to.

    `choices` maps each allowed code to further words that mean it. `refers` is "table.column" of the key a value must exist in.
    A date may lie after the date of the data only where `may_be_later`.
    """

    name: str
    type: Type
    zh: str
    en: str
    required: bool = False
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: Choices | None = None
    default: bool | float | None = None
    refers: str = ""
    may_be_later: bool = False
    means: tuple[str, str] = ("", "")

    @property
    def headings(self) -> tuple[str, str, str]:
        """Every heading that is understood: the code name, the Chinese and the English one."""
        return self.name, self.zh, self.en


@dataclass(frozen=True)
class Contract:
    """One table: its headings, its columns in order, its key, and groups of columns of which at least one must be filled."""

    name: str
    zh: str
    en: str
    row: tuple[str, str]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    required: bool = False

    def column(self, name: str) -> Column:
        """The column of that code name; KeyError when the table has none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def text(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "text", zh, en, **more)


def key(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "text", zh, en, required=True, **more)


def listed(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "list", zh, en, **more)


def day(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "date", zh, en, **more)


def flag(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "yes_no", zh, en, **{"unit": "yes/no", **more})


def number(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "number", zh, en, **more)


def money(name: str, zh: str, en: str, **more: Any) -> Column:
    """Yuan, not negative unless said."""
    return Column(name, "number", zh, en, **{"unit": "CNY", "least": 0.0, **more})


def share(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "number", zh, en, **{"unit": "share", "least": 0.0, "most": 1.0, **more})


def whole(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "integer", zh, en, **more)


def months(name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, "months", zh, en, **more)
