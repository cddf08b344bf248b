"""Reads the addresses and secrets of this installation from the environment and from `.env`."""

import re
import tomllib
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.errors import ConfigError


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("not a web address")
    return value.rstrip("/")


def _gateway(value: str) -> str:
    """Texts and numbers of patients go there: encrypted, or to a program on this machine."""
    parts = urlsplit(value)
    if not parts.hostname or parts.username or parts.port == 0 or parts.fragment:
        raise ValueError("not the address of a gateway")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname)):
        raise ValueError("neither https nor on this machine")
    return value


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _folder(value: Path) -> Path:
    if "\0" in str(value):
        raise ValueError("not a path")
    try:
        return value.expanduser()
    except RuntimeError:  # ~somebody, where there is no such user
        raise ValueError("not a path of a known user") from None


def _like(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError("not of the expected form")
        return value

    return AfterValidator(check)


Text = Annotated[str, Field(min_length=1)]
Folder = Annotated[Path, AfterValidator(_folder)]
Port = Annotated[int, Field(ge=0, le=65535)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: str(v).upper())]
Token = Annotated[SecretStr, _like(r"[0-9]+:[A-Za-z0-9_-]+")]
BotName = Annotated[
    str,
    AfterValidator(lambda name: name.removeprefix("@")),
    Field(pattern=r"^@?[A-Za-z][A-Za-z0-9_]{3,31}$"),
]
Gateway = Annotated[str, AfterValidator(_gateway)]
GatewayToken = Annotated[SecretStr, _like(r"[!-~]{16,512}")]
Signature = Annotated[str, Field(pattern=r"^[^【】\[\]\s]{2,20}$")]
Pace = Annotated[int, Field(ge=1, le=1000)]
DischargesToken = Annotated[SecretStr, _like(r"[!-~]{32,256}")]
HookSecret = Annotated[SecretStr, _like(r"[A-Za-z0-9_-]{16,256}")]


class Settings(BaseSettings):
    """Where things lie and how the world is reached; an empty variable counts as not set.

    `data` holds database, files and hospital.toml. `public_url` is where people find the page: if set, no
    other host is answered. Without `telegram_bot_token` there is no Telegram; with `telegram_webhook_url`
    it calls us, otherwise we ask it; `telegram_bot_name` stands in printed links. Without `discharges_token`
    nobody hands discharges in over HTTP. Without `sms_url` texts to patients are written into files; with
    `sms_token` a gateway may bring what they write back. Addresses carry no slash at the end. Read with
    load_settings, whose errors are for people.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    data: Folder = Field(Path("var"), validation_alias="LIANXIN_DATA")
    host: Text = Field("127.0.0.1", validation_alias="LIANXIN_HOST")
    port: Port = Field(8080, validation_alias="LIANXIN_PORT")
    public_url: WebAddress | None = Field(None, validation_alias="LIANXIN_PUBLIC_URL")
    key_file: Folder | None = Field(None, validation_alias="LIANXIN_KEY_FILE")
    log_level: Level = Field("INFO", validation_alias="LIANXIN_LOG_LEVEL")
    telegram_bot_token: Token | None = Field(None, validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_api_base: WebAddress = Field("https://api.telegram.org", validation_alias="TELEGRAM_API_BASE")
    telegram_bot_name: BotName | None = Field(None, validation_alias="TELEGRAM_BOT_NAME")
    telegram_webhook_url: WebAddress | None = Field(None, validation_alias="TELEGRAM_WEBHOOK_URL")
    telegram_webhook_secret: HookSecret | None = Field(None, validation_alias="TELEGRAM_WEBHOOK_SECRET")
    discharges_token: DischargesToken | None = Field(None, validation_alias="LIANXIN_DISCHARGES_TOKEN")
    sms_url: Gateway | None = Field(None, validation_alias="LIANXIN_SMS_URL")
    sms_token: GatewayToken | None = Field(None, validation_alias="LIANXIN_SMS_TOKEN")
    sms_signature: Signature | None = Field(None, validation_alias="LIANXIN_SMS_SIGNATURE")
    sms_per_second: Pace = Field(10, validation_alias="LIANXIN_SMS_PER_SECOND")
    sms_per_day: Pace = Field(20, validation_alias="LIANXIN_SMS_PER_DAY")

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.telegram_webhook_url:
            for name in ("telegram_bot_token", "telegram_webhook_secret"):
                if getattr(self, name) is None:
                    raise PydanticCustomError("needed", "{name}", {"name": name.upper()})
        return self

    @model_validator(mode="after")
    def _gateway_is_whole(self) -> Self:
        if self.sms_url and self.sms_token is None:
            raise PydanticCustomError("needed", "{name}", {"name": "LIANXIN_SMS_TOKEN"})
        return self


def load_settings(**given: Any) -> Settings:
    """The settings; `given` (from the command line, by field name, None = not given) go before all others.

    Raises ConfigError with one line that names the variable and a correct example, and no value.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = first["ctx"]["name"] if first["type"] == "needed" else str(first["loc"][0])
    except (OSError, UnicodeDecodeError):
        name = ".env"
    raise ConfigError(_explain(name))


def _explain(name: str) -> str:
    """One line about a variable, given by its own name or by the field's."""
    table = tomllib.loads(files("bot").joinpath("data/settings.toml").read_text("utf-8"))
    field = Settings.model_fields.get(name)
    variable = str(field.validation_alias) if field else name
    return f"{variable}: expected {table[variable]['expected']}. Example: {table[variable]['example']}"
