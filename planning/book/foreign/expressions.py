"""What a column map may write on the right of a column: names, numbers, + − * /, comparisons and a dozen functions. Nothing is executed."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.book.findings import nearest
from planning.book.foreign.functions import FUNCTIONS, ExpressionError, numbers, texts

Lookups = Mapping[str, Mapping[str, str]]
ANY = "*"
COMPARED: Mapping[type[ast.cmpop], str] = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


@dataclass(frozen=True)
class Scope:
    """What an expression may name: columns of text (by name and as source.name) and the map's value tables."""

    columns: Mapping[str, pd.Series]
    lookups: Lookups
    index: pd.Index

    def column(self, name: str) -> pd.Series:
        if name not in self.columns:
            raise ExpressionError("expression_unknown_name", name=name, nearest=nearest(name, self.columns))
        return self.columns[name]


def evaluate(expression: str, scope: Scope) -> pd.Series:
    """The column an expression describes: text, numbers or yes/no, one value a row. ExpressionError says what is wrong with it."""
    try:
        return _value(ast.parse(expression.strip(), mode="eval").body, scope)
    except (SyntaxError, RecursionError) as error:
        raise ExpressionError("expression_unreadable", part=expression) from error


def _value(node: ast.expr, scope: Scope) -> pd.Series:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as constant):
            return _constant(constant, scope.index)
        case ast.Name(id=name):
            return scope.column(name)
        case ast.Attribute(value=ast.Name(id=source), attr=name):
            return scope.column(f"{source}.{name}")
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, arguments, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -numbers(_value(operand, scope))
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(op, numbers(_value(left, scope)), numbers(_value(right, scope)), node)
    return _condition(node, scope)


def _constant(constant: bool | float | str, index: pd.Index) -> pd.Series:
    if isinstance(constant, bool):
        return pd.Series(constant, index=index, dtype="bool")
    return pd.Series(constant, index=index, dtype="str" if isinstance(constant, str) else "float64")


def _condition(node: ast.expr, scope: Scope) -> pd.Series:
    """Yes or no a row: a comparison, or conditions joined by and, or, not."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
            return _compared(COMPARED[type(op)], _value(left, scope), _value(right, scope))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_yes_no(operand, scope)
        case ast.BoolOp(op=op, values=parts):
            merge = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return pd.Series(merge.reduce([_yes_no(part, scope) for part in parts]), index=scope.index, dtype="bool")
    raise ExpressionError("expression_unreadable", part=ast.unparse(node))


def _yes_no(node: ast.expr, scope: Scope) -> pd.Series:
    cells = _value(node, scope)
    if cells.dtype != bool:
        raise ExpressionError("expression_unreadable", part=ast.unparse(node))
    return cells


def _arithmetic(op: ast.operator, left: pd.Series, right: pd.Series, node: ast.expr) -> pd.Series:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
    raise ExpressionError("expression_unreadable", part=ast.unparse(node))


def _compared(method: str, left: pd.Series, right: pd.Series) -> pd.Series:
    """Numbers where either side is a number or the order is asked, else texts. A missing cell compares false."""
    as_numbers = method not in ("eq", "ne") or any(pd.api.types.is_numeric_dtype(side.dtype) for side in (left, right))
    left, right = (numbers(left), numbers(right)) if as_numbers else (left, right)
    both = left.notna() & right.notna()
    holds = getattr(left, method)(right) & both
    return pd.Series(holds, index=left.index, dtype="bool")


def _called(name: str, arguments: Sequence[ast.expr], scope: Scope) -> pd.Series:
    if name == "column" and len(arguments) == 1 and isinstance(arguments[0], ast.Constant):
        return scope.column(str(arguments[0].value))
    if name == "lookup" and len(arguments) == 2 and isinstance(arguments[1], ast.Constant):
        return _looked_up(_value(arguments[0], scope), str(arguments[1].value), scope)
    if name not in FUNCTIONS:
        raise ExpressionError("expression_unknown_name", name=name, nearest=nearest(name, [*FUNCTIONS, "column", "lookup"]))
    function, fewest, most = FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        raise ExpressionError("expression_unreadable", part=f"{name}({', '.join(ast.unparse(argument) for argument in arguments)})")
    return function([_value(argument, scope) for argument in arguments])


def _looked_up(cells: pd.Series, table: str, scope: Scope) -> pd.Series:
    """Each value translated by the map's value table; `*` there translates every other one."""
    if table not in scope.lookups:
        raise ExpressionError("expression_unknown_name", name=table, nearest=nearest(table, scope.lookups))
    words = scope.lookups[table]
    keys = texts(cells)
    strange = keys.index[keys.notna() & ~keys.isin(list(words))]
    if len(strange) and ANY not in words:
        raise ExpressionError("value_not_mapped", list(strange), value=str(keys[strange[0]]), lookup=table)
    return keys.map(lambda key: words.get(key, words.get(ANY)), na_action="ignore").astype("str")
