"""A PDF of pages that are pictures: a page each, nothing lost, for any printer."""

import zlib
from io import BytesIO

import pikepdf
from PIL import Image

_POINTS = 72
"""To an inch."""


class Paper:
    """Collects pages; each takes as much memory as its compressed picture, some 80 KB for a sheet."""

    def __init__(self, dpi: int) -> None:
        self._pdf, self._dpi = pikepdf.new(), dpi

    def add(self, picture: Image.Image) -> None:
        """One page as large as the picture (mode P)."""
        width, height = (side * _POINTS / self._dpi for side in picture.size)
        shown = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Page Do Q".encode()
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=self._image(picture)))
        self._pdf.pages.append(
            pikepdf.Page(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Page,
                    MediaBox=[0, 0, round(width, 3), round(height, 3)],
                    Contents=self._pdf.make_stream(shown),
                    Resources=resources,
                )
            )
        )

    def finish(self) -> bytes:
        """The whole file."""
        whole = BytesIO()
        self._pdf.save(whole)
        return whole.getvalue()

    def _image(self, picture: Image.Image) -> pikepdf.Object:
        colours = bytes(picture.getpalette() or ())
        last = len(colours) // 3 - 1
        space = pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, last, pikepdf.String(colours)])
        return self._pdf.make_stream(
            zlib.compress(picture.tobytes()),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=picture.width,
            Height=picture.height,
            BitsPerComponent=8,
            ColorSpace=space,
            Filter=pikepdf.Name.FlateDecode,
        )
