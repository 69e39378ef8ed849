"""A school's colour, made legible: as near to it as text of 4.5:1 allows, day and night. Pure.

Lightness is changed in OKLCH (Ottosson, 'A perceptual color space for image processing'), so that
the hue stays the school's; contrast is WCAG 2.2's, from relative luminance.
"""

import re
from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from typing import Final

type Rgb = tuple[float, float, float]  # linear light, 0 to 1

#: WCAG 2.2, success criterion 1.4.3, for text of any size; a little more, for what rounding takes.
LEGIBLE: Final = 4.5
_WANTED: Final = LEGIBLE + 0.05
_STEP: Final = 0.005
_HEX: Final = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Lch = tuple[float, float, float]  # lightness 0 to 1, chroma, hue in radians

#: Of static/css/tokens/colours.css: (lightness, chroma) of the greys under and over the accent.
WHITE: Final = "#ffffff"
LIGHT_GREYS: Final = ((0.964, 0.006, 200), (0.936, 0.008, 200))  # sunken, pressed
DARK_GREYS: Final = ((0.29, 0.016, 215), (0.245, 0.014, 215))  # pressed, raised
NIGHT: Final = (0.175, 0.010, 215)  # what is written on the accent in the dark
_LIGHT_WASH: Final = (0.945, 0.024)
_DARK_WASH: Final = (0.31, 0.044)
#: How much an accent goes on from itself when it is pointed at.
_STRONGER: Final = 0.07


class NoColour(ValueError):
    """This is no colour: write it as # and six hexadecimal digits."""


@dataclass(frozen=True, kw_only=True)
class Accents:
    """What replaces --accent, --accent-strong and --accent-wash, by day and by night."""

    light: str
    light_strong: str
    light_wash: str
    dark: str
    dark_strong: str
    dark_wash: str


def accents(colour: str) -> Accents:
    """The six colours that a school's colour gives. Raises NoColour."""
    lightness, chroma, hue = _lch(_linear(colour))
    light_wash = _hex(_LIGHT_WASH[0], min(chroma, _LIGHT_WASH[1]), hue)
    dark_wash = _hex(_DARK_WASH[0], min(chroma, _DARK_WASH[1]), hue)
    by_day = (WHITE, light_wash, *(grey(*each) for each in LIGHT_GREYS))
    by_night = (grey(*NIGHT), dark_wash, *(grey(*each) for each in DARK_GREYS))
    day = _legible((lightness, chroma, hue), by_day, -_STEP)
    night = _legible((lightness, chroma, hue), by_night, _STEP)
    return Accents(
        light=_hex(day, chroma, hue),
        light_strong=_hex(max(day - _STRONGER, 0), chroma, hue),
        light_wash=light_wash,
        dark=_hex(night, chroma, hue),
        dark_strong=_hex(min(night + _STRONGER, 1), chroma, hue),
        dark_wash=dark_wash,
    )


def contrast(one: str, other: str) -> float:
    """Between 1 and 21 (WCAG 2.2, 'contrast ratio')."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def grey(lightness: float, chroma: float, degrees: float) -> str:
    """A raw value of the stylesheet, as hexadecimal digits."""
    return _hex(lightness, chroma, degrees * 3.141592653589793 / 180)


def _legible(colour: Lch, grounds: tuple[str, ...], step: float) -> float:
    """The nearest lightness at which it is legible on all of these."""
    lightness, chroma, hue = colour
    while 0 < lightness + step < 1:
        said = _hex(lightness, chroma, hue)
        if all(contrast(said, ground) >= _WANTED for ground in grounds):
            break
        lightness += step
    return lightness


def _linear(colour: str) -> Rgb:
    if not _HEX.fullmatch(colour):
        raise NoColour
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return _to_light(red), _to_light(green), _to_light(blue)


def _to_light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _from_light(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _root(value: float) -> float:
    return float(abs(value) ** (1 / 3)) * (1 if value >= 0 else -1)


def _lch(colour: Rgb) -> Lch:
    red, green, blue = colour
    long = _root(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = _root(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = _root(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return lightness, hypot(a, b), atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The same hue with as much chroma as a screen can show."""
    light = _rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= each <= 1.0005 for each in light):
        chroma = max(chroma - 0.002, 0)
        light = _rgb(lightness, chroma, hue)
    parts = (round(255 * _from_light(min(max(each, 0), 1))) for each in light)
    return "#" + "".join(f"{part:02x}" for part in parts)
