"""The HTTP server: the chat page, its files, and the routes of the channels."""
