"""A scenario as an entry of the file that holds them."""

import json
from collections.abc import Mapping
from typing import Any

from planning.plan.study import Names


def entry(name: str, titles: Names, policy: Mapping[str, Any]) -> str:
    """The TOML text of a scenario that changes these fields of the policy."""
    fields = ", ".join(f"{field} = {_value(value)}" for field, value in policy.items())
    return f"\n[[scenario]]\nname = {_text(name)}\ntitle_zh = {_text(titles[0])}\ntitle_en = {_text(titles[1])}\npolicy = {{ {fields} }}\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_text(key)} = {_value(one)}' for key, one in value.items())} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
