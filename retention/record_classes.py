"""What retention's own sealed records are kept as: each has its term under a rule of this class."""

from typing import Final

POLICY: Final = "policy"
"""Why rules, classes and dates were changed."""
HOLD: Final = "hold"
"""What a hold is on, and why it was placed, goes on or was released."""
DISPOSAL: Final = "disposal"
"""How much of a disposal is held or was spared, and why it was objected to or stopped."""
EXPORT: Final = "export"
"""Why an export was asked for, and who is given it."""
