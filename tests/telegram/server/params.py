"""The parameters of a call: read from form, multipart or JSON, and held against what the method takes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram.server.errors import bad_request


@dataclass(frozen=True, slots=True)
class Part:
    """An uploaded file."""

    name: str
    content: bytes
    media_type: str


async def read_params(request: web.Request) -> dict[str, Any]:
    """All parameters by name: texts, JSON values or Part."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise bad_request("can't parse the JSON object")
        return {**params, **body}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Part(value.filename, value.file.read(), value.content_type)
        else:
            params[name] = value
    return params


def check_shape(params: Mapping[str, Any], takes: Mapping[str, str]) -> dict[str, Any]:
    """The parameters in their types. `takes` names a type per parameter, with `!` where it is required.

    Stricter than Telegram, which overlooks what it does not know: a test should not.
    """
    unknown = params.keys() - takes.keys()
    if unknown:
        raise bad_request(f"unknown parameters {sorted(unknown)}")
    missing = {name for name, kind in takes.items() if kind.endswith("!")} - params.keys()
    if missing:
        raise bad_request(f"{min(missing)} is empty")
    return {name: _typed(name, value, takes[name].rstrip("!")) for name, value in params.items()}


def _typed(name: str, value: Any, kind: str) -> Any:
    try:
        match kind:
            case "int":
                return int(value)
            case "bool":
                return {"true": True, "false": False, True: True, False: False}[value]
            case "json":
                return json.loads(value) if isinstance(value, str) else value
            case "file" if isinstance(value, Part):
                return value
            case "text" if isinstance(value, str):
                return value
    except (ValueError, KeyError, TypeError):
        pass
    raise bad_request(f"can't parse {name}")
