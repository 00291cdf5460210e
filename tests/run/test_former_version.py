"""Which version a plan is compared with, what is kept of it, and that nothing in a former file can stop a run."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import planning
from planning.book.book import Book
from planning.desk import Case, Result
from planning.plan.changed import made_with
from planning.plan.make import make_plan
from planning.policy import Policy
from planning.report.cards import MIME
from planning.report.fonts import require_glyphs
from planning.report.page import visible
from planning.run import channel, render
from planning.run.verify import verify
from tests.optimise.books import drawn, policy

LAST = {"zh": "与上一版相比", "en": "since the last version"}


@cache
def bank() -> Book:
    return drawn(3)


@cache
def planned(event_cny: float) -> tuple[Policy, Any]:
    rules = policy(budget={"event_cny": event_cny, "concession_cny": 8_000.0})
    return rules, make_plan(bank(), rules, "annual-2027", lambda *_: None)


def result(event_cny: float, former: str = "") -> Result:
    rules, summary = planned(event_cny)
    return Result(Case("annual-2027", "zh", "", rules, bank(), Path(), former=former), summary)


def published(folder: Path, one: Result, former: str | None = None) -> Path:
    """A plan's folder as a run leaves it: plan.json, its record, and what it was compared with."""
    folder.mkdir(parents=True, exist_ok=True)
    own = made_with(bank(), one.summary)
    (folder / "plan.json").write_text(one.summary.plan.to_json(), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"tables": own.tables, "versions": own.versions, "exit": 0}), encoding="utf-8")
    if former is not None:
        (folder / "former.json").write_text(former, encoding="utf-8")
    return folder


def shown(one: Result) -> dict[str, str]:
    """The card in both languages, every letter of which can be drawn."""
    bundle = planning.changed(one)._repr_mimebundle_()[MIME]
    for lang in ("zh", "en"):
        require_glyphs(visible(bundle[lang]))
        assert "<script" not in bundle[lang]
    return {lang: bundle[lang] for lang in ("zh", "en")}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run's folder, as the kernel is told of it."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv(channel.RUN_FOLDER, str(folder))
    return folder


def handed(run: Path, place: Path) -> None:
    """What a further run is handed."""
    for left in (run / channel.PUBLISHED).glob("*"):
        left.unlink()
    if (run / channel.PUBLISHED).is_dir():
        (run / channel.PUBLISHED).rmdir()
    (run / channel.FORMER).unlink(missing_ok=True)
    channel.hand_published(place, run)


def test_the_first_version_has_nothing_to_compare_with(run: Path, tmp_path: Path) -> None:
    handed(run, tmp_path / "outputs" / "annual-2027")
    assert "第一版" in shown(result(4_000.0))["zh"]
    assert not (run / channel.FORMER).exists()


def test_a_plan_asked_for_otherwise_is_compared_with_the_published_one_and_rendered_again_with_the_same(run: Path, tmp_path: Path) -> None:
    first, second = result(4_000.0), result(20_000.0)
    place = published(tmp_path / "outputs" / "annual-2027", first)
    handed(run, place)
    once = shown(second)
    assert all(LAST[lang] in once[lang] for lang in LAST)
    kept = (run / channel.FORMER).read_text(encoding="utf-8")
    assert json.loads(kept)["sessions"] == json.loads(first.summary.plan.to_json())["sessions"]
    handed(run, published(place, second, kept))
    assert shown(second) == once
    assert (run / channel.FORMER).read_text(encoding="utf-8") == kept


def test_the_first_version_rendered_again_is_still_the_first(run: Path, tmp_path: Path) -> None:
    handed(run, published(tmp_path / "outputs" / "annual-2027", result(4_000.0)))
    assert "第一版" in shown(result(4_000.0))["zh"]


def test_other_programs_make_another_version(run: Path, tmp_path: Path) -> None:
    place = published(tmp_path / "outputs" / "annual-2027", result(4_000.0))
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    (place / "run.json").write_text(json.dumps({**record, "versions": {**record["versions"], "planning": "0.0.1"}}), encoding="utf-8")
    handed(run, place)
    html = shown(result(4_000.0))
    assert "程序版本" in html["zh"]
    assert "0.0.1" in html["en"]


def test_at_the_desk_the_published_plan_is_found_from_below_and_a_named_one_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(channel.RUN_FOLDER, raising=False)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert "第一版" in shown(result(4_000.0))["zh"]
    published(tmp_path / "outputs" / "annual-2027", result(20_000.0))
    assert LAST["zh"] in shown(result(4_000.0))["zh"]
    for name in ("outputs/annual-2027", "outputs/annual-2027/plan.json", str(tmp_path / "outputs" / "annual-2027")):
        assert shown(result(4_000.0, name)) == shown(result(4_000.0))
    assert not list(tmp_path.rglob(channel.FORMER))
    for name in ("no/such/folder", "x" * 5_000, "a\0b"):
        assert "找不到" in shown(result(4_000.0, name))["zh"]


