"""The bar that a run shows while it goes on."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from types import TracebackType
from typing import Any

if find_spec("ipywidgets"):
    from tqdm.auto import tqdm
else:  # a line of text, without tqdm's advice to install ipywidgets
    from tqdm.std import tqdm


class Bar:
    """Tasks while the data is read, then steps; the total of steps is what the pace of convergence tells.

    Where nobody watches, in a file or a pipe, it is not drawn. What a run warns of is printed in any case.
    """

    def __init__(self, shown: bool) -> None:
        notebook = "ipykernel" in sys.modules
        self._shown = shown
        self._drawn: tuple[Any, ...] = ()
        self._bar: tqdm[Any] = tqdm(
            disable=not shown or not (notebook or sys.stderr.isatty()),
            bar_format="{desc} {bar:12} {n_fmt}/{total_fmt}{postfix}",
            file=sys.stdout if notebook else sys.stderr,  # a notebook shows stderr as an alarm
            leave=False,
        )

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def update(self, told: Mapping[str, Any]) -> None:
        """Draws what ``BackgroundRun.poll`` told."""
        for warning in told["warnings"]:
            self.say(f"warning: {warning}")
        step = told.get("step")
        tasks = told.get("tasks") or {"done": 0, "all": 0}
        if step is not None:
            done = step["number"]
            self._draw(
                told["activity"], done, max(done, 0 if told["ended"] else step["expected"]) or done, _values(step)
            )
        elif not told["ended"]:
            self._draw(told["activity"], tasks["done"], tasks["all"], f"{tasks['all']} tasks" if tasks["all"] else "")

    def say(self, text: str) -> None:
        """Prints a line that does not break the bar."""
        if self._shown:
            tqdm.write(text, file=sys.stderr)

    def finish(self, text: str) -> None:
        """The last line: how the run ended."""
        self._bar.leave = True
        self._bar.set_description_str(text, refresh=True)

    def _draw(self, *now: Any) -> None:
        if now != self._drawn:
            self._drawn = now
            activity, self._bar.n, total, values = now
            self._bar.total = total or None
            self._bar.set_description_str(activity, refresh=False)
            self._bar.set_postfix_str(values, refresh=False)
            self._bar.refresh()


def _values(step: Mapping[str, Any]) -> str:
    values = [f"objective {float(step['objective']):.6g}"]
    if "gap" in step:
        values.append(f"gap {float(step['gap']):.1e}")
    else:
        values.append(f"gradient {float(step['gradient-norm']):.1e}")
    if "metric" in step:
        values.append(f"{step['metric']} {float(step['validation']):.5f}")
    return ", ".join(values)
