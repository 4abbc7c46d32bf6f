"""The bar of a run, drawn to a terminal that remembers what it got."""

import io
import sys
from typing import Any

import pytest

from talweg.progress import Bar


class Terminal(io.StringIO):
    """Shows what a user sees: of each line what was written after it was last begun anew."""

    encoding = "utf-8"

    def __init__(self, watched: bool) -> None:
        super().__init__()
        self._watched = watched

    def isatty(self) -> bool:
        return self._watched

    def lines(self) -> list[str]:
        return [line.split("\r")[-1].rstrip() for line in self.getvalue().split("\n")]


def terminal(monkeypatch: pytest.MonkeyPatch, watched: bool = True) -> Terminal:
    shown = Terminal(watched)
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)  # else the bar is a notebook's
    return shown


def step(number: int, expected: int, objective: float, **more: Any) -> dict[str, Any]:
    """What ``BackgroundRun.poll`` tells of a step."""
    return {"number": number, "expected": expected, "objective": objective, "gradient-norm": 0.02, **more}


def told(activity: str, ended: bool = False, warnings: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {"activity": activity, "ended": ended, "notes": [], "warnings": list(warnings), **more}


def test_tasks_then_steps_then_the_end_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    with Bar(True) as bar:
        bar.update(told("reading the data", tasks={"done": 1, "all": 4}))
        assert shown.lines() == ["reading the data ███          1/4, 4 tasks"]

        first = told("optimizing", step=step(5, 20, 0.25))
        bar.update(first)
        assert shown.lines() == ["optimizing ███          5/20, objective 0.25, gradient 2.0e-02"]
        drawn = shown.getvalue()
        bar.update(first)
        assert shown.getvalue() == drawn, "what has not changed is not drawn again"

        bar.update(told("optimizing", step=step(10, 20, 0.125, gap=1e-3, metric="auc-roc", validation=0.75)))
        assert shown.lines() == ["optimizing ██████       10/20, objective 0.125, gap 1.0e-03, auc-roc 0.75000"]

        bar.update(told("optimizing", warnings=("column x is constant",), step=step(10, 20, 0.125, gap=1e-3)))
        assert shown.lines() == [
            "warning: column x is constant",
            "optimizing ██████       10/20, objective 0.125, gap 1.0e-03",
        ]

        # sooner than expected
        bar.update(told("evaluating", ended=True, step=step(12, 20, 0.0625, gap=1e-5)))
        bar.finish("converged: gap 1e-05")
    assert shown.lines() == [
        "warning: column x is constant",
        "converged: gap 1e-05 ████████████ 12/12, objective 0.0625, gap 1.0e-05",
        "",
    ]


def test_a_run_without_an_end_leaves_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    with pytest.raises(KeyboardInterrupt), Bar(True) as bar:
        bar.update(told("optimizing", step=step(5, 20, 0.25)))
        raise KeyboardInterrupt
    assert shown.lines() == [""]


def test_where_nobody_watches_only_warnings_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch, watched=False)
    with Bar(True) as bar:
        bar.update(told("optimizing", warnings=("column x is constant",), step=step(5, 20, 0.25)))
        bar.finish("converged")
    assert shown.getvalue() == "warning: column x is constant\n"
