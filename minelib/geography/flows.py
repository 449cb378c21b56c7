# SPDX-License-Identifier: MIT
"""Who gained what China lost: bounds, one least-assumption table, and the unknowns by name."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib import Drawable
from minelib.catalog import load
from minelib.catalog.names import place_name
from minelib.checks import between
from minelib.errors import BadParameter
from minelib.geography import evidence as evidence_
from minelib.geography import margins as algebra
from minelib.geography._months import covered
from minelib.geography.stories import shares
from minelib.words import N_, month, number, percent
from minelib.words import gettext as _

__all__ = ["FLOW_KINDS", "Flows", "flows"]

FLOW_KINDS = {
    "stay": N_("stayed"),
    "move": N_("moved"),
    "hidden": N_("hidden in China"),
    "off": N_("switched off"),
    "new": N_("new machines"),
}
ORIGIN = "china"
NEW, OFF = "new_machines", "switched_off"
LOOK_AHEAD = 2  # months in which machines that were hidden may have shown themselves again


@dataclass(frozen=True, repr=False)
class Flows(Drawable):
    """Moves of hash rate between two months, as `flows` returns them.

    Attributes
    ----------
    from_month, to_month : pandas.Timestamp
    vpn, sample : str
        The reading of the map the margins come from.
    """

    from_month: pd.Timestamp
    to_month: pd.Timestamp
    vpn: str
    sample: str
    _margins: pd.DataFrame
    _table: pd.DataFrame
    _unknowns: pd.DataFrame

    def margins(self):
        """Hash rate by place at both months: ``place``, ``from_eh_s``, ``to_eh_s``,
        ``change_eh_s``, ``from_pct``, ``to_pct``."""
        return self._margins.copy()

    def table(self):
        """All cells: ``origin``, ``destination`` (keys; ``new_machines`` and ``switched_off``
        stand for no place), ``kind`` (a key of `FLOW_KINDS`), ``lower_eh_s``, ``best_eh_s``,
        ``upper_eh_s`` (nobody moves without need, unknowns in their intervals),
        ``margin_lower_eh_s``, ``margin_upper_eh_s`` (nothing assumed at all)."""
        return self._table.copy()

    def unknowns(self):
        """What the map does not show: ``unknown``, ``lower_eh_s``, ``best_eh_s``,
        ``upper_eh_s``, ``meaning`` (a sentence in the current language)."""
        frame = self._unknowns.copy()
        frame["meaning"] = [_(m) for m in frame["meaning"]]
        return frame

    def gains(self):
        """What became of China's loss, largest first: ``destination``, ``lower_eh_s``,
        ``best_eh_s``, ``upper_eh_s``, ``best_pct`` and its bounds (of the loss)."""
        table = self._table[(self._table["origin"] == ORIGIN) & (self._table["kind"] != "stay")]
        rows = table[table["kind"] != "hidden"][
            ["destination", "lower_eh_s", "best_eh_s", "upper_eh_s"]
        ]
        hidden = self._unknowns[self._unknowns["unknown"] == "hidden"]
        rows = pd.concat([rows, hidden.rename(columns={"unknown": "destination"})])
        rows = rows[["destination", "lower_eh_s", "best_eh_s", "upper_eh_s"]]
        loss = self.loss_eh_s
        for part in ("lower", "best", "upper"):
            rows[f"{part}_pct"] = rows[f"{part}_eh_s"] / loss * 100 if loss else np.nan
        rows = rows[rows["upper_eh_s"] > 0]
        return rows.sort_values("best_eh_s", ascending=False, ignore_index=True)

    def links(self, largest=6):
        """The one table for drawing, with small places merged into ``other``.

        Parameters
        ----------
        largest : int
            How many places keep their name, by hash rate of both months together.

        Returns
        -------
        pandas.DataFrame
            ``origin``, ``destination``, ``kind``, ``best_eh_s``; hidden machines end in
            ``hidden``, switched-off ones in ``switched_off``.
        """
        sides = self._margins[self._margins["place"] != "other"].set_index("place")
        size = sides["from_eh_s"] + sides["to_eh_s"]
        kept = {ORIGIN, *size.nlargest(largest).index, NEW, OFF, "hidden"}
        frame = self._table[["origin", "destination", "kind", "best_eh_s"]].copy()
        frame.loc[frame["kind"] == "hidden", "destination"] = "hidden"
        for side in ("origin", "destination"):
            frame[side] = frame[side].where(frame[side].isin(kept), "other")
        same = (frame["origin"] == frame["destination"]) & (frame["kind"] == "move")
        frame.loc[same, "kind"] = "stay"  # a move between two merged places
        sums = frame.groupby(["origin", "destination", "kind"], as_index=False)["best_eh_s"].sum()
        return sums[sums["best_eh_s"] > 1e-9].reset_index(drop=True)

    @property
    def loss_eh_s(self):
        """What China shows less at ``to_month`` than at ``from_month`` (EH/s, not below 0)."""
        change = self._margins.set_index("place").loc[ORIGIN, "change_eh_s"]
        return float(max(0.0, -change))

    def evidence(self):
        """The machines and megawatts of the relocation evidence beside the table.

        Returns
        -------
        pandas.DataFrame
            See `minelib.geography.evidence.compare`.
        """
        return evidence_.compare(self)

    def sentence(self, lang=None):
        """The answer in a sentence."""
        gains = self.gains().set_index("destination")
        change = self._margins.set_index("place")["change_eh_s"]
        change = change[change.index.isin(gains.index) & (change.index != "other")]
        start, end = month(self.from_month, lang), month(self.to_month, lang)
        if not self.loss_eh_s or change.empty:
            return _(
                "Between {start} and {end} the map shows no fall of China's hash rate.", lang
            ).format(start=start, end=end)
        top = gains.loc[change.idxmax()]
        return _(
            "Between {start} and {end} China lost {loss} EH/s; of these, between {lower} and"
            " {upper} may run again in the place that gained most ({place}), and the map"
            " alone cannot say how much: {best} in the table that assumes least.",
            lang,
        ).format(
            start=start,
            end=end,
            loss=number(self.loss_eh_s, 1, lang),
            place=place_name(top.name, lang),
            lower=percent(top["lower_pct"], 0, lang),
            upper=percent(top["upper_pct"], 0, lang),
            best=percent(top["best_pct"], 0, lang),
        )

    def __repr__(self):
        return (
            f"<Flows {self.from_month:%Y-%m} to {self.to_month:%Y-%m}: China lost"
            f" {self.loss_eh_s:.1f} EH/s>"
        )


def flows(
    from_month="2021-04",
    to_month="2022-01",
    *,
    vpn="as_published",
    sample="as_published",
    new_eh_s=None,
    hidden_eh_s=None,
    moved_share=0.5,
    hidden_share=0.5,
):
    """Moves of hash rate between two months of the mining map.

    The map gives only margins: how much stood where, before and after. It does not show a single
    machine moving. So each cell of the table of moves comes as bounds, twice: what the margins
    alone allow, and what they allow if nobody moved without need. One table inside the bounds
    assumes least.

    Parameters
    ----------
    from_month, to_month : str or date
        Months of the map, both inclusive; the first must lie before the second.
    vpn, sample : str
        The reading of the map; see `by_country`.
    new_eh_s : float, (float, float) or None
        New machines switched on, all places together (EH/s): a value or an interval. None: from
        what the world gained beyond all that was lost, up to all that any place gained.
    hidden_eh_s : float, (float, float) or None
        Chinese machines at ``to_month`` that the map shows elsewhere: the most, or an interval
        of which the upper end counts. None: what China showed more within the two months after,
        plus, where the map is read as published, the shares of Germany and Ireland.
    moved_share, hidden_share : float
        Where in its interval the one table puts what moved and what is hidden, 0 to 1.

    Returns
    -------
    Flows

    Raises
    ------
    BadParameter, OutOfCoverage

    Notes
    -----
    Bounds: M. Fréchet (1951) for tables with given margins, widened by the two unknown totals;
    they are sharp, which the tests show by linear programming. The one table is that of largest
    entropy, given the totals. "Nobody moves without need" hides swaps: a place that shrank may
    still have received machines.

    Examples
    --------
    >>> moves = flows("2021-04", "2022-01")
    >>> table = moves.table()
    >>> bool((table["lower_eh_s"] <= table["best_eh_s"] + 1e-9).all())
    True
    """
    wide = shares(vpn, sample)
    months = list(wide.index)
    start = covered(from_month, months, _("The mining map"), "from_month")
    end = covered(to_month, months, _("The mining map"), "to_month")
    if end <= start:
        raise BadParameter("to_month", f"{end:%Y-%m}", _("must lie after from_month"))
    between("moved_share", moved_share, 0, 1)
    between("hidden_share", hidden_share, 0, 1)
    places, margins = _margins(wide, start, end)
    origin = places.index(ORIGIN)
    h0, h1 = margins["from_eh_s"].to_numpy(), margins["to_eh_s"].to_numpy()
    stay, loss, gain = algebra.split(h0, h1)
    new = _interval("new_eh_s", new_eh_s, (0.0, float("inf")))
    hidden = _interval("hidden_eh_s", hidden_eh_s, (0.0, _may_hide(wide, end, vpn)))
    unknowns = algebra.feasible(loss, gain, origin, algebra.Unknowns(hidden[1], *new))
    bounds = algebra.movement_bounds(loss, gain, origin, unknowns)
    wide_bounds = algebra.margin_bounds(h0, h1, origin)
    first = [places.index(p) for p in ("germany", "ireland")]
    best = algebra.least_table(loss, gain, origin, unknowns, moved_share, hidden_share, first)
    table = _cells(places, origin, stay, best, bounds, wide_bounds)
    named = _named_unknowns(loss, gain, unknowns, best)
    return Flows(start, end, vpn, sample, margins, table, named)


def _margins(wide, start, end):
    total = load("country_share").groupby("month")["hashrate_eh_s"].sum()
    places = [ORIGIN, *sorted(p for p in wide.columns if p not in (ORIGIN, "other")), "other"]
    frame = pd.DataFrame({"place": places})
    for name, month_ in (("from", start), ("to", end)):
        share = wide.loc[month_, places].to_numpy()
        frame[f"{name}_pct"] = share
        frame[f"{name}_eh_s"] = share / share.sum() * total[month_]
    frame["change_eh_s"] = frame["to_eh_s"] - frame["from_eh_s"]
    return places, frame


def _interval(name, value, default):
    if value is None:
        return default
    try:
        low, high = (float(v) for v in ((value, value) if np.isscalar(value) else value))
    except (TypeError, ValueError):
        low = high = float("nan")
    if not 0 <= low <= high:
        raise BadParameter(name, value, _("must be a number or two in order, not negative"))
    return low, high


def _may_hide(wide, end, vpn):
    table = load("country_share")
    after = wide.loc[end : end + pd.DateOffset(months=LOOK_AHEAD), ORIGIN]
    share = max(0.0, after.max() - after.iloc[0])
    if vpn == "as_published":
        flagged = table[(table["month"] == end) & table["vpn_flag"]]
        share += flagged["share_pct"].sum()
    return share / 100 * table.loc[table["month"] == end, "hashrate_eh_s"].sum()


def _cells(places, origin, stay, best, bounds, margin):
    rows = []

    def add(from_, to, kind, value, low, high, margin_low, margin_high):
        low, high = min(low, value), max(high, value)  # rounding in the last digit
        if max(value, high, margin_high) > 0:
            rows.append((from_, to, kind, low, value, high, margin_low, margin_high))

    for i, a in enumerate(places):
        for j, b in enumerate(places):
            kind = "stay" if i == j else "move"
            value = stay[i] if i == j else best["move"][i, j]
            low, high = (
                (value, value) if i == j else (bounds["move"][0][i, j], bounds["move"][1][i, j])
            )
            add(a, b, kind, value, low, high, margin["move"][0][i, j], margin["move"][1][i, j])
        add(a, OFF, "off", best["off"][i], *_at(bounds["off"], i), *_at(margin["off"], i))
    for j, b in enumerate(places):
        add(NEW, b, "new", best["new"][j], *_at(bounds["new"], j), *_at(margin["new"], j))
        add(
            places[origin],
            b,
            "hidden",
            best["hidden"][j],
            *_at(bounds["hidden"], j),
            *_at(margin["hidden"], j),
        )
    columns = [
        "origin",
        "destination",
        "kind",
        "lower_eh_s",
        "best_eh_s",
        "upper_eh_s",
        "margin_lower_eh_s",
        "margin_upper_eh_s",
    ]
    return pd.DataFrame(rows, columns=columns)


def _at(pair, i):
    return pair[0][i], pair[1][i]


_MEANING = {
    "new": N_("New machines switched on; the map cannot tell them from moved ones."),
    "hidden": N_("Machines that stand in China while the map shows them elsewhere."),
    "off": N_("Machines standing still: stored, in transit, sold for scrap."),
    "moved": N_("Machines running again in another place."),
}


def _named_unknowns(loss, gain, unknowns, best):
    most = min(loss.sum(), gain.sum() - unknowns.new_lower)
    least = max(0.0, gain.sum() - unknowns.new_upper - unknowns.hidden)
    rows = {
        "new": (unknowns.new_lower, best["new"].sum(), unknowns.new_upper),
        "hidden": (0.0, best["hidden"].sum(), unknowns.hidden),
        "off": (
            max(0.0, loss.sum() - most),
            best["off"].sum(),
            loss.sum() - max(0.0, gain.sum() - unknowns.new_upper),
        ),
        "moved": (least, best["move"].sum(), most),
    }
    return pd.DataFrame(
        [(k, min(v[0], v[1]), v[1], max(v[1:]), _MEANING[k]) for k, v in rows.items()],
        columns=["unknown", "lower_eh_s", "best_eh_s", "upper_eh_s", "meaning"],
    )
