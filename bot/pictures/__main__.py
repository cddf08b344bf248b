"""One picture: JSON on standard input (see bot.pictures.sheet), PNG on standard output."""

import json
import logging
import os
import warnings
from tempfile import TemporaryDirectory

_MOST_INPUT = 1 << 20


def main() -> None:
    """Draws and ends. What a drawing library complains of is nobody's to read: it may quote a label."""
    logging.disable()
    warnings.simplefilter("ignore")
    pages, picture = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    with TemporaryDirectory() as folder:  # where the library notes what fonts there are; no word of ours
        os.environ["MPLCONFIGDIR"] = folder
        from bot.pictures.sheet import draw_sheet, prepare

        prepare()
    from storage.cleaning.fences import raise_fences

    raise_fences()
    with pages, picture:
        picture.write(draw_sheet(json.loads(pages.read(_MOST_INPUT))))


if __name__ == "__main__":
    main()
