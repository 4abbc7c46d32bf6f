"""What can go wrong, as exceptions whose text is for the person who made the call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JJavaError


class TalwegError(RuntimeError):
    """Something failed that the caller's input is not to blame for.

    Attributes:
        problems: each a sentence that names the thing and the remedy; empty where there is none.
        java_trace: the stack trace on the JVM's side, which the message leaves out.
    """

    def __init__(self, message: str, problems: list[str] | None = None, java_trace: str = "") -> None:
        super().__init__(message)
        self.problems = problems or []
        self.java_trace = java_trace


class ConfigurationError(TalwegError, ValueError):
    """The configuration is wrong: an unknown key, a wrong type, a value out of range, a contradiction."""


class DataError(TalwegError, ValueError):
    """The data, a path or a model cannot be used as asked."""


class SessionError(TalwegError):
    """The Spark session cannot run Talweg: another version of Spark, Spark Connect, or no jar."""


class Interrupted(KeyboardInterrupt):
    """A run was interrupted, and ended. The message says how to go on from its checkpoint.

    It is a ``KeyboardInterrupt``, as what a user stops should be: ``except Exception`` lets it pass.
    """


# The JVM speaks of the command line, whose options are arguments here.
_SPOKEN = [
    (r"--set ([a-z]+)=null", r"\1=None"),
    (r"--(overwrite|resume)\b", r"\1=True"),
    (r"--skip-finished\b", "skip_finished=True"),
    (r"--output\b( DIR)?", "output="),
    (r"the same command", "the same call"),
]


def in_python(text: str) -> str:
    """A message of the JVM in the terms of this package.

    >>> in_python("runs/a exists; use --overwrite, or another --output")
    'runs/a exists; use overwrite=True, or another output='
    """
    for option, argument in _SPOKEN:
        text = re.sub(option, argument, text)
    return text


def told(failure: Mapping[str, Any]) -> BaseException:
    """The exception for what the JVM tells of a failure."""
    problems = [in_python(problem) for problem in failure["problems"]]
    says = in_python(failure["says"])
    if failure["kind"] == "interrupted":
        return Interrupted(says)
    if not problems:
        return TalwegError(says, java_trace=failure["trace"])
    message = problems[0] if len(problems) == 1 else f"{len(problems)} problems:\n  " + "\n  ".join(problems)
    error = ConfigurationError if failure["kind"] == "configuration" else DataError
    return error(message, problems, failure["trace"])


@contextmanager
def translated(notebook: Any) -> Iterator[None]:
    """Raises what the JVM throws as an exception of this package, without its stack trace."""
    try:
        yield
    except Py4JJavaError as thrown:
        failure = json.loads(notebook.failure(thrown.java_exception))
    else:
        return
    raise told(failure)
