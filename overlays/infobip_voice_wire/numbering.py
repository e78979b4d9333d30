"""The calling codes of the world, and how many digits follow them.

A number that is too long or too short for its country rings somebody else, or nobody: a
spreadsheet has added a digit, an extension was appended, or the calling code is missing. The
lengths are those of lines and mobile telephones in the national numbering plans of 2026.
"""

from typing import Final, NamedTuple

__all__ = ["Plan", "plan_of"]


class Plan(NamedTuple):
    """How numbers continue after their first digits.

    Attributes:
        code: the calling code, such as `41`.
        shortest: the fewest digits after the code.
        longest: the most digits after the code.
    """

    code: str
    shortest: int
    longest: int

    @property
    def keeps_zero(self) -> bool:
        """Return whether a number may begin with a zero after the code, as Italian ones do."""
        return self.code in _KEEPS_ZERO


# Digits after the calling code, and the codes. After a comma, the digits with which some of a
# country's numbers go on.
_LENGTHS: Final = """
4-5    290
4-7    683 690
4-11   352
4-13   43
5-7    247 500 676 677 678 682 688
5-9    385
5-10   358
5-13   49
6      298 299 672 681 687
6-7    597
6-9    40 252 359 376 421 508 685 686
6-10   53 63 95 98 880
6-11   39
7      238 239 246 248 269 291 297 501 592 673 674 679 680 691 692 960
7-8    230 241 267 372 507 599 670 675 961 975
7-9    46 48 220 231 245 254 265 354 423 595 967
7-10   82 243 353
7-12   62 86 381 882
8      45 47 65 216 222 223 226 227 228 232 235 236 253 257 266 268 350 356 357 370 371 373 374 382 386 389 502 503 504
8      505 506 509 591 598 689 800 808 852 853 965 968 973 974 993
8-9    32 36 51 66 213 224 250 258 264 355 377 387 593 855 962 963 970 971
8-10   20 57 60 64 229 378 850 856 964 972 976 977
8-12   383 870 883 886
9      27 33 34 41 56 61 93 94 211 212 218 221 233 237 240 242 244 249 251 255 256 260 261 262 351 375 380 420 590 594
9      596 966 979 992 994 995 996 998
9-10   39,3 44 81 84 92 263 881
9-11   31
10     1 7 30 44,7 58 86,10 90 91 225 234
10-11  49,16 49,17 52 54 55
11     49,15 86,1 888
12     878
1-12   999
"""  # 999 belongs to nobody; the mock's numbers begin with it
_KEEPS_ZERO: Final = frozenset(
    ["39", "225", "226", "229", "241", "242", "250", "378", "800", "808", "870", "881", "882", "883", "979", "999"]
)  # fmt: skip


def _plans() -> dict[str, Plan]:
    plans: dict[str, Plan] = {}
    for line in _LENGTHS.split("\n")[1:-1]:
        lengths, *prefixes = line.split()
        shortest, _, longest = lengths.partition("-")
        for prefix in prefixes:
            plans[prefix.replace(",", "")] = Plan(prefix.partition(",")[0], int(shortest), int(longest or shortest))
    return plans


_PLANS: Final = _plans()
_LONGEST_PREFIX: Final = max(map(len, _PLANS))


def plan_of(digits: str) -> Plan | None:
    """Return how numbers go on that begin like this, or None: no country has such a code."""
    prefixes = (digits[:length] for length in range(_LONGEST_PREFIX, 0, -1))
    return next((_PLANS[prefix] for prefix in prefixes if prefix in _PLANS), None)
