"""A large year's blocks solved by a cluster, where one is named."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from planning.optimise.block import solved_by

CLUSTER = "PLANNING_CLUSTER"
"""The environment variable that names the cluster, for the desk and for unattended runs."""


@contextmanager
def solved_elsewhere(surroundings: Mapping[str, str], shared: Path) -> Iterator[None]:
    """Within it, a year's blocks are solved by the workers of the cluster that PLANNING_CLUSTER names, or here where it names none.

    What they come to is the same. Raises as `cluster.cluster` does; RunFailed where a worker died and no other could take its block.
    """
    address = surroundings.get(CLUSTER)
    if not address:
        yield
        return
    from planning.run.executors import executor, handed, result_of  # brings in a database's library, which few desks need

    with executor(1, address, shared) as pool, solved_by(lambda act, blocks: map(result_of, [handed(pool, act, one) for one in blocks])):
        yield
