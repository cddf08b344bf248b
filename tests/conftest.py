"""What tests of every part may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.stage import Stage

settings.register_profile("patient", deadline=None, derandomize=True)  # the same cases on every machine
settings.load_profile("patient")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A whole bot with the sample hospital."""
    async with Stage(tmp_path) as stage:
        yield stage
