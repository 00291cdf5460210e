"""What Papermill finds under the engine's name. It loads this while it is itself being loaded: so nothing is brought in before a notebook is run."""

from typing import Any


class Engine:
    """The engine `planning`, brought in at its first use."""

    @staticmethod
    def execute_notebook(nb: Any, kernel_name: str, **given: Any) -> Any:
        """Run a notebook."""
        return _engine().execute_notebook(nb, kernel_name, **given)

    @staticmethod
    def nb_kernel_name(nb: Any, name: str | None = None) -> Any:
        """The kernel a notebook asks for."""
        return _engine().nb_kernel_name(nb, name)

    @staticmethod
    def nb_language(nb: Any, language: str | None = None) -> Any:
        """The language a notebook is written in."""
        return _engine().nb_language(nb, language)


def _engine() -> Any:
    from planning.run.engine import PlanningEngine

    return PlanningEngine
