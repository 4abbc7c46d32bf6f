"""From keyword arguments to the configuration of docs/configuration.md."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from os import PathLike
from typing import Any

from pyspark.sql import DataFrame

from talweg.errors import ConfigurationError

# The names of these blocks' entries are columns, or options of Spark's readers: they are not spelled anew.
_NAMED_BY_DATA = {"factors", "bounds", "options"}

TRAINING = "dataframe"


def configuration(
    rows: DataFrame | None,
    config: Mapping[str, Any] | None,
    data: Mapping[str, Any],
    options: Mapping[str, Any],
) -> tuple[str, dict[str, DataFrame]]:
    """The configuration as JSON, and the DataFrames that it names.

    Args:
        rows: to train on; without them ``config`` says where they are.
        config: a whole configuration, nested.
        data: keys of its block ``data``; None stands for a key that was not given.
        options: keys of the outermost level, which replace those of ``config``.
    """
    whole = kebab(config or {})
    if not isinstance(whole, dict):
        raise ConfigurationError(f"config: found {type(config).__name__}, a dict of keys is allowed")
    frames: dict[str, DataFrame] = {}
    for key, value in kebab(options).items():
        both = isinstance(value, dict) and isinstance(whole.get(key), dict)
        whole[key] = {**whole[key], **value} if both else value
    block = dict(whole.get("data") or {})
    block.update({key: value for key, value in kebab(data).items() if value is not None})
    if rows is not None:
        frames[TRAINING] = rows
        block["table"] = TRAINING
    for split in ("validation", "test"):
        held_out = block.get(split)
        if isinstance(held_out, DataFrame):
            frames[f"{TRAINING}_{split}"] = held_out
            block[split] = {"table": f"{TRAINING}_{split}"}
        elif isinstance(held_out, float):
            block[split] = {"fraction": held_out}
    if block:
        whole["data"] = block
    return json.dumps(_plain(whole, "config"), ensure_ascii=False), frames


def kebab(block: Any) -> Any:
    """The same with ``weight_decay`` as ``weight-decay``, at every level but where the data gives the names.

    >>> kebab({"max_bad_rows": 0.1, "penalty": {"factors": {"pay_0": 2.0}}})
    {'max-bad-rows': 0.1, 'penalty': {'factors': {'pay_0': 2.0}}}
    """
    if isinstance(block, Mapping):
        return {
            str(key).replace("_", "-"): value if key in _NAMED_BY_DATA else kebab(value) for key, value in block.items()
        }
    return [kebab(each) for each in block] if isinstance(block, (list, tuple)) else block


def _plain(value: Any, path: str) -> Any:
    """What JSON has for a value, that of numpy too."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each, f"{path}.{key}") for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, path) for each in value]
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, (date, datetime, PathLike)):
        return str(value)
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigurationError(f"{path.removeprefix('config.')}: found {value}, a finite number is allowed")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    found = f"{type(value).__module__}.{type(value).__qualname__}"
    raise ConfigurationError(
        f"{path.removeprefix('config.')}: found {found}, a number, text, list or dict is allowed"
        + (" (a DataFrame as validation= or test=)" if isinstance(value, DataFrame) else "")
    )
