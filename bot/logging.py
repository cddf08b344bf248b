"""What goes to the log: names of events and a short list of fields, never a text, a name or an address."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

Fields = MutableMapping[str, Any]

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger", "place",
        "error", "number", "case_id", "letter", "notice", "attempts", "permanent", "retry_after", "channel",
        "head", "status", "office", "count", "seconds", "revision", "signal", "port",
    }
)  # fmt: skip
"""What may stand in a line. A field that is missing here is dropped, so that a careless one tells nothing."""

OURS = ("lianxin", "bot", "handlers", "scheduler", "storage", "nlp")
_LONGEST = 200


def set_up_logging(
    *, level: str = "INFO", style: Literal["text", "json"] = "text", stream: TextIO | None = None
) -> None:
    """Sends structlog's events and the standard library's to `stream` (stderr), one line each.

    Records of other libraries come without their words, which may quote a request: their logger, level,
    error type and place remain.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_worth_a_line)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _add_logger],
            processors=[
                _name_error,
                _forget_foreign_words,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                keep_known_fields,
                _renderer(style),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)


def keep_known_fields(_logger: Any, _method: str, event: Fields) -> Fields:
    """Drops every field that is not in FIELDS, and cuts long values; works as a structlog processor."""
    return {name: _short(value) for name, value in event.items() if name in FIELDS}


def _worth_a_line(record: logging.LogRecord) -> bool:
    """What other libraries chat about (requests, jobs, revisions) stays out; their warnings do not."""
    return record.levelno >= logging.WARNING or isinstance(record.msg, dict) or _is_ours(record)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _short(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    return " ".join(str(value).split())[:_LONGEST]


def _add_logger(_logger: Any, _method: str, event: Fields) -> Fields:
    event["logger"] = event["_record"].name
    return event


def _name_error(_logger: Any, _method: str, event: Fields) -> Fields:
    """The type of an exception and where it was raised; its words may quote anything."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"], event["place"] = type(error).__name__, place_of(error)
    return event


def place_of(error: BaseException) -> str:
    """File and line where an error was raised, such as storage/cases.py:42."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is None:
        return "nowhere"
    return f"{'/'.join(step.tb_frame.f_code.co_filename.split('/')[-2:])}:{step.tb_lineno}"


def _forget_foreign_words(_logger: Any, _method: str, event: Fields) -> Fields:
    record = event.get("_record")
    if event.get("_from_structlog") or record is None or _is_ours(record):
        return event
    event["event"] = "message of a library"
    event.setdefault("place", f"{'/'.join(record.pathname.split('/')[-2:])}:{record.lineno}")
    return event


def _renderer(style: Literal["text", "json"]) -> structlog.typing.Processor:
    if style == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.KeyValueRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True, repr_native_str=False
    )
