"""Who does the work when plans run side by side: threads here, each of which has a process of its own for its notebook."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from planning.errors import Fault, PolicyError


@contextmanager
def executor(jobs: int, cluster: str | None) -> Iterator[Executor]:
    """Takes up to `jobs` runs at a time; when the block is left by an error, what has not begun is dropped. PolicyError for a cluster: there is none here."""
    if cluster:
        raise PolicyError(Fault("cluster_not_here", values={"cluster": cluster}))
    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="plan")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
