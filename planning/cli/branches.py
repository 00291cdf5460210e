"""The part of the command render that makes branches' pages."""

from planning.cli.app import echo, tell, tell_how
from planning.errors import Fault, PolicyError
from planning.run import branches
from planning.run.registered import registered
from planning.run.render import Order
from planning.run.shared_pages import Sharing


def render_branches(order: Order, each: str | None, only: str | None, sharing: Sharing) -> bool:
    """Render every branch's page, or one, where the notebook is one branch's; False where it is another notebook.

    PolicyError where neither all branches nor one are asked for, or where another notebook is to be rendered for each branch.
    """
    from planning.cli.progress import watched

    if only and "branch" in dict(order.given):
        raise PolicyError(Fault("parameter_twice", values={"name": "branch"}))
    named = only or dict(order.given).get("branch", "")
    if not branches.is_of_a_branch(order.notebook):
        if each or only:
            raise PolicyError(Fault("each_only_branches", values={}))
        return False
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
