# SPDX-License-Identifier: MIT
"""Who gained what China lost: bounds, one least-assumption table, and the unknowns by name."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib import Drawable
from minelib.catalog import load
from minelib.catalog.columns import vocabulary
from minelib.catalog.names import place_name
from minelib.checks import between, whole
from minelib.checks.door import Day, Lang, Number, Numbers, Whole, checked
from minelib.errors import BadParameter
from minelib.geography.evidence import compare
from minelib.geography.maps import covered_month
from minelib.geography.margins import Moves
from minelib.geography.stories import shares
from minelib.words import N_, gettext as _, month, number, percent

__all__ = ["FLOW_KINDS", "Flows", "flows"]

FLOW_KINDS = vocabulary("kind", ("stay", "move", "hidden", "off", "new"))
ORIGIN = "china"
NEW, OFF = "new_machines", "switched_off"
_ENDS = ["origin", "destination"]
_BOUNDS = ["lower_eh_s", "best_eh_s", "upper_eh_s"]
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

    def margins(self) -> pd.DataFrame:
        """Hash rate by place at both months: ``place``, ``from_eh_s``, ``to_eh_s``,
        ``change_eh_s``, ``from_pct``, ``to_pct``."""
        return self._margins.copy()

    def table(self) -> pd.DataFrame:
        """All cells: ``origin``, ``destination`` (keys; ``new_machines`` and ``switched_off``
        stand for no place), ``kind`` (a key of `FLOW_KINDS`), ``lower_eh_s``, ``best_eh_s``,
        ``upper_eh_s`` (nobody moves without need, unknowns in their intervals),
        ``margin_lower_eh_s``, ``margin_upper_eh_s`` (nothing assumed at all)."""
        return self._table.copy()

    def unknowns(self) -> pd.DataFrame:
        """What the map does not show: ``unknown``, ``lower_eh_s``, ``best_eh_s``,
        ``upper_eh_s``, ``meaning`` (a sentence in the current language)."""
        frame = self._unknowns.copy()
        frame["meaning"] = [_(m) for m in frame["meaning"]]
        return frame

    def gains(self) -> pd.DataFrame:
        """What became of China's loss, largest first: ``destination``, ``lower_eh_s``,
        ``best_eh_s``, ``upper_eh_s``, ``best_pct`` and its bounds (of the loss)."""
        gone = (self._table["origin"] == ORIGIN) & ~self._table["kind"].isin(["stay", "hidden"])
        hidden = self._unknowns[self._unknowns["unknown"] == "hidden"]
        rows = pd.concat([self._table[gone], hidden.rename(columns={"unknown": "destination"})])
        rows = rows.loc[rows["upper_eh_s"] > 0, ["destination", *_BOUNDS]]
        loss = self.loss_eh_s or np.nan
        rows[["lower_pct", "best_pct", "upper_pct"]] = rows[_BOUNDS] / loss * 100
        return rows.sort_values("best_eh_s", ascending=False, ignore_index=True)

    @checked
    def links(self, largest: Whole = 6) -> pd.DataFrame:
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
        largest_places = size.nlargest(whole("largest", largest)).index
        kept = [ORIGIN, *largest_places, NEW, OFF, "hidden"]
        frame = self._table.copy()
        frame["destination"] = frame["destination"].mask(frame["kind"] == "hidden", "hidden")
        frame[_ENDS] = frame[_ENDS].where(frame[_ENDS].isin(kept), "other")
        same = (frame["origin"] == frame["destination"]) & (frame["kind"] == "move")
        frame["kind"] = frame["kind"].mask(same, "stay")  # a move between two merged places
        sums = frame.groupby([*_ENDS, "kind"], as_index=False)["best_eh_s"].sum()
        return sums[sums["best_eh_s"] > 1e-9].reset_index(drop=True)

    @property
    def loss_eh_s(self) -> float:
        """What China shows less at ``to_month`` than at ``from_month`` (EH/s, not below 0)."""
        change = self._margins.set_index("place")["change_eh_s"]
        return float(max(0.0, -change[ORIGIN]))

    def evidence(self) -> pd.DataFrame:
        """The machines and megawatts of the relocation evidence beside the table.

        Returns
        -------
        pandas.DataFrame
            See `minelib.geography.evidence.compare`.
        """
        return compare(self)

    @checked
    def sentence(self, lang: Lang | None = None) -> str:
        """The answer in a sentence."""
        gains = self.gains().set_index("destination")
        change = self._margins.set_index("place")["change_eh_s"]
        change = change[change.index.isin(gains.index) & (change.index != "other")]
        ends = {"start": month(self.from_month, lang), "end": month(self.to_month, lang)}
        if not self.loss_eh_s or change.empty:
            return _(
                "Between {start} and {end} the map shows no fall of China's hash rate.", lang
            ).format(**ends)
        top = str(change.idxmax())
        said = {n: percent(gains[f"{n}_pct"][top], 0, lang) for n in ("lower", "best", "upper")}
        said |= {"loss": number(self.loss_eh_s, 1, lang), "place": place_name(top, lang)}
        return _(
            "Between {start} and {end} China lost {loss} EH/s; of these, between {lower} and"
            " {upper} may run again in the place that gained most ({place}), and the map"
            " alone cannot say how much: {best} in the table that assumes least.",
            lang,
        ).format(**ends, **said)

    def __repr__(self):
        ends = f"{self.from_month:%Y-%m} to {self.to_month:%Y-%m}"
        return f"<Flows {ends}: China lost {self.loss_eh_s:.1f} EH/s>"


def flows(
    from_month: Day = "2021-04",
    to_month: Day = "2022-01",
    *,
    vpn: str = "as_published",
    sample: str = "as_published",
    new_eh_s: Number | Numbers | None = None,
    hidden_eh_s: Number | Numbers | None = None,
    moved_share: Number = 0.5,
    hidden_share: Number = 0.5,
) -> Flows:
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
    start = covered_month(from_month, wide.index, "from_month")
    end = covered_month(to_month, wide.index, "to_month")
    if end <= start:
        raise BadParameter("to_month", f"{end:%Y-%m}", _("must lie after from_month"))
    between("moved_share", moved_share, 0, 1)
    between("hidden_share", hidden_share, 0, 1)
    places, margins = _margins(wide, start, end)
    new = _interval("new_eh_s", new_eh_s, np.inf)
    hidden = _interval("hidden_eh_s", hidden_eh_s, _may_hide(wide, end, vpn))[1]
    before, after = (margins[f"{side}_eh_s"].to_numpy() for side in ("from", "to"))
    moves = Moves(before, after, places.index(ORIGIN), hidden, new)
    first = [places.index(p) for p in ("germany", "ireland")]
    best = moves.least_table(moved_share, hidden_share, first)
    table, named = _cells(places, moves, best), _named_unknowns(moves.totals(), best)
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


def _interval(name, value, most):
    if value is None:
        return 0.0, most
    ends = tuple(value) if np.iterable(value) else (value, value)
    if len(ends) != 2 or not 0 <= ends[0] <= ends[1]:
        raise BadParameter(name, value, _("must be a number or two in order, not negative"))
    return ends


def _may_hide(wide, end, vpn):
    after = wide.loc[end : end + pd.DateOffset(months=LOOK_AHEAD), ORIGIN]
    share = max(0.0, after.max() - after.iloc[0])
    table = load("country_share")
    of_month = table[table["month"] == end]
    if vpn == "as_published":
        share += of_month.loc[of_month["vpn_flag"], "share_pct"].sum()
    return share / 100 * of_month["hashrate_eh_s"].sum()


def _cells(places, moves, best):
    """One row per cell: first each place with all its destinations, then what came from nowhere."""
    n, stayed = len(places), np.diag(moves.stay)
    bounds, margin = moves.movement_bounds(), moves.margin_bounds()

    def flat(cells, diagonal=0.0):
        inner = np.column_stack([cells["move"] + diagonal, cells["off"]])
        return np.append(inner, np.column_stack([cells["new"], cells["hidden"]]))

    def end(bounds, which, diagonal=0.0):
        return flat({kind: ends[which] for kind, ends in bounds.items()}, diagonal)

    kinds = np.where(np.eye(n, n + 1), "stay", "move")
    kinds[:, n] = "off"
    value = flat(best, stayed)
    frame = pd.DataFrame(
        {
            "origin": [*np.repeat(places, n + 1), *[NEW, ORIGIN] * n],
            "destination": [*[*places, OFF] * n, *np.repeat(places, 2)],
            "kind": [*kinds.ravel(), *["new", "hidden"] * n],
            "lower_eh_s": np.minimum(end(bounds, 0, stayed), value),  # may differ in a last digit
            "best_eh_s": value,
            "upper_eh_s": np.maximum(end(bounds, 1, stayed), value),
            "margin_lower_eh_s": end(margin, 0),
            "margin_upper_eh_s": end(margin, 1),
        }
    )
    some = frame[["best_eh_s", "upper_eh_s", "margin_upper_eh_s"]].max(axis=1) > 0
    return frame[some].reset_index(drop=True)


_MEANING = {
    "new": N_("New machines switched on; the map cannot tell them from moved ones."),
    "hidden": N_("Machines that stand in China while the map shows them elsewhere."),
    "off": N_("Machines standing still: stored, in transit, sold for scrap."),
    "moved": N_("Machines running again in another place."),
}


def _named_unknowns(totals, best):
    rows = []
    for name, (low, high) in totals.items():
        value = best["move" if name == "moved" else name].sum()
        rows.append((name, min(low, value), value, max(high, value), _MEANING[name]))
    return pd.DataFrame(rows, columns=["unknown", *_BOUNDS, "meaning"])
