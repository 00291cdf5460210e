"""From an entry of the plans' file to what is rendered for it, where it will stand, and what its record will say."""

from dataclasses import dataclass
from pathlib import Path

from planning.errors import Fault, PolicyError
from planning.run import branches, params, render
from planning.run import notebook as notebooks
from planning.run.job import Job
from planning.run.plans_file import Entry
from planning.run.record import Asking


@dataclass(frozen=True)
class Prepared:
    """A job, what its record will say was asked, and the data folder it reads."""

    job: Job
    asking: Asking
    data: Path


def prepared(entry: Entry, out: Path, folder: Path) -> Prepared:
    """What an entry asks for, checked against its notebook and its data; a notebook's bare name is that of one in `folder`.

    Raises what its render would raise before it begins; PolicyError where its id is not the folder its pages will stand in.
    """
    path = Path(entry.notebook) if entry.notebook.endswith(".ipynb") else folder / f"{entry.notebook}.ipynb"
    notebook = notebooks.read(path)
    pages = "branch" in notebooks.parameters(notebook)
    own = () if pages else (("plan_id", entry.id),)
    order = render.Order(path, out, tuple(dict.fromkeys(entry.languages)), entry.data or None, (*own, *entry.given), 60 * entry.minutes, entry.relax)
    if not pages:
        if entry.each:
            raise PolicyError(Fault("each_only_branches", values={}))
        asked, asking = render.asked_of(order, notebook)
        return Prepared(Job(order, str(Path.cwd())), asking, params.data_folder(asked.data, Path.cwd()))
    only = str(entry.parameters.get("branch", ""))
    if not (entry.each or only):
        raise PolicyError(Fault("branch_not_named", column="branch"))
    found = branches.asked_of(order, only, notebook)
    if found.place != entry.id:
        raise PolicyError(Fault("plans_id_of_pages", column="id", values={"plan": entry.id, "place": found.place}))
    return Prepared(Job(order, str(Path.cwd()), True, only), found.asking, found.data)
