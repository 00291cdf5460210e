"""The part of the command render that makes branches' pages."""

from collections.abc import Mapping

from planning.cli.app import echo, tell, tell_how
from planning.errors import Fault, PolicyError
from planning.run import branches
from planning.run.registered import registered
from planning.run.render import Order
from planning.run.shared_pages import Sharing


def render_branches(order: Order, each: str | None, only: str | None, sharing: Sharing, solving: Mapping[str, object]) -> bool:
    """Render every branch's page, or one, where the notebook is one branch's; False where it is another notebook.

    PolicyError where neither all branches nor one are asked for, where another notebook is to be rendered for each branch, or for one of
    the options of `solving` (by name, empty where not given).
    """
    from planning.cli.progress import watched

    named = only or dict(order.given).get("branch", "")
    if not branches.is_of_a_branch(order.notebook):
        if each or only:
            raise PolicyError(Fault("each_only_branches", values={}))
        return False
    if given := [name for name, value in solving.items() if value]:
        raise PolicyError([Fault("option_of_solving", values={"option": name}) for name in given])
    if each not in (None, "branch") or not (each or named):
        raise PolicyError(Fault("branch_not_named", column="branch"))
    lang = order.languages[0]
    with watched(lang) as progress:
        done = registered(order, lambda: branches.render(order, named, progress, sharing))
    published = done.published
    made = [page for page in published.pages if page.stem.startswith("branch")]
    tell("cli.branches.published", lang, plan=published.folder.name, n=len(made) // len(order.languages), places=published.record["verdict"]["places"])
    tell_how(done, lang)
    for page in published.pages[-len(order.languages) :]:
        echo(page)
    return True
