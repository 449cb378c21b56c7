# SPDX-License-Identifier: MIT
"""The figure of the explorer: one place, four measures, the events, one time axis."""

from minelib import text
from minelib.plots.style import date_axis, event_lines, figure, place_colour
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["measures"]


@figure(
    tables=("network_daily", "country_share", "province_share", "index_machines", "events"),
    alt=N_("Four charts with a common time axis: hash rate, share, electricity and emissions."),
    size=(9.0, 7.6),
)
def measures(fig, view):
    """Hash rate, share, electricity and carbon of a place, with the policy dates.

    Parameters
    ----------
    view : minelib.explorer.View
        Or anything with its attributes ``place``, ``start``, ``end``, ``hash_rate``, ``share``,
        ``electricity`` and ``carbon``.

    Returns
    -------
    Chart
    """
    axes = fig.subplots(4, 1, sharex=True, height_ratios=(1.25, 1, 1, 1))
    panels = (
        (view.hash_rate, ("hashrate_eh_s", "lower_eh_s", "upper_eh_s"), _("Hash rate (EH/s)")),
        (view.share, ("share_pct", "lower_pct", "upper_pct"), _("Share of the world (%)")),
        (view.electricity, ("best_twh", "lower_twh", "upper_twh"), _("Electricity (TWh a year)")),
        (view.carbon, ("emissions_mt", "lower_mt", "upper_mt"), _("Emissions (Mt a month)")),
    )
    name = text.place_name(view.place)
    said = []
    for ax, (frame, columns, label) in zip(axes, panels, strict=True):
        ax.set_ylabel(label, fontsize=8.5)
        if frame.empty:
            ax.text(0.5, 0.5, _("No data for these dates"), transform=ax.transAxes,
                    ha="center", va="center", color="#666666")  # fmt: skip
            ax.set_yticks([])
            continue
        if "place" in frame:  # the world: the places that make it up
            _stack(ax, frame)
            continue
        best, lower, upper = (frame[column] for column in columns)
        colour = place_colour(view.place)
        ax.fill_between(frame.index, lower, upper, color=colour, alpha=0.22, linewidth=0)
        ax.plot(
            frame.index, best, color=colour, linewidth=1.4, marker="." if len(best) < 60 else ""
        )
        top = min(upper.max() * 1.05, best.max() * 4) or 1
        ax.set_ylim(0, top)
        if upper.max() > top:
            ax.annotate(_("The upper bound goes on to {value}").format(value=_short(upper.max())),
                        (0.995, 0.96), xycoords="axes fraction", ha="right", va="top",
                        fontsize=7.5, color="#444444")  # fmt: skip
        said.append(
            _("{measure}: {first} to {last}").format(
                measure=label, first=_short(best.iloc[0]), last=_short(best.iloc[-1])
            )
        )
    axes[0].set_title(name)
    axes[0].set_xlim(view.start, view.end)
    for ax in axes:
        event_lines(ax, labels=ax is axes[0])
    date_axis(axes[-1])
    return _("Four charts for {place} from {start} to {end}. {values}.").format(
        place=name,
        start=text.date(view.start),
        end=text.date(view.end),
        values=_("; ").join(said) or _("No data for these dates"),
    )


def _stack(ax, frame):
    wide = frame.pivot_table(index=frame.index, columns="place", values="share_pct", observed=True)
    order = [p for p in wide.mean().sort_values(ascending=False).index if p != "other"]
    order += ["other"] if "other" in wide else []
    ax.stackplot(wide.index, *(wide[p].fillna(0) for p in order),
                 colors=[place_colour(p) for p in order], linewidth=0)  # fmt: skip
    ax.set_ylim(0, 100)
    below = 0
    for place in order[:4]:
        height = wide[place].iloc[-1]
        if height > 6:
            ax.annotate(
                text.place_name(place), (wide.index[-1], below + height / 2), xytext=(4, 0),
                textcoords="offset points", fontsize=7.5, va="center", color="#333333",
                annotation_clip=False,
            )  # fmt: skip
        below += height


def _short(value):
    size = abs(value)
    return text.number(value, 0 if size >= 100 else 1 if size >= 10 else 2)