PLAN = result(4_000.0).summary.plan.to_json()
SPOILT = {
    "empty": b"",
    "no plan": b"[]",
    "not text": b"\xff\xfe\x00plan",
    "cut off": PLAN.encode()[:-200],
    "a month of no year": PLAN.replace('"month": ', '"month": 7').encode(),
    "a huge code": PLAN.replace('"event": "', '"event": "' + "x" * 100_000).encode(),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_a_version_that_cannot_be_read_is_told_and_told_again(run: Path, tmp_path: Path, spoilt: bytes) -> None:
    place = published(tmp_path / "outputs" / "annual-2027", result(4_000.0))
    (place / "plan.json").write_bytes(spoilt)
    handed(run, place)
    once = shown(result(20_000.0))
    assert "无法读取" in once["zh"]
    kept = (run / channel.FORMER).read_text(encoding="utf-8")
    handed(run, published(place, result(20_000.0), kept))
    assert shown(result(20_000.0)) == once


@pytest.mark.parametrize("word", ["\x07", "\u202eneg", "\ud800"])
def test_a_former_plan_with_letters_that_cannot_be_seen_is_told_as_unreadable(run: Path, tmp_path: Path, word: str) -> None:
    first = result(4_000.0)
    raw = json.loads(first.summary.plan.to_json())
    raw["policy"]["calendar"]["must_hold"] = [{"event": word, "month": 3}]
    place = published(tmp_path / "outputs" / "annual-2027", first)
    (place / "plan.json").write_text(json.dumps(raw), encoding="utf-8")
    handed(run, place)
    assert "无法读取" in shown(first)["zh"]


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", "🦄 ٣", "' onmouseover='x", "{now} {n}", "%s %(x)d", "&lt;b&gt;"])
def test_codes_that_only_a_former_plan_knows_are_shown_harmlessly(run: Path, tmp_path: Path, word: str) -> None:
    first = result(4_000.0)
    raw = json.loads(first.summary.plan.to_json())
    for name in ("sessions", "attendances", "ladder"):
        for row in raw[name]:
            row |= {key: word for key in ("event", "host", "branch", "region", "tier", "kind", "concession", "part") if key in row}
    raw["policy"]["floors"]["tier"] = {word: 0.2}
    raw["policy"]["calendar"]["must_hold"] = [{"event": word, "month": 3}]
    place = published(tmp_path / "outputs" / "annual-2027", first)
    (place / "plan.json").write_text(json.dumps(raw), encoding="utf-8")
    handed(run, place)
    html = shown(first)
    assert LAST["zh"] in html["zh"]
    assert "onmouseover='" not in html["zh"]


def test_no_figure_of_few_clients_is_told_by_the_money_that_moved(run: Path, tmp_path: Path) -> None:
    handed(run, published(tmp_path / "outputs" / "annual-2027", result(4_000.0)))
    second = result(20_000.0)
    hidden = replace(second.summary, tiers=tuple(replace(tier, hidden=True) for tier in second.summary.tiers))
    assert "层级：" in shown(second)["zh"]
    assert "层级：" not in shown(replace(second, summary=hidden))["zh"]


@pytest.mark.slow
def test_a_plan_published_over_another_tells_what_changed_and_stays_the_same_to_the_byte(small_bank: Path, tmp_path: Path) -> None:
    notebook = Path(__file__).parents[2] / "notebooks" / "annual_plan.ipynb"
    order = render.Order(notebook, tmp_path / "outputs", data=str(small_bank), given=(("gap", "0.01"),))
    files = []
    for given in (order.given, (*order.given, ("event_cny", "90000")), (*order.given, ("event_cny", "90000"))):
        place = render.render(replace(order, given=given), lambda *_: None).folder
        files.append({path.name: path.read_bytes() for path in place.iterdir()})
    first, second, again = files
    assert "former.json" not in first
    assert json.loads(second["former.json"])["sessions"] == json.loads(first["plan.json"])["sessions"]
    assert LAST["en"] in second["plan.en.html"].decode()
    assert again["former.json"] == second["former.json"]
    sections = [re.findall(r'<section id="changed">.*?</section>', some["plan.en.html"].decode(), re.DOTALL) for some in (second, again)]
    assert sections[0] == sections[1] != []
    assert verify(order.out / "annual-2027", small_bank).places > 100
