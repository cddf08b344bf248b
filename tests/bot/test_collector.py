"""A start is not held up by looking for memory to give back."""

import subprocess
import sys

SERVING = """
import gc
from bot.cli.serving import serve
import bot.settings
def seen(**_): raise SystemExit(f"{gc.get_threshold()[0]}")
bot.settings.load_settings = seen
serve()
"""


def test_serve_looks_seldom_from_its_first_step() -> None:
    done = subprocess.run([sys.executable, "-c", SERVING], check=False, capture_output=True, text=True)
    assert int(done.stderr) > 10_000
