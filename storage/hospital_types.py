"""The kinds of values that stand in hospital.toml."""

import re
from datetime import time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _clock(value: object) -> object:
    """Takes 09:00, 9:00 and a full-width colon; a bare number could mean hours or seconds and is refused."""
    match value:
        case time(tzinfo=None):
            return value
        case str() if len(parts := value.strip().replace("：", ":").split(":")) == 2:
            if all(part.isascii() and part.isdigit() for part in parts):
                return f"{parts[0]:0>2}:{parts[1]}"
    raise PydanticCustomError("clock", "not a time of day")


def _web_address(value: object) -> object:
    """Takes nothing, or a whole address without anything that would end a header line."""
    if isinstance(value, str) and not value.strip():
        return ""
    if isinstance(value, str) and _WEB_ADDRESS.fullmatch(value.strip()):
        return value.strip()
    raise PydanticCustomError("web_address", "not a web address")


_WEB_ADDRESS = re.compile(r"https?://[!-~]{4,300}")
EVERYONE = "全院"
"""In the place of an office: a group is for the staff of the whole house. No office may be called so."""
Name = Annotated[str, Field(min_length=1, max_length=30)]
Days = Annotated[int, Field(strict=True, ge=1, le=250)]
Percent = Annotated[int, Field(strict=True, ge=1, le=100)]
TimeOfDay = Annotated[time, BeforeValidator(_clock)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]


class Section(BaseModel):
    """A part of hospital.toml: no unknown keys, and not changed once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
