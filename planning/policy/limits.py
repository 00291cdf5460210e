"""What a field allows, in signs that read the same in both languages: bounds, choices, the form of a list."""

from collections.abc import Iterator
from datetime import date
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def limits(annotation: Any) -> tuple[str, ...]:
    """The bounds or choices of a field's values, of each of its values where it holds several: `≥ 0`, `required / target`."""
    return tuple(dict.fromkeys(_limits(annotation)))


def limit(value: float | int) -> str:
    """A bound in plain digits, without noughts behind the point."""
    return f"{value:.0f}" if value == int(value) else f"{value:g}"


def wants_example(annotation: Any) -> bool:
    """Whether a field's form must be seen to be written: a list, a table, a name."""
    base = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    return base is str or get_origin(base) in (tuple, dict)


def _limits(annotation: Any) -> Iterator[str]:
    if annotation is bool:
        yield "True / False"
    elif annotation is date:
        yield "YYYY-MM-DD"
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield " · ".join(_entry(name, info) for name, info in annotation.model_fields.items())
    elif get_origin(annotation) is Literal:
        yield " / ".join(str(choice) for choice in get_args(annotation))
    elif get_origin(annotation) is Annotated:
        base, *marks = get_args(annotation)
        yield from _limits(base)
        yield from _bounds(marks)
    else:
        for part in get_args(annotation):
            if part not in (NoneType, ...):
                yield from _limits(part)


def _bounds(marks: list[Any]) -> Iterator[str]:
    for mark in marks:
        yield from (f"{SIGNS[sign]} {limit(getattr(mark, sign))}" for sign in SIGNS if getattr(mark, sign, None) is not None)
        yield from _bounds(list(getattr(mark, "metadata", ())))


def _entry(name: str, info: Any) -> str:
    told = ", ".join(limits(Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation))
    return f"{name} ({told})" if told else name
