"""Plans rendered by a real Dask cluster of two workers: the same plans, nothing lost when a worker is killed, strangers refused."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from planning.errors import Fault, PlanningError, PolicyError, RunFailed
from planning.optimise import decompose
from planning.optimise.block import solved_by
from planning.optimise.duals import multipliers
from planning.run import cluster, executors, publish, registry
from planning.run.blocks import CLUSTER
from planning.run.job import Job, work
from planning.run.render import Order
from tests.optimise.test_decompose import small, solved
from tests.run.published import plan_of, publish_plan
from tests.run.tiny_plans import ROOT, VOUCH, desk, marks, notebook

WAIT = "import time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.05)"
PATIENCE = 120.0


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own that this test may kill."""

    address: str
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def busy(self) -> str:
        """The worker that renders now."""
        return next((name for name, one in self.workers.items() if one.poll() is None and psutil.Process(one.pid).children()), "")


def until(true: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Cluster]]:
    """Starts a scheduler with workers, each with what its environment has besides; all are ended afterwards."""
    begun: list[subprocess.Popen[bytes]] = []

    def run(module: str, *words: str, surroundings: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(surroundings or {})}
        command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
        begun.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return begun[-1]

    def started(**workers: Mapping[str, str]) -> Cluster:
        file = tmp_path / "scheduler.json"
        run("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        until(file.exists)
        until(lambda: file.read_text(encoding="utf-8").endswith("}"))
        made = Cluster(json.loads(file.read_text(encoding="utf-8"))["address"])
        for name, more in workers.items():
            words = ("--scheduler-file", str(file), "--no-nanny", "--no-dashboard", "--nthreads", "1", "--name", name, "--host", "127.0.0.1")
            made.workers[name] = run("dask_worker", *words, surroundings=more)
        from distributed import Client

        with Client(made.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(len(workers), timeout=PATIENCE)
        return made

    yield started
    for one in begun:
        one.kill()
        one.wait()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = desk(tmp_path / "desk")
    monkeypatch.chdir(made)
    return made


def job(plan: str, place: Path, *sources: str) -> Job:
    path = notebook(place / "notebooks" / f"{plan}.ipynb", *sources)
    return Job(Order(path, place / "outputs", ("zh",), None, (("plan_id", plan),)), str(place))


@pytest.mark.slow
def test_two_workers_render_what_one_machine_renders_and_register_it(start: Callable[..., Cluster], place: Path) -> None:
    ours = start(a={}, b={})
    jobs = [job(plan, place) for plan in ("one", "two", "three")]
    with executors.executor(2, ours.address, place / "outputs") as pool:
        ended = [executors.result_of(future) for future in [pool.submit(work, one) for one in jobs]]
    assert [one.code for one in ended] == [0, 0, 0]
    assert sorted(marks(place)) == ["one", "three", "two"]
    assert registry.verify_chain(place / "outputs") == 3
    page = (place / "outputs" / "one" / "plan.zh.html").read_bytes()
    assert work(jobs[0]).code == 0
    assert (place / "outputs" / "one" / "plan.zh.html").read_bytes() == page
    assert not list((place / "outputs" / ".runs").glob(f"{cluster.SEEN}*"))


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing_and_another_takes_over(start: Callable[..., Cluster], place: Path) -> None:
    ours = start(a={}, b={})
    with executors.executor(2, ours.address, place / "outputs") as pool:
        future = pool.submit(work, job("one", place, WAIT, VOUCH))
        until(lambda: len(marks(place)) == 1)
        killed = ours.workers.pop(ours.busy())
        below = psutil.Process(killed.pid).children(recursive=True)
        killed.send_signal(signal.SIGKILL)
        until(lambda: len(marks(place)) == 2)
        (place / "go").touch()
        assert executors.result_of(future).code == 0
    _, alive = psutil.wait_procs(below, timeout=5)
    assert alive == []
    assert registry.verify_chain(place / "outputs") == 1
    with publish.held(place / "outputs", "one"):
        pass
    assert not list((place / "outputs" / ".runs" / "one").glob("work-*"))


@pytest.mark.slow
def test_without_a_worker_left_the_plan_fails_and_the_former_one_stands(start: Callable[..., Cluster], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ALONE_SECONDS", 2.0)
    assert work(job("one", place)).code == 0
    before = {path.name: path.read_bytes() for path in (place / "outputs" / "one").iterdir()}
    ours = start(a={})
    with executors.executor(1, ours.address, place / "outputs") as pool:
        future = pool.submit(work, job("one", place, WAIT, VOUCH))
        until(lambda: len(marks(place)) == 2)
        ours.workers["a"].send_signal(signal.SIGKILL)
        with pytest.raises(RunFailed, match=r"^cluster_worker_lost$"):
            executors.result_of(future)
    assert {path.name: path.read_bytes() for path in (place / "outputs" / "one").iterdir()} == before
    with publish.held(place / "outputs", "one"):
        pass


@pytest.mark.slow
def test_a_worker_that_is_a_stranger_is_refused_before_anything_is_done(start: Callable[..., Cluster], place: Path) -> None:
    ours = start(a={}, b={registry.ADDRESS: "postgresql://other@127.0.0.1/other"})
    with pytest.raises(RunFailed, match="cluster_other_register worker=tcp://127"), executors.executor(1, ours.address, place / "outputs"):
        pass
    assert marks(place) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"program": "another"}, "cluster_other_program"),
        ({"versions": {"python": "3.11.0"}}, "cluster_other_packages"),
        ({"token": ""}, "cluster_other_folder"),
        ({"register": "another"}, "cluster_other_register"),
    ],
)
def test_what_a_worker_is_and_sees_is_held_against_this_machine(change: Mapping[str, object], code: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("token", encoding="utf-8")
    own = cluster.seen(str(token))
    assert cluster.strange({**own, **change}, own, "token") == code
    assert cluster.strange(ModuleNotFoundError("planning"), own, "token") == "cluster_other_program"
    assert cluster.seen(str(tmp_path / "none"))["token"] == ""


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("here", "cluster_address"),
        ("http://127.0.0.1:8786", "cluster_address"),
        ("127.0.0.1:port", "cluster_address"),
        ("tcp://planning.bank.example:8786", "cluster_open"),
        ("10.0.0.7:8786", "cluster_open"),
        ("tcp://0.0.0.0:8786", "cluster_open"),
        ("tcp://127.0.0.1:1", "cluster_unreachable"),
        ("[::1]:1", "cluster_unreachable"),
    ],
)
def test_an_address_that_is_none_open_or_dead_is_refused_in_words(address: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(PlanningError) as refused, executors.executor(1, address, tmp_path):
        pass
    assert [fault.code for fault in refused.value.faults] == [code]


def test_without_dask_the_option_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PolicyError, match=r"^cluster_not_installed$"), executors.executor(1, "tcp://127.0.0.1:8786", tmp_path):
        pass


