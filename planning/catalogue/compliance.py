"""Whom the rules of law and conduct keep out, counted so that the page shows it as blocked."""

from collections.abc import Mapping

import pandas as pd


def kept_out(classified: pd.DataFrame) -> Mapping[str, int]:
    """Clients of a tier, by the rule that keeps them out; one client may stand under several."""
    tiered = classified[classified["tier"] != ""]
    official = tiered["public_official"] | tiered["state_owned_contact"]
    return {
        "no_consent": int((~tiered["consent"].astype(bool)).sum()),
        "opted_out": int(tiered["opt_out"].sum()),
        "official": int((official & tiered["approachable"]).sum()),
    }
