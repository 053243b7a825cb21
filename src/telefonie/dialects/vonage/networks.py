"""The only module that knows by which network a number is reached: one of its country's, as MCC and MNC."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

# By calling code; the longest that fits counts. Which network of a country it is, nobody outside can tell.
_NETWORKS: Final[Mapping[str, str]] = {
    "1": "310260",
    "1204": "302610",
    "1236": "302610",
    "1250": "302610",
    "1403": "302610",
    "1416": "302610",
    "1438": "302610",
    "1514": "302610",
    "1604": "302610",
    "1647": "302610",
    "1778": "302610",
    "1905": "302610",
    "20": "60202",
    "27": "65501",
    "30": "20201",
    "31": "20408",
    "32": "20601",
    "33": "20801",
    "34": "21407",
    "36": "21630",
    "39": "22201",
    "40": "22610",
    "41": "22801",
    "43": "23201",
    "44": "23420",
    "45": "23801",
    "46": "24001",
    "47": "24201",
    "48": "26001",
    "49": "26201",
    "52": "334020",
    "54": "722310",
    "55": "72405",
    "56": "73001",
    "57": "732101",
    "60": "50212",
    "61": "50501",
    "62": "51010",
    "63": "51502",
    "64": "53001",
    "65": "52501",
    "66": "52001",
    "7": "25001",
    "81": "44010",
    "82": "45005",
    "84": "45204",
    "852": "45400",
    "86": "46000",
    "886": "46692",
    "90": "28601",
    "91": "40410",
    "92": "41001",
    "212": "60401",
    "234": "62130",
    "254": "63902",
    "351": "26801",
    "352": "27001",
    "353": "27201",
    "354": "27401",
    "356": "27801",
    "357": "28001",
    "358": "24405",
    "359": "28401",
    "370": "24602",
    "371": "24701",
    "372": "24801",
    "380": "25501",
    "385": "21901",
    "386": "29341",
    "420": "23001",
    "421": "23101",
    "966": "42001",
    "971": "42402",
    "972": "42501",
}
_LONGEST: Final = max(map(len, _NETWORKS))


@lru_cache(maxsize=1024)
def network_of(address: str) -> str | None:
    """The network of a telephone number; None where there is none, or none that is known."""
    if not address.startswith("+"):
        return None
    digits = address[1 : 1 + _LONGEST]
    for length in range(len(digits), 0, -1):
        found = _NETWORKS.get(digits[:length])
        if found is not None:
            return found
    return None