@pytest.mark.parametrize("kind", PlanningError.__subclasses__())
def test_an_error_arrives_from_another_machine_as_it_was_raised_there(kind: type[PlanningError]) -> None:
    sent = kind([Fault("solver_broke", values={"solver": "CBC"}), Fault("duplicate_key", "clients", "client", (3, 7), 2)])
    arrived = pickle.loads(pickle.dumps(sent))
    assert (type(arrived), arrived.faults, str(arrived)) == (kind, sent.faults, str(sent))


def test_what_breaks_a_job_comes_out_as_a_planners_error() -> None:
    kept = RunFailed(Fault("run_not_checked"))
    for error, code in ((kept, "run_not_checked"), (ValueError("client 7"), "unforeseen")):
        future: Future[int] = Future()
        future.set_exception(error)
        with pytest.raises(PlanningError) as told:
            executors.result_of(future)
        assert told.value.faults[0].code == code
        assert "client 7" not in str(told.value)
    lost: Future[int] = Future()
    lost.cancel()
    with pytest.raises(RunFailed, match=r"^cluster_worker_lost$"):
        executors.result_of(lost)


@pytest.mark.slow
def test_branches_pages_are_shared_out_to_the_workers_and_are_the_same(
    planning: Callable[..., int], start: Callable[..., Cluster], small_bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = publish_plan(plan_of(small_bank), tmp_path / "outputs")
    (folder / "run.json").write_text(json.dumps({"data": str(small_bank)}), encoding="utf-8")
    words = ("render", str(ROOT / "notebooks" / "branch_plan.ipynb"), "--each", "branch", "--lang", "en")
    assert planning(*words) == 0
    made = tmp_path / "outputs" / "annual-2027-branches"
    alone = {path.name: path.read_bytes() for path in made.glob("*.html")}
    assert planning(*words, "--cluster", start(a={}, b={}).address) == 0
    assert {path.name: path.read_bytes() for path in made.glob("*.html")} == alone
    assert len(alone) == 5


@pytest.mark.slow
def test_a_years_blocks_are_solved_by_the_workers_and_come_to_the_same(start: Callable[..., Cluster], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompose, "MOST_SLOTS", 0)
    linear = solved(small(4))
    alone = decompose.priced(linear, decompose.cut(linear), multipliers(linear, "highs"), 1e-6)
    with executors.executor(2, start(a={}, b={}).address, place / "outputs") as pool, solved_by(pool.map):
        assert decompose.priced(linear, decompose.cut(linear), multipliers(linear, "highs"), 1e-6) == alone
    assert alone.bound < float("inf")


BLOCKS = """
import planning.optimise.decompose as decompose
decompose.MOST_SLOTS = 0
import planning
result = planning.plan_year(planning.open_case(globals()))
print(repr((result.summary.plan.totals, result.summary.plan.sessions)))
"""


def planned(bank: Path, shared: Path, cluster: str | None) -> "subprocess.CompletedProcess[str]":
    """The desk's own verb in a process of its own, as a kernel runs it."""
    named = {CLUSTER: cluster} if cluster else {}
    script = f"plan_id, data, lang, gap = 'annual-2027', {str(bank)!r}, 'en', 0.05\n{BLOCKS}"
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **named}
    return subprocess.run([sys.executable, "-c", script], cwd=shared, env=surroundings, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_desk_has_a_years_blocks_solved_by_the_cluster_that_is_named(start: Callable[..., Cluster], place: Path, small_bank: Path) -> None:
    alone = planned(small_bank, place, None)
    assert alone.returncode == 0, alone.stderr
    workers = start(a={}, b={})
    shared = planned(small_bank, place, workers.address)
    assert (shared.returncode, shared.stdout) == (0, alone.stdout)
    from distributed import Client

    with Client(workers.address, timeout=PATIENCE, set_as_default=False) as client:
        done = client.run(lambda dask_worker: len(dask_worker.state.stimulus_log))
    assert min(done.values()) > 0  # either worker was given blocks
    nowhere = planned(small_bank, place, "tcp://127.0.0.1:9")
    assert nowhere.returncode != 0
    assert "cluster" in nowhere.stderr
