"""Settings from the environment and `.env`; a wrong one names its variable and never its value."""

from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from storage.errors import ConfigError

TOKEN = "123456:AAE-secret_part"
VARIABLES = [str(field.validation_alias) for field in Settings.model_fields.values()]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and an environment without any of our variables."""
    monkeypatch.chdir(tmp_path)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert (settings.data, settings.host, settings.port) == (Path("var"), "127.0.0.1", 8080)
    assert settings.telegram_bot_token is None
    assert settings.telegram_api_base == "https://api.telegram.org"
    assert settings.log_level == "INFO"


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:8081/")
    monkeypatch.setenv("LIANXIN_KEY_FILE", "~/key")
    monkeypatch.setenv("LIANXIN_LOG_LEVEL", "debug")
    settings = load_settings()
    assert settings.telegram_bot_token
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.telegram_api_base == "http://127.0.0.1:8081"
    assert settings.key_file == Path.home() / "key"
    assert settings.log_level == "DEBUG"


def test_command_line_goes_before_environment_before_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("LIANXIN_PORT=1\nLIANXIN_HOST=file\nLIANXIN_DATA=file\nSOMETHING_ELSE=x\n")
    monkeypatch.setenv("LIANXIN_PORT", "2")
    monkeypatch.setenv("LIANXIN_HOST", "environment")
    settings = load_settings(port=3, host=None)
    assert (settings.port, settings.host, settings.data) == (3, "environment", Path("file"))


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    monkeypatch.setenv("LIANXIN_PORT", "")
    assert load_settings() == Settings()


def test_file_with_byte_order_mark_and_windows_line_ends_is_read(folder: Path) -> None:
    (folder / ".env").write_bytes("\ufeffLIANXIN_PORT=9000\r\nLIANXIN_HOST=::1\r\n".encode())
    assert (load_settings().port, load_settings().host) == (9000, "::1")


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("LIANXIN_PORT", "eighty"),
        ("LIANXIN_PORT", "70000"),
        ("LIANXIN_PORT", "-1"),
        ("LIANXIN_HOST", "  "),
        ("LIANXIN_LOG_LEVEL", "loud"),
        ("LIANXIN_PUBLIC_URL", "hunter2.example"),
        ("TELEGRAM_BOT_TOKEN", "hunter2"),
        ("TELEGRAM_BOT_TOKEN", "123:hunter2 x"),
        ("TELEGRAM_API_BASE", "api.telegram.org"),
        ("TELEGRAM_API_BASE", "https://[hunter2"),
        ("TELEGRAM_WEBHOOK_URL", "ftp://hunter2"),
        ("LIANXIN_DISCHARGES_TOKEN", "hunter2" + "x" * 24),
        ("LIANXIN_DISCHARGES_TOKEN", "hunter2 " + "x" * 32),
        ("LIANXIN_SMS_URL", "http://hunter2.example/send"),
        ("LIANXIN_SMS_URL", "http://127.0.0.1.hunter2.example/send"),
        ("LIANXIN_SMS_URL", "https://user:hunter2@sms.example/send"),
        ("LIANXIN_SMS_URL", "hunter2"),
        ("LIANXIN_SMS_TOKEN", "hunter2"),
        ("LIANXIN_SMS_TOKEN", "hunter2 with some spaces"),
        ("LIANXIN_SMS_SIGNATURE", "【hunter2】"),
        ("LIANXIN_SMS_PER_SECOND", "0"),
        ("LIANXIN_SMS_PER_DAY", "hunter2"),
        ("TELEGRAM_WEBHOOK_SECRET", "hunter2!"),
        ("TELEGRAM_WEBHOOK_SECRET", "hunter2"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257),
    ],
)
def test_wrong_value_gives_one_line_with_an_example_and_without_the_value(
    variable: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, wrong)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    line = str(caught.value)
    assert line.startswith(f"{variable}: expected ")
    assert f"Example: {variable}=" in line
    assert "\n" not in line
    assert "hunter2" not in line
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_wrong_value_from_the_command_line_names_the_variable_too() -> None:
    with pytest.raises(ConfigError, match="LIANXIN_PORT"):
        load_settings(port=123456)


@pytest.mark.parametrize("missing", ["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"])
def test_webhook_needs_token_and_secret(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.org/hook",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "a-long-random-word",
    }
    for variable, value in values.items():
        monkeypatch.setenv(variable, value)
    assert load_settings().telegram_webhook_url == "https://bot.example.org/hook"
    monkeypatch.delenv(missing)
    with pytest.raises(ConfigError, match=f"^{missing}: "):
        load_settings()


@pytest.mark.parametrize(
    "url",
    ["https://sms.example/send", "http://127.0.0.1:9000/send", "http://localhost/send", "http://[::1]:9000/"],
)
def test_a_gateway_is_reached_encrypted_or_on_this_machine_and_with_a_token(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANXIN_SMS_URL", url)
    with pytest.raises(ConfigError, match=r"^LIANXIN_SMS_TOKEN: "):
        load_settings()
    monkeypatch.setenv("LIANXIN_SMS_TOKEN", "a-long-random-word")
    assert load_settings().sms_url == url


def test_file_that_is_not_text_is_explained(folder: Path) -> None:
    (folder / ".env").write_bytes("LIANXIN_HOST=纪检办".encode("gbk"))
    with pytest.raises(ConfigError, match=r"^\.env: expected a readable UTF-8"):
        load_settings()


def test_secrets_do_not_show() -> None:
    settings = load_settings(telegram_bot_token=TOKEN)
    assert "secret_part" not in f"{settings!r} {settings}"


def test_every_variable_has_its_explanation() -> None:
    for name in Settings.model_fields:
        with pytest.raises(ConfigError):
            load_settings(**{name: ["no"]})
