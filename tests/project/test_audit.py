"""Looking the locked packages up in the advisories, against a service that is played."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.project.conftest import ROOT

BAD = "aiohttp"
ADVISORY = {
    "id": "TEST-2026-1",
    "summary": "played",
    "affected": [
        {
            "package": {"name": BAD, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}


@contextmanager
def advisory_service(bad: str) -> Iterator[str]:
    """A service that knows an advisory against one package, and nothing against the others."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = {"vulns": [ADVISORY]} if asked["package"]["name"] == bad else {}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(known).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def audit(url: str, cache: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "tools/audit.py")]
    environ = {**os.environ, "LIANXIN_OSV_URL": url, "XDG_CACHE_HOME": str(cache)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_a_known_vulnerability_fails_and_is_named_with_what_mends_it(tmp_path: Path) -> None:
    with advisory_service(BAD) as url:
        done = audit(url, tmp_path)
    assert done.returncode == 1
    assert f"vulnerable: {BAD} " in done.stderr
    assert "TEST-2026-1, fixed in 99.0" in done.stderr


def test_packages_nobody_knows_anything_against_pass_in_silence(tmp_path: Path) -> None:
    with advisory_service("nothing") as url:
        done = audit(url, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_service_out_of_reach_is_no_pass_in_silence(tmp_path: Path) -> None:
    done = audit("http://127.0.0.1:9/", tmp_path)
    assert done.returncode == 0
    assert "NOT AUDITED" in done.stderr
