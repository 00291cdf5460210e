"""Where the numbers come from: dates, check sums, policy, solver, verdict, versions, and how to have them again."""

from collections.abc import Sequence
from typing import Any

from planning.plan.branch import Branches
from planning.plan.client_book import ClientBook
from planning.plan.summary import Origin, Summary
from planning.policy import Parameter, parameters
from planning.report.cards.card import Card
from planning.report.cards.certified import certified_words
from planning.report.cards.wording import plain_setting, setting
from planning.report.formats import NONE, day, money, number, percent
from planning.report.html import Table, render
from planning.report.i18n import listing, say, table_heading


def footer(summary: Summary, lang: str = "zh") -> Card:
    """Where the numbers come from and how to have them again."""
    return Card("footer", _html(summary, "zh"), _html(summary, "en"), lang)


def _html(summary: Summary, lang: str) -> str:
    return render("footer.j2", lang, facts=_facts(summary, lang), folds=_folds(summary, lang))


def _folds(summary: Summary, lang: str) -> list[tuple[str, Table]]:
    tables, policy = origin_rows(summary.origins, lang), _policy(summary, lang)
    return [(say("page.footer.tables_summary", lang, n=len(tables.rows)), tables), (say("page.footer.policy_summary", lang, n=len(policy.rows)), policy)]


def _facts(summary: Summary, lang: str) -> list[tuple[str, str]]:
    plan, solve = summary.plan, summary.plan.solve
    apart = percent(max(solve.gap, plan.policy["solver"]["gap"]), lang, 3)
    told = {
        "gap": percent(solve.gap, lang, 3),
        "asked": percent(plan.policy["solver"]["gap"], lang, 3),
        "solver": solve.solver,
        "seconds": number(solve.seconds, lang, 1),
    }
    facts = [
        (
            "data",
            say("page.footer.data_words", lang, date=day(plan.policy["data_date"], lang), hash=plan.data_hash[:12], clients=number(summary.clients, lang)),
        ),
        ("solve", say(f"page.footer.{solve.status}", lang, **told)),
        ("bound", say("page.footer.bound_words", lang, value=money(solve.objective, lang), bound=money(solve.bound, lang))),
        (
            "ties",
            say(f"page.footer.ties_{'settled' if summary.ties_settled else 'open'}", lang, gap=apart),
        ),
        ("verified", say("page.footer.verified_words", lang, places=number(summary.verified_rules, lang))),
        (
            "method",
            say(
                "page.footer.method_words",
                lang,
                n=plan.policy["value"]["horizon_years"],
                kept=setting(plan.policy["value"]["effect_kept"], "share", lang),
                discount=setting(plan.policy["value"]["discount"], "share", lang),
            ),
        ),
    ]
    if summary.rounding_loss_cny is not None:
        facts.insert(4, ("rounding", say("page.footer.rounding_words", lang, rounding=money(summary.rounding_loss_cny, lang))))
    if summary.certified is not None:
        facts.insert(3, ("certified", ("" if lang == "zh" else " ").join(certified_words(summary.certified, solve.gap, lang))))
    facts += provenance(summary, lang)
    facts.append(("again", say("page.footer.again_words", lang, plan=plan.id)))
    return [(say(f"page.footer.{name}", lang), words) for name, words in facts]


def provenance(of: Summary | ClientBook | Branches, lang: str) -> list[tuple[str, str]]:
    """What was borrowed, that a bank is made up, and the versions, each by its name among the facts."""
    borrowed = [table_heading(origin.table, lang) for origin in of.origins if origin.borrowed]
    told = [("borrowed", say("page.footer.borrowed_words", lang, tables=listing(borrowed, lang)))] if borrowed else []
    told += [("sample", say("page.sample", lang))] if of.sample else []
    return [*told, ("versions", " · ".join(f"{name} {version}" for name, version in of.versions))]


def origin_rows(origins: Sequence[Origin], lang: str) -> Table:
    """Where each table comes from: rows, date, check sum, the bank's own or borrowed."""
    heads = [say(f"page.column.{name}", lang) for name in ("table", "rows", "as_of", "sha256", "origin")]
    rows = [
        [
            table_heading(origin.table, lang),
            number(origin.rows, lang),
            day(origin.as_of, lang),
            origin.sha256 or NONE,
            say("page.footer.borrowed_tag" if origin.borrowed else "page.footer.own_tag", lang),
        ]
        for origin in origins
        if origin.rows
    ]
    return Table(say("page.footer.tables", lang), "", heads, rows, left=frozenset({0, 2, 3, 4}))


def _policy(summary: Summary, lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("parameter", "setting", "name")]
    rows = []
    for one in parameters():
        section: Any = summary.plan.policy if not one.section else summary.plan.policy.get(one.section, {})
        if one.field in section:
            rows.append([one.zh if lang == "zh" else one.en, setting_words(one, section[one.field], lang), one.name])
    return Table(say("page.footer.policy", lang), "", heads, rows, left=frozenset({0, 1, 2}), wide=True)


def setting_words(one: Parameter, value: Any, lang: str) -> str:
    """What a parameter is set to, in words; of locked lines only how many."""
    locked = one.section == "frozen" and isinstance(value, list) and value
    return say("page.footer.locked_lines", lang, n=len(value)) if locked else plain_setting(value, lang)
