"""Places with rules of their own whose addresses name the state that they are part of: there a postcode moves the destination."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = {
    "AU": "CC CX HM NF",
    "CN": "HK MO",
    "DE": "DE-BUSINGEN DE-HELGOLAND",
    "DK": "FO GL",
    "ES": "EA IC",
    "FI": "AX",
    "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
    "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG XI",
    "GR": "GR-ATHOS",
    "IT": "IT-CAMPIONE IT-LIVIGNO",
    "NL": "AW BQ CW SX",
    "NO": "BV SJ",
    "NZ": "CK NU TK",
    "US": "AS GU MP PR UM VI",
}


def answers_for(place: str, asked: Mapping[str, Any]) -> bool:
    """Whether a question may be answered for this place: the state that it asks about, or a part of it where it has a postcode."""
    state, postcode = asked.get("to"), asked.get("postcode")
    if place == state:
        return True
    return isinstance(state, str) and isinstance(postcode, str) and postcode.strip() != "" and place in PARTS.get(state, "").split()
