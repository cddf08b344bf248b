"""How the server refuses."""

from typing import Any


class ApiError(Exception):
    """An answer with ok=false: HTTP status, description, and parameters such as retry_after."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(description: str, **parameters: Any) -> ApiError:
    """400, worded as the Bot API words it."""
    return ApiError(400, f"Bad Request: {description}", **parameters)
