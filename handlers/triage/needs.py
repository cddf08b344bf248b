"""The rights that buttons and words ask for which are not about one case; a case asks by itself."""

from storage.members import Right

NEEDS: dict[str, Right] = {
    "list": Right.HANDLE,
    "duty": Right.HANDLE,
    "duty_on": Right.HANDLE,
    "duty_off": Right.HANDLE,
    "handover": Right.HANDLE,
    "figures": Right.STATISTICS,
    "satisfaction": Right.STATISTICS,
    "people": Right.RUN_HOUSE,
    "shift": Right.RUN_HOUSE,
}
