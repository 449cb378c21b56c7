# SPDX-License-Identifier: MIT
"""How far a point of the map hangs on the stories told about proxies and the sample."""

import pandas as pd

from minelib.errors import UnknownName
from minelib.geography._months import covered
from minelib.geography.places import find_place
from minelib.geography.stories import SAMPLES, VPNS, sample_bounds, shares
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["SAMPLE_STORIES", "VPN_STORIES", "sensitivity"]

VPN_STORIES = {
    "as_published": N_("as published"),
    "to_china": N_("Germany and Ireland counted as China"),
    "removed": N_("Germany and Ireland left out"),
}
SAMPLE_STORIES = {
    "as_published": N_("all pools in the sample"),
    "without_joined": N_("without the pool that joined"),
    "reweighted": N_("the pool that joined at its weight in the network"),
}


def sensitivity(place="china", months=("2021-08", "2021-09", "2022-01")):
    """One point of the map under every story about proxies and about the sample.

    Parameters
    ----------
    place : str
        Country, by key or by name in either language.
    months : sequence of str or date
        Months of the map.

    Returns
    -------
    pandas.DataFrame
        One row a month and story: ``month``, ``place``, ``vpn``, ``sample`` (keys of
        `VPN_STORIES` and `SAMPLE_STORIES`), ``share_pct``, ``difference_pp`` to the published
        share, ``lower_pct`` and ``upper_pct``: what the part of the network in the sample
        allows under that story if nothing is assumed about the rest.

    Raises
    ------
    UnknownName, BadParameter, OutOfCoverage

    Notes
    -----
    Without the pool that joined (Foundry USA), the sample is the three pools with Chinese
    roots; its miners are taken to stand in the United States and Canada, in the proportion the
    map shows. At its weight in the network, the other pools are taken to be like the first
    three. A share of zero stays zero under every re-weighting: no weight can bring back what no
    pool showed.

    Examples
    --------
    >>> frame = sensitivity("china", ["2021-08"])
    >>> frame.groupby("sample")["share_pct"].min().tolist()
    [0.0, 0.0, 0.0]
    """
    known = shares()
    key = place if place in known.columns else find_place(place, "country")
    if key not in known.columns:
        raise UnknownName("country", place, sorted(known.columns))
    months = [months] if isinstance(months, str) else months
    wanted = [covered(m, list(known.index), _("The mining map"), "months") for m in months]
    rows = []
    for month in wanted:
        published = known.loc[month, key]
        for vpn in VPNS:
            for sample in SAMPLES:
                share = shares(vpn, sample).loc[month, key]
                low, high = sample_bounds(vpn, sample)
                rows.append(
                    {
                        "month": month,
                        "place": key,
                        "vpn": vpn,
                        "sample": sample,
                        "share_pct": share,
                        "difference_pp": share - published,
                        "lower_pct": low.loc[month, key],
                        "upper_pct": high.loc[month, key],
                    }
                )
    return pd.DataFrame(rows)
