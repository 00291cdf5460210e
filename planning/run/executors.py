"""Who does the work when plans run side by side: threads here, each of which has a process of its own for its notebook, or a cluster."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from planning.errors import Fault, PlanningError, RunFailed
from planning.run.cluster import cluster as workers_of
from planning.run.told import unforeseen

Asked = TypeVar("Asked")
Result = TypeVar("Result")
LOST = frozenset({"KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError", "FuturesCancelledError", "ClosedClientError"})
"""Kinds of errors by which a cluster tells that a worker died and no other could take its work."""


@contextmanager
def executor(jobs: int, cluster: str | None, shared: Path) -> Iterator[Executor]:
    """Takes up to `jobs` runs at a time here, or hands them to the workers of a cluster that see the folder `shared`.

    When the block is left by an error, what has not begun is dropped. Raises as `cluster.cluster` does.
    """
    if cluster:
        with workers_of(cluster, shared) as pool:
            yield pool
        return
    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="plan")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def handed(pool: Executor, act: Callable[[Asked], Result], job: Asked) -> "Future[Result]":
    """A job handed over; where the cluster has been given up and nobody takes it, it has ended as one whose worker died."""
    try:
        return pool.submit(act, job)
    except Exception as error:  # noqa: BLE001  whatever it is, `result_of` tells it as the job's own
        refused: Future[Result] = Future()
        refused.set_exception(error)
        return refused


def result_of(future: "Future[Result]") -> Result:
    """What a job came to. Raises a PlanningError for whatever broke it: RunFailed where its worker died, or where nobody foresaw the error."""
    try:
        return future.result()
    except PlanningError:
        raise
    except Exception as error:
        if type(error).__name__ in LOST:
            raise RunFailed(Fault("cluster_worker_lost")) from error
        raise unforeseen(error) from error
