"""The contracts as a planner reads them: the tables of data/README.md, in Chinese and English."""

from planning.book.contracts import CONTRACTS, Column, Contract

TYPES = {
    "text": "文本 text",
    "number": "数值 number",
    "integer": "整数 whole number",
    "yes_no": "是否 yes/no",
    "list": "列表 list",
    "months": "月份 months",
    "date": "日期 date",
}
UNITS = {
    "CNY": "元 CNY",
    "percent": "% percent",
    "share": "比例 share",
    "bp; share for fees": "基点；费用为比例 bp; share for fees",
    "bp": "基点 bp",
    "months": "月 months",
    "years": "岁 years",
    "hours": "小时 hours",
    "weeks": "周 weeks",
    "guests": "人 guests",
    "visits": "次 visits",
    "sessions": "场 sessions",
    "sessions a host and year": "场／主办方·年 sessions a host and year",
    "attendances": "人次 attendances",
    "attendances a client and year": "次／客户·年 attendances a client and year",
    "touches": "次 touches",
    "products": "种 products",
    "a touch": "每次触达 a touch",
    "share a bp; a share of 1 for fees": "每基点的比例；费用为每 1 的比例 share a bp; a share of 1 for fees",
    "1 = lowest": "1 为最低 1 = lowest",
    "1–5": "",
    "1–6": "",
    "yes/no": "",
    "": "",
}
HEAD = "| 列 Column | 标题 Heading | 类型 Type | 单位与范围 Unit and bounds | 必填 Required | 含义 Meaning |\n|---|---|---|---|---|---|"


def tables() -> str:
    """Every table and column, as Markdown."""
    return "\n\n".join(_table(contract) for contract in CONTRACTS.values()) + "\n"


def _table(contract: Contract) -> str:
    needed = "必备 required" if contract.required else "可选 optional"
    key = "、".join(f"`{name}`" for name in contract.key)
    unique = f" 不得重复 unique: {key}." if key else ""
    either = "".join(f" 至少填一项 at least one of: {'、'.join(f'`{name}`' for name in group)}." for group in contract.either)
    intro = f"### `{contract.name}` {contract.zh} {contract.en}\n\n每行{contract.row[0]}；one row {contract.row[1]}. {needed}.{unique}{either}\n"
    return "\n".join([intro, HEAD, *(_row(column) for column in contract.columns)])


def _row(column: Column) -> str:
    cells = (f"`{column.name}`", f"{column.zh} {column.en}", TYPES[column.type], _unit(column), "是 yes" if column.required else "", _meaning(column))
    return f"| {' | '.join(cells)} |"


def _unit(column: Column) -> str:
    return " ".join(part for part in (UNITS[column.unit], _bounds(column)) if part)


def _bounds(column: Column) -> str:
    if column.least is None:
        return ""
    return f"≥ {column.least:g}" if column.most is None else f"{column.least:.10g} … {column.most:.10g}"


def _meaning(column: Column) -> str:
    parts = [" ".join(part for part in column.means if part)]
    if column.choices:
        parts.append("、".join(f"`{code}` {'／'.join(words)}" for code, words in column.choices.items()))
    if column.refers:
        parts.append(f"→ `{column.refers}`")
    if column.default is not None:
        parts.append(f"默认 default: {str(column.default).lower() if isinstance(column.default, bool) else f'{column.default:g}'}")
    return "；".join(part for part in parts if part)
