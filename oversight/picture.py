"""A text as a QR code, for a phone to read off a printed page. Pure."""

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def qr_of(text: str) -> str:
    """The code as an SVG element to stand in a page: black on white, also in the dark."""
    code = QRCode(error_correction=ERROR_CORRECT_M, image_factory=SvgPathImage)
    code.add_data(text)
    code.make(fit=True)
    svg: str = code.make_image().to_string(encoding="unicode")
    start, rest = svg[svg.index("<svg") :].split(">", 1)
    return f'{start}><rect width="100%" height="100%" fill="#fff"/>{rest}'
