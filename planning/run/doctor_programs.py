"""Checks of what is installed: Python, packages, solvers, font, browser, time zones, and the settings in the environment."""

import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fontTools.ttLib import TTLibError
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from planning.errors import RunFailed
from planning.optimise import trial
from planning.report.figures.canvas import measure
from planning.report.fonts import FONT
from planning.report.i18n import LANGS, say
from planning.run import blocks, browser, channel, nursed, registry
from planning.run.finding import Finding

LEAST_PYTHON = (3, 11)
PINS = "constraints.txt"
ZONE = "Asia/Shanghai"
FEW = 6
KNOWN = (registry.ADDRESS, browser.NAMED, channel.RUN_FOLDER, blocks.CLUSTER)
OURS = "PLANNING_"


def python(running: tuple[int, int, int]) -> Finding:
    """Python is recent enough."""
    values = {"version": ".".join(map(str, running)), "least": ".".join(map(str, LEAST_PYTHON))}
    return Finding("fit" if running >= LEAST_PYTHON else "unfit", "python" if running >= LEAST_PYTHON else "python_old", values)


def packages(pins: Path | None) -> Finding:
    """Every package that is needed is there, and of the version this was tested with."""
    lacking = list(_lacking())
    if lacking:
        return Finding("unfit", "packages_lacking", {"packages": _few(lacking)})
    place = pins or next((folder / PINS for folder in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]) if (folder / PINS).is_file()), None)
    if place is None or not place.is_file():
        return Finding("told", "packages_unpinned", {"file": PINS})
    others = [f"{name} {now} ({pin})" for name, pin in _pins(place) if (now := _version(name)) and now != pin]
    if others:
        return Finding("told", "packages_other", {"n": len(others), "packages": _few(others), "file": PINS})
    return Finding("fit", "packages", {"file": PINS})


def _lacking() -> Iterator[str]:
    for line in requires("planning") or ():
        needed = Requirement(line)
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        there = _version(needed.name)
        if not there or not needed.specifier.contains(there, prereleases=True):
            yield f"{needed.name}{needed.specifier}"


def _pins(place: Path) -> Iterator[tuple[str, str]]:
    for line in place.read_text(encoding="utf-8").splitlines():
        name, sign, pin = line.partition("==")
        if sign and not line.lstrip().startswith("#"):
            yield canonicalize_name(name.strip()), pin.strip()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _few(names: list[str]) -> str:
    return ", ".join(names[:FEW]) + (" …" if len(names) > FEW else "")


def highs() -> Finding:
    """The solver that plans are made with solves the smallest model."""
    found = trial.tried("highs")
    return Finding("fit" if found == "right" else "unfit", "highs" if found == "right" else "highs_broken")


def cbc() -> Finding:
    """The second solver, if it is there."""
    found = trial.tried("cbc")
    codes = {"right": "cbc", "absent": "cbc_absent"}
    return Finding("fit" if found == "right" else "told", codes.get(found, "cbc_broken"))


def font() -> Finding:
    """The font that pages and pictures carry is there and draws both languages."""
    try:
        fit = FONT.is_file() and measure(drawn(), 14) > 0
    except (RunFailed, OSError, RuntimeError, TTLibError):
        fit = False
    return Finding("fit" if fit else "unfit", "font" if fit else "font_broken", {"file": FONT.name})


def drawn() -> str:
    """Words of both languages, to draw."""
    return "".join(say("cli.doctor.found.zones", lang, zone=ZONE) for lang in LANGS)


def browser_for_pdf(environment: Mapping[str, str]) -> Finding:
    """A browser that can print pages to PDF."""
    try:
        return Finding("fit", "browser", {"browser": browser.browser(environment, "plan.zh.html").name})
    except RunFailed:
        return Finding("told", "browser_absent", {"variable": browser.NAMED})


def time_zones() -> Finding:
    """The data of time zones, which schedules need."""
    try:
        ZoneInfo(ZONE)
    except (ZoneInfoNotFoundError, OSError):
        return Finding("unfit", "zones_absent")
    return Finding("fit", "zones", {"zone": ZONE})


def fork() -> Finding:
    """Whether processes that have libraries loaded may be forked, which the fast engine needs."""
    return Finding("fit", "fork") if nursed.possible() else Finding("told", "fork_absent")


def variables(environment: Mapping[str, str]) -> Finding:
    """The settings in the environment are ones that are read, and can be read; their values are never shown."""
    named = sorted(name for name in environment if name.startswith(OURS))
    if environment.get(registry.ADDRESS) and not registry.well_formed(environment[registry.ADDRESS]):
        return Finding("unfit", "variable_registry", {"name": registry.ADDRESS, "example": "postgresql://user@machine/database"})
    if environment.get(browser.NAMED) and shutil.which(environment[browser.NAMED]) is None:
        return Finding("unfit", "variable_browser", {"name": browser.NAMED})
    if channel.RUN_FOLDER in named:
        return Finding("unfit", "variable_run", {"name": channel.RUN_FOLDER})
    if strange := next((name for name in named if name not in KNOWN), None):
        near = get_close_matches(strange.removeprefix(OURS), [name.removeprefix(OURS) for name in KNOWN], n=1, cutoff=0.6)
        return Finding("told", "variable_near" if near else "variable_unknown", {"name": strange, "nearest": OURS + near[0] if near else ""})
    return Finding("fit", "variables" if named else "variables_none", {"names": ", ".join(named)})
