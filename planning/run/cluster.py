"""Work done on other machines: a Dask cluster whose workers see the same folder and are the same program, or none at all.

Whoever reaches a cluster can have anything run on it, so an address that other machines reach must be encrypted.
"""

import hashlib
import ipaddress
import logging
import os
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from planning.errors import Fault, PolicyError, RunFailed
from planning.run import inputs, publish, record, registry
from planning.run.trouble import not_writable

CONNECT_SECONDS, LOOK_SECONDS = 10, 1.0
ALONE_SECONDS = 30.0
"""How long a cluster may be without a worker before what waits for one is given up."""

SEEN = "cluster-"


@contextmanager
def cluster(address: str, shared: Path) -> Iterator[Executor]:
    """The workers of the cluster at `address` as an executor; `shared` = the folder of published plans, which all of them must see.

    PolicyError for an address that is none or is open to other machines, and where Dask is not installed; RunFailed where the cluster
    cannot be reached, has no worker, or has one that is another program or sees another folder.
    """
    address = _checked(address)
    client = _connected(address)
    done = Event()
    try:
        places = _refuse_strangers(client, address, shared)
        watch = Thread(target=_give_up_alone, args=(client, done), daemon=True)
        watch.start()
        pool = client.get_executor(pure=False)  # the same job asked for twice is done twice
        pool.places = places
        yield pool
    finally:
        done.set()
        with suppress(OSError, RuntimeError):
            client.close(timeout=CONNECT_SECONDS)


def _checked(address: str) -> str:
    scheme, sign, rest = address.partition("://")
    place = rest if sign else address
    host, colon, port = place.rpartition(":")
    values = {"cluster": address[:80], "example": "tls://planning-scheduler:8786"}
    if not (colon and host and port.isdecimal()) or (sign and scheme not in ("tcp", "tls")):
        raise PolicyError(Fault("cluster_address", values=values))
    if (not sign or scheme == "tcp") and not _of_this_machine(host.strip("[]")):
        raise PolicyError(Fault("cluster_open", values=values))
    return address if sign else f"tcp://{address}"


def _of_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(address: str) -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise PolicyError(Fault("cluster_not_installed")) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # its lines about lost workers are told in our words
    client: Any = distributed.Client
    try:
        return client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise RunFailed(Fault("cluster_unreachable", values={"cluster": address})) from error


def _refuse_strangers(client: Any, address: str, shared: Path) -> int:
    """How many workers there are. RunFailed names the first that could not do the work as this machine would."""
    runs = shared.absolute() / publish.RUNS
    token = runs / f"{SEEN}{uuid.uuid4().hex}"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        token.write_text(token.name, encoding="utf-8")
    except OSError as error:
        raise not_writable(shared, error) from error
    try:
        workers = client.run(seen, str(token), on_error="return")
    except (OSError, ValueError, RuntimeError) as error:
        raise RunFailed(Fault("cluster_unreachable", values={"cluster": address})) from error
    finally:
        token.unlink(missing_ok=True)
    if not workers:
        raise RunFailed(Fault("cluster_without_workers"))
    for worker, told in sorted(workers.items()):
        if code := strange(told, seen(""), token.name):
            raise RunFailed(Fault(code, values={"worker": worker, "folder": shared.name}))
    return len(workers)


def seen(token: str) -> dict[str, Any]:
    """What a worker is and sees: the program, its packages, the register it would write to (as a hash), and a file of the shared folder."""
    text = ""
    with suppress(OSError):
        text = Path(token).read_text(encoding="utf-8")
    named = os.environ.get(registry.ADDRESS, "")
    return {"program": inputs.program(), "versions": record.versions(), "register": hashlib.sha256(named.encode()).hexdigest(), "token": text}


def strange(told: Any, own: Mapping[str, Any], token: str) -> str:
    """What is wrong with a worker, "" where nothing is."""
    if not isinstance(told, dict) or told["program"] != own["program"]:
        return "cluster_other_program"
    if told["versions"] != own["versions"]:
        return "cluster_other_packages"
    if told["token"] != token:
        return "cluster_other_folder"
    return "" if told["register"] == own["register"] else "cluster_other_register"


def _give_up_alone(client: Any, done: Event) -> None:
    """Close a client whose cluster has had no worker for a while, so that what waits for one ends as a failure."""
    looks = 0
    while not done.wait(LOOK_SECONDS):
        try:
            alone = not client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, KeyError, RuntimeError):
            alone = True
        looks = looks + 1 if alone else 0
        if looks * LOOK_SECONDS >= ALONE_SECONDS:
            with suppress(OSError, RuntimeError):
                client.close(timeout=CONNECT_SECONDS)
            return
