"""Which of the 478 face landmarks make up which part of the face. Right and left are the person's own."""

from __future__ import annotations

from dataclasses import dataclass

MESH_POINTS = 468  # the landmarks without the irises

# fmt: off
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)
RIGHT_EAR, LEFT_EAR, CHIN, FOREHEAD, NOSE_TIP = 234, 454, 152, 10, 1
RIGHT_JAW, LEFT_JAW = 172, 397

# Lips from the person's right corner to the left one. The corners belong to both the upper and the lower line.
UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
UPPER_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
LOWER_OUTER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
# The rows inside the red of the lips, between inner and outer line.
UPPER_MIDDLE = ((62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292), (76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306))
LOWER_MIDDLE = ((62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292), (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306))
INNER_LIPS = UPPER_INNER + LOWER_INNER[-2:0:-1]


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye: corners, lid edges (upper and lower matched point by point), the fold above, the iris."""

    corners: tuple[int, int]
    upper: tuple[int, ...]
    lower: tuple[int, ...]
    fold: tuple[int, ...]
    above: tuple[int, ...]
    below: tuple[int, ...]
    iris: int
    iris_rim: tuple[int, ...]

    @property
    def outline(self) -> tuple[int, ...]:
        """Around the opening."""
        return (self.corners[0], *self.upper, self.corners[1], *reversed(self.lower))


EYES = (
    Eye((33, 133), (246, 161, 160, 159, 158, 157, 173), (7, 163, 144, 145, 153, 154, 155),
        (247, 30, 29, 27, 28, 56, 190), (113, 225, 224, 223, 222, 221, 189), (25, 110, 24, 23, 22, 26, 112),
        468, (469, 470, 471, 472)),
    Eye((263, 362), (466, 388, 387, 386, 385, 384, 398), (249, 390, 373, 374, 380, 381, 382),
        (467, 260, 259, 257, 258, 286, 414), (342, 445, 444, 443, 442, 441, 413), (255, 339, 254, 253, 252, 256, 341),
        473, (474, 475, 476, 477)),
)
# Brows from the outer to the inner end, upper and lower edge.
BROWS = (
    ((70, 63, 105, 66, 107), (46, 53, 52, 65, 55)),
    ((300, 293, 334, 296, 336), (276, 283, 282, 295, 285)),
)
CHEEKS = (50, 205, 280, 425)
# fmt: on
EYE_POINTS = frozenset(i for eye in EYES for row in (eye.outline, eye.fold, eye.below) for i in row)
LIP_POINTS = frozenset(
    i for row in (UPPER_INNER, LOWER_INNER, UPPER_OUTER, LOWER_OUTER, *UPPER_MIDDLE, *LOWER_MIDDLE) for i in row
)
