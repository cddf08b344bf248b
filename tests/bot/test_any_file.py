"""Files that people edit, copy or exchange: read, or explained in one line; never an unexpected error."""

import codecs
import json
import shutil
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backup.manifest import read_manifest
from bot.backup.places import MANIFEST
from bot.backup.restoring import Task, checked_manifest, restore_backup
from bot.duty_file import load_duties
from bot.hospital_file import load_hospital, problems
from bot.question_file import load_questions
from bot.settings import Settings, load_settings
from bot.word_file import load_words
from storage.errors import ConfigError, KeyFileError, LianxinError
from storage.key_file import create_key_file, load_keys
from storage.vault import Vault
from tests.bot.backup.conftest import NOON, Hospital
from tests.bot.backup.conftest import hospital as hospital_of_backups
from tests.strategies import ANYTHING, TEXTS, bounded, told_or_read

MARK = "记号翡翠琉璃"
hospital = hospital_of_backups


def sample(name: str) -> bytes:
    return files("bot").joinpath("data", name).read_bytes()


PIECES = st.one_of(
    st.binary(max_size=20), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"", b"\x00", b"[[", b"]]", b'"', b"'''", b'"""', b"\n[offices]\n", b"\nx = 1\n",
        b"= 0x" + b"f" * 5000,
         b"= " + b"9" * 5000, b"= " + b"[" * 3000, b"= 2026-01-01T00:00:00Z", b"= inf", b"{a={b={}}}",
         b"\xff\xfe",
         codecs.BOM_UTF8, "“引号”".encode(), "年月".encode("gb18030"), b"\r", b",,,\"", b"\x1c", b"'\\u0000'"]
    ),
)  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file of ours in which something was overwritten, put in or cut off."""
    raw = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        raw[start : start + draw(st.sampled_from([0, 1, 1, 3, 40, 10**6]))] = draw(PIECES)
    return bytes(raw)


SAMPLES = {name: sample(name) for name in ("hospital.toml", "holidays.toml", "words.csv", "duties.toml")}
SAMPLES["questions.toml"] = sample("questions.toml").partition(b"# [[questions]]")[2].replace(b"# ", b"")
SAMPLES["questions.toml"] = b"[[questions]]" + SAMPLES["questions.toml"].replace(b"#\n", b"\n")


@bounded(60)
@given(st.sampled_from(list(SAMPLES)).flatmap(
    lambda name: st.tuples(st.just(name), spoiled(SAMPLES[name]) | st.binary(max_size=80) | PIECES)
))  # fmt: skip
def test_any_edited_file_is_read_or_explained(
    tmp_path_factory: pytest.TempPathFactory, edited: tuple[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    for name, raw in (SAMPLES | dict([edited])).items():
        (folder / name).write_bytes(raw)
    found = problems(folder)
    for one in found:
        line = str(one)
        assert "\n" not in line
        assert line.startswith(one.file)
    told = told_or_read(lambda: load_hospital(folder), ConfigError)
    assert bool(told) == any(one.file == "hospital.toml" for one in found)
    told_or_read(lambda: load_words(folder), ConfigError)
    if not told:
        wrong = told_or_read(lambda: load_duties(folder, load_hospital(folder)), ConfigError)
        assert bool(wrong) == any(one.file == "duties.toml" for one in found)
    told_or_read(lambda: load_questions(folder), ConfigError)
    shutil.rmtree(folder)


VARIABLES = [str(field.validation_alias) for field in Settings.model_fields.values()]
LINES = st.lists(
    st.tuples(
        st.sampled_from(VARIABLES) | st.text(max_size=8),
        TEXTS | st.sampled_from(
            ["~nobody-here/x", "http://[::1", "http://a:999999", "https://a.example/t", "１:abc", "1:abc",
            "a\x00b",
             "${LIANXIN_DATA}", "'open", "9" * 5000, "-1", "debug", MARK * 3]
        ),
    ),
    max_size=5,
)  # fmt: skip


@bounded(80)
@given(lines=LINES, raw=st.binary(max_size=20), spoils=st.booleans())
def test_any_env_file_gives_settings_or_one_line_without_a_value(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]], raw: bytes, spoils: bool
) -> None:
    folder = tmp_path_factory.mktemp("env")
    text = "\n".join(f"{name}={value}" for name, value in lines).encode("utf-8", "surrogatepass")
    (folder / ".env").write_bytes(text + (b"\n" + raw if spoils else b""))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        told = told_or_read(load_settings, ConfigError)
    assert MARK not in told
    assert "expected" in told or not told
    shutil.rmtree(folder)


@bounded(80)
@given(data=st.data())
def test_any_key_file_is_read_or_refused_without_a_key_in_the_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    create_key_file(folder / "keys")
    sound = (folder / "keys").read_bytes()
    secrets = [line.split()[-1].decode() for line in sound.splitlines() if not line.startswith(b"#")]
    more = st.sampled_from(
        [b"seal " + b"9" * 5000 + b" x\n", b"seal 0 x\n", b"hash\n", b"seal 70000 " + b"A" * 44]
    )
    raw = data.draw(spoiled(sound) | st.binary(max_size=40) | more.map(lambda line: sound + line))
    (folder / "keys").write_bytes(raw)
    told = told_or_read(lambda: load_keys(folder / "keys"), KeyFileError)
    assert all(secret not in told for secret in secrets)
    shutil.rmtree(folder)


@bounded(40)
@given(data=st.data())
def test_any_manifest_is_ours_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("manifest")
    create_key_file(folder / "keys")
    vault = Vault.from_file(folder / "keys")
    owner = vault.keyed_hash("backup", "lianxin")
    shapes = st.fixed_dictionaries(
        {"format": ANYTHING | st.just(1)}, optional={"owner": ANYTHING | st.just(owner), "seal": ANYTHING,
                                                     "files": ANYTHING, "head": ANYTHING},
    )  # fmt: skip
    raw = data.draw(
        st.binary(max_size=40) | (shapes | ANYTHING).map(lambda value: json.dumps(value).encode())
    )
    (folder / MANIFEST).write_bytes(raw)
    assert told_or_read(lambda: read_manifest(folder, vault=vault), LianxinError)
    shutil.rmtree(folder)


@bounded(20)
@given(which=st.integers(0, 9), where=st.integers(0, 10**6), piece=PIECES)
def test_a_backup_with_any_change_is_put_back_nowhere(
    kept: tuple[Path, Hospital],
    tmp_path_factory: pytest.TempPathFactory,
    which: int,
    where: int,
    piece: bytes,
) -> None:
    backup, hospital = kept
    paths = sorted(path for path in backup.rglob("*") if path.is_file())
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(backup, folder / backup.name)
    victim = folder / backup.name / paths[which % len(paths)].relative_to(backup)
    before = victim.read_bytes()
    raw = bytearray(before)
    start = where % (len(raw) + 1)
    raw[start : start + 1] = piece
    victim.write_bytes(raw)
    task = Task(
        folder / backup.name,
        folder / "new",
        Vault.from_file(hospital.folder.key_file),
        hospital.folder.key_file,
    )

    def put_back() -> None:
        restore_backup(task, checked_manifest(task), now=NOON + timedelta(hours=1))

    told = told_or_read(put_back, LianxinError)
    reads = _as_json if victim.name == MANIFEST else bytes  # JSON may be written in other ways
    same = reads(before) == reads(bytes(raw))
    assert bool(told) != same
    assert same or not (folder / "new").exists()
    assert {path.name for path in folder.iterdir()} - {"new"} == {backup.name}
    shutil.rmtree(folder)


def _as_json(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return raw


@pytest.fixture
def kept(hospital: Hospital) -> tuple[Path, Hospital]:
    return hospital.backs_up().folder, hospital
