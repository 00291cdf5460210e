"""Checks of Jupyter: that notebooks are served to this machine alone, and to nobody without a token or a password. No token is shown."""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import psutil
from jupyter_core.paths import jupyter_config_path
from jupyter_server.serverapp import list_running_servers
from traitlets.config import Application, Config

from planning.run.finding import Finding

FILES = ("jupyter_config", "jupyter_notebook_config", "jupyter_server_config", "jupyter_lab_config")  # later ones lay over earlier
SERVER = ("NotebookApp", "ServerApp", "LabApp")
TOKENS = ("IdentityProvider", "PasswordIdentityProvider", *SERVER)
TOKEN = "JUPYTER_TOKEN"


def settings(environment: Mapping[str, str]) -> Finding:
    """A server started here would listen on this machine alone and ask for a token or a password."""
    try:
        config = _configured()
    except Exception as error:  # noqa: BLE001  a settings file is a planner's own program and may raise anything
        return Finding("unfit", "jupyter_unreadable", {"problem": type(error).__name__})
    address = _set(config, SERVER, "ip", "localhost")
    if not _of_this_machine(str(address)):
        return Finding("unfit", "jupyter_open", {"address": str(address)})
    token = _set(config, TOKENS, "token", environment.get(TOKEN))
    password = _set(config, TOKENS, "hashed_password", "") or _set(config, TOKENS, "password", "")
    if token == "" and not password:  # an empty token is none; one that is not set is made at random
        return Finding("unfit", "jupyter_unlocked")
    if _set(config, SERVER, "allow_origin", "") == "*":
        return Finding("unfit", "jupyter_any_page")
    return Finding("fit", "jupyter")


def servers() -> Finding:
    """The servers that run now do the same."""
    running = list(list_running_servers())
    for one in running:
        address = next((place for place in _listens(one) if not _of_this_machine(place)), None)
        if address is not None:
            return Finding("unfit", "server_open", {"port": str(one.get("port", "")), "address": address})
        if not one.get("token") and not one.get("password"):
            return Finding("unfit", "server_unlocked", {"port": str(one.get("port", ""))})
    return Finding("fit", "servers" if running else "servers_none", {"n": len(running)})


def _listens(server: Mapping[str, Any]) -> Iterator[str]:
    """The addresses a server listens on: what it says of itself, and what its process does, for one open to all calls itself local."""
    yield str(server.get("hostname", ""))
    with suppress(psutil.Error, OSError):
        for one in psutil.Process(server["pid"]).net_connections("inet"):
            if one.status == psutil.CONN_LISTEN and one.laddr.port == server.get("port"):
                yield one.laddr.ip


def _configured() -> Config:
    reader = Application()
    reader.raise_config_file_errors = True
    for name in FILES:
        reader.load_config_file(name, path=jupyter_config_path())
    return reader.config


def _set(config: Config, sections: tuple[str, ...], name: str, otherwise: Any) -> Any:
    """What the last section to set it says; lazy additions to lists are no such setting."""
    return next(_values(config, sections, name), otherwise)


def _values(config: Config, sections: tuple[str, ...], name: str) -> Iterator[Any]:
    for section in reversed(sections):
        if section in config and name in config[section]:
            yield config[section][name]


def _of_this_machine(address: str) -> bool:
    if address in ("localhost", "localhost.localdomain"):
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
