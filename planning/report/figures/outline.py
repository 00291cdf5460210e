"""Outlines of letters in fewer characters: a page carries many, and each figure twice."""

import re

COARSER = 10  # units to one: a six-hundred-and-fortieth of the letter's height is left, far below what paper shows
GLYPH = re.compile(r"d='([^']*)' transform='scale\((0\.\d+)\)'")


def shortened(svg: str) -> str:
    """A drawing whose letters go from point to point in whole steps, the same to the eye in half the characters."""
    return GLYPH.sub(lambda glyph: f"d='{_relative(glyph[1])}' transform='scale({float(glyph[2]) * COARSER:.4g})'", svg)


def _relative(path: str) -> str:
    at, start, out = (0, 0), (0, 0), []
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        if command == "z":
            at = start
            out.append("z")
            continue
        steps = [round(float(number) / COARSER) for number in numbers.split(",")]
        points = [(x, y) for x, y in zip(steps[::2], steps[1::2], strict=True)]
        out.append(_segment(command.lower(), [(x - at[0], y - at[1]) for x, y in points]))
        at = points[-1]
        start = at if command == "M" else start
    return "".join(out)


def _segment(command: str, moves: list[tuple[int, int]]) -> str:
    (right, up) = moves[0]
    if command == "l" and 0 in (right, up):
        return f"h{right}" if up == 0 else f"v{up}"
    listed = ",".join(str(number) for move in moves for number in move)
    return command + listed.replace(",-", "-")
