"""Takes out of a file what its sender did not mean to say; a module for each kind of file.

Everything here reads hostile bytes and runs in the worker process, never beside the keys (storage.workshop).
"""
