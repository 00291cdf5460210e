"""What a column map may write: arithmetic, comparisons and a few functions over columns of text; anything else is refused."""

import pandas as pd
import pytest

from planning.book.foreign.expressions import Scope, evaluate
from planning.book.foreign.functions import ExpressionError, texts

ROWS = pd.Index([2, 3, 4])
COLUMNS = {
    "a": pd.Series(["10", "1,000.5", None], index=ROWS, dtype="str"),
    "b": pd.Series(["4", None, "3"], index=ROWS, dtype="str"),
    "sex": pd.Series(["M", "F", None], index=ROWS, dtype="str"),
    "born": pd.Series(["706213", "450204", "406009"], index=ROWS, dtype="str"),
    "loans.status": pd.Series(["C", "A", None], index=ROWS, dtype="str"),
    "Balance (EUR)": pd.Series(["1", "2", "3"], index=ROWS, dtype="str"),
}
SCOPE = Scope(COLUMNS, {"sex": {"M": "male", "F": "female"}, "some": {"M": "man"}, "any": {"M": "man", "*": "other"}}, ROWS)
NONE = "∅"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", ["14", NONE, NONE]),
        ("a - b * 2", ["2", NONE, NONE]),
        ("(a + 2) / 4", ["3", "250.625", NONE]),
        ("-b", ["-4", NONE, "-3"]),
        ("coalesce(a, 0) + coalesce(b, 0)", ["14", "1000.5", "3"]),
        ("max(coalesce(b, 0), 3.5)", ["4", "3.5", "3.5"]),
        ("max(b, 3.5)", ["4", NONE, "3.5"]),
        ("min(a, 100)", ["10", "100", NONE]),
        ("round(a / 3)", ["3.33", "333.5", NONE]),
        ("floor(a / 3)", ["3", "333", NONE]),
        ("'personal'", ["personal"] * 3),
        ("1.5", ["1.5"] * 3),
        ("lookup(sex, 'sex')", ["male", "female", NONE]),
        ("lookup(sex, 'any')", ["man", "other", NONE]),
        ("choose(number(part(born, 3, 2)) > 50, 'female', 'male')", ["female", "male", "female"]),
        ("choose(loans.status == 'C' or loans.status == 'D', a / 2, 0)", ["5", "0", "0"]),
        ("choose(given(a) and not given(b), 1, 0)", ["0", "1", "0"]),
        ("join('19', part(born, 1, 2))", ["1970", "1945", "1940"]),
        ("held('a', a, 'b', b)", ["a|b", "a", "b"]),
        ("digits(b, 3)", ["004", NONE, "003"]),
        ("a / 0", ["inf", "inf", NONE]),
        ("number('330102199001011234')", ["3.301021990010113e+17"] * 3),
        ("column('Balance (EUR)') * 2", ["2", "4", "6"]),
        ("a >= 10", ["true", "true", "false"]),
    ],
)
def test_expressions_work_out_row_by_row(expression: str, expected: list[str]) -> None:
    assert texts(evaluate(expression, SCOPE)).fillna(NONE).tolist() == expected


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("a +", "expression_unreadable"),
        ("a ** 2", "expression_unreadable"),
        ("a % 2", "expression_unreadable"),
        ("[a]", "expression_unreadable"),
        ("lambda: a", "expression_unreadable"),
        ("a if b else a", "expression_unreadable"),
        ("'x'.join", "expression_unreadable"),
        ("a.__class__.__mro__", "expression_unreadable"),
        ("(1).real", "expression_unreadable"),
        ("max(a, b, key=a)", "expression_unreadable"),
        ("choose(a, b)", "expression_unreadable"),
        ("choose(a, b, a)", "expression_unreadable"),
        ("held('a')", "expression_unreadable"),
        ("part(born, b / 0, 2)", "expression_unreadable"),
        ("digits(born, number(''))", "expression_unreadable"),
        ("-" * 5000 + "a", "expression_unreadable"),
        ("a and b", "expression_unreadable"),
        ("__import__('os')", "expression_unknown_name"),
        ("open('x')", "expression_unknown_name"),
        ("c + 1", "expression_unknown_name"),
        ("loans.amount", "expression_unknown_name"),
        ("lookup(sex, 'gender')", "expression_unknown_name"),
        ("sex + 1", "expression_not_a_number"),
        ("lookup(sex, 'some')", "value_not_mapped"),
    ],
)
def test_anything_else_is_refused(expression: str, code: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(expression, SCOPE)
    assert refused.value.code == code


def test_a_refusal_names_value_and_rows_of_the_source() -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate("sex * 2", SCOPE)
    assert (refused.value.rows, refused.value.count, refused.value.values["value"]) == ((2, 3), 2, "M")
