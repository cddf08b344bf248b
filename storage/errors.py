"""The one tree of errors: low layers raise, handlers turn them into kind words, bot logs."""


class LianxinError(Exception):
    """Something went wrong that the caller can name; the message is safe to show and to log."""


class ConfigError(LianxinError):
    """A setting or file of the hospital is wrong; the message names file, key and a correct example."""


class KeyFileError(LianxinError):
    """The key file is missing, readable by others, or does not open what it sealed."""


class SealError(LianxinError):
    """A sealed value does not open: wrong key, damaged, or moved to another row."""


class BackupError(LianxinError):
    """A backup cannot be made or put back; the message says what is wrong with which folder or file."""


class TrailBroken(LianxinError):
    """The trail is not what was written: changed, cut off or built anew; the message says where."""


class TrailWithoutKey(LianxinError):
    """An event was to be recorded on a connection that has no key for the trail: a mistake in the code."""


class CodeError(LianxinError):
    """A join code is unknown, used up or expired."""


class NoSuchCase(LianxinError):
    """There is no such case, or this person may not know of it: both read the same."""


class NobodyLeft(LianxinError):
    """Nobody could handle the case any more; it would lie unread."""


class CaseMoved(LianxinError):
    """Somebody else changed the case first; the caller shows what happened."""


class NoSuchTask(LianxinError):
    """There is no such task, or this person may not know of it: both read the same."""


class TaskMoved(LianxinError):
    """A colleague changed the task first; the caller shows how it stands."""


class NoSuchHandIn(LianxinError):
    """There is no such hand-in, or this person may not know of it: both read the same."""


class RecordRefused(LianxinError):
    """Nothing was changed in the ethics record; `why` names the reason in a word."""

    def __init__(self, why: str) -> None:
        super().__init__(f"record refused: {why}")
        self.why = why


class HandInMoved(LianxinError):
    """A hand-in is not as it was when the button was drawn; the caller shows how it stands."""


class DutyRefused(LianxinError):
    """A duty cannot be started or stopped like that; the message says why and names what is possible."""


class NoSuchItem(LianxinError):
    """There is no such item of a drive's ledger, or it is not for this person: both read the same."""


class ItemMoved(LianxinError):
    """A colleague was first, or the item is not in the state for this; the caller shows how it stands."""


class FileRefused(LianxinError):
    """A file was not kept; `reason`: empty, too_large, type, damaged, locked, too_many or too_fast."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"file refused: {reason}")
        self.reason = reason


class NoSuchFile(LianxinError):
    """There is no stored file with this uid: deleted, or never kept."""


class StorageFull(LianxinError):
    """The data folder takes nothing more: full, read-only or failing; the message names the cause."""


class DeliveryError(LianxinError):
    """A message was not delivered.

    `permanent` switches the address off; `retry_after` is in seconds and holds only this chat, with `whole`
    the whole channel; `moved_to` is the chat's new address (a group that became a supergroup).
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        whole: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(why)
        self.permanent = permanent
        self.retry_after = retry_after
        self.whole = whole
        self.moved_to = moved_to
