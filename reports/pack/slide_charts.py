"""The native charts of the slides: bars by office, the bridge by version, a line over time.

A chart's own workbook is made here, so that its bytes depend on the pack alone, and no name in it is a
formula. Refuses to draw dates and texts: they have no length, and stand in a table instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import accumulate

import xlsxwriter
from pptx.chart.chart import Chart
from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.util import Pt

from domain.language import Language
from domain.reporting.figures import Figure, Gap, Value
from domain.standards.formats import ChartKind, Total, Unit
from reports.pack.deck import FONT, TEAL, Place
from reports.pack.sheets import form_of
from reports.pack.spoken_pack import SpokenPack
from reports.pack.words import MOST_NAME, TOGETHER, bare, gap_words, names, version_words
from reports.words import clean

MOST = 12
"""Categories of a chart; the rest stands in the workbook."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What a chart shows: labels, from where each bar starts, and how long it is; None for a gap."""

    labels: tuple[str, ...]
    starts: tuple[Decimal, ...]
    sizes: tuple[Decimal | None, ...]
    shown: tuple[str, ...]
    kind: ChartKind
    more: int = 0


def bars_of(pack: SpokenPack, figure: Figure, kind: ChartKind) -> Bars:
    """What the chart of that kind shows of a figure."""
    if kind is ChartKind.HISTORY:
        points = [(pack.says.long_day(point.day), point.value) for point in figure.history]
        steps = [*points, (pack.says.long_day(pack.head.id.day), figure.value)][-MOST:]
    elif kind is ChartKind.VERSIONS:
        steps = [(version_words(pack, step.version), step.tally.value) for step in figure.bridge][: MOST - 1]
        steps.append((pack.says.message(TOGETHER), figure.value))
    else:
        called = names(pack)
        steps = [(called.get(step.office, step.office), step.tally.value) for step in figure.offices]
        steps.sort(key=lambda step: (isinstance(step[1], Gap), -(_size(step[1]) or 0)))
    shown = steps[:MOST]
    sizes = tuple(_size(value) for _, value in shown)
    return Bars(
        tuple(_label(label, value, pack.says) for label, value in shown),
        _starts(figure, kind, sizes),
        sizes,
        tuple(bare(value, figure.unit, pack.head.currency, pack.says) for _, value in shown),
        kind,
        len(steps) - len(shown),
    )


def has_length(figure: Figure) -> bool:
    """Whether a bar can show the figure."""
    return figure.unit is not Unit.DATE


def draw_chart(slide: Slide, place: Place, pack: SpokenPack, figure: Figure, bars: Bars) -> GraphicFrame:
    """The chart on the slide, with its numbers beside the bars and in words for who cannot see it."""
    name = clean(figure.name, MOST_NAME)
    floating, before = any(bars.starts), pack.says.say("Those before")
    data = ChartData(number_format=form_of(figure.unit, pack.head.currency, [*_known(bars)], pack.says))
    beside = [f"{label}: {shown}" for label, shown in zip(bars.labels, bars.shown, strict=True)]
    in_names = floating or any(size is not None and size < 0 for size in bars.sizes)
    labels = beside if in_names else list(bars.labels)
    data.categories = labels
    if floating:
        data.add_series(before, [float(start) for start in bars.starts])
    data.add_series(name, [None if size is None else float(size) for size in bars.sizes])
    line = bars.kind is ChartKind.HISTORY
    filled = XL_CHART_TYPE.BAR_STACKED if floating else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS if line else filled, *place.emu, data)
    assert isinstance(frame, GraphicFrame)  # noqa: S101 - a chart is one
    frame.chart.part.chart_workbook.update_from_xlsx_blob(
        _workbook(pack.head.as_of, (name, before), bars, labels)
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{name}. {'; '.join(beside)}")  # noqa: SLF001 - it has no other way
    _style(frame.chart, line=line, floating=floating, numbered=not in_names)
    return frame


def _style(chart: Chart, *, line: bool, floating: bool, numbered: bool) -> None:
    """Our type and colors; `numbered` is whether the values stand beside the bars."""
    chart.has_legend = False
    chart.has_title = False
    chart.font.size, chart.font.name = Pt(14), FONT
    plot = chart.plots[0]
    shown = plot.series[-1]
    if line:
        shown.format.line.color.rgb = TEAL
        shown.smooth = False
    else:
        plot.gap_width = 60
        shown.format.fill.solid()
        shown.format.fill.fore_color.rgb = TEAL
        if floating:
            plot.overlap = 100
            plot.series[0].format.fill.background()
        chart.category_axis.reverse_order = True
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if numbered:
        labels = shown.data_labels
        labels.show_value = True
        labels.number_format_is_linked = True
        labels.font.size = Pt(14)
        labels.position = XL_LABEL_POSITION.ABOVE if line else XL_LABEL_POSITION.OUTSIDE_END
    axis = chart.value_axis
    axis.visible = False
    axis.has_major_gridlines = False


def _workbook(at: datetime, headers: tuple[str, str], bars: Bars, labels: Sequence[str]) -> bytes:
    """The cells to which the chart refers, as python-pptx lays them out."""
    data = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(data, options)
    book.set_properties({"created": at.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
    sheet = book.add_worksheet("Sheet1")
    columns: list[tuple[str, Sequence[Decimal | None]]] = [(headers[0], bars.sizes)]
    if any(bars.starts):
        columns.insert(0, (headers[1], bars.starts))
    for r, label in enumerate(labels, 1):
        sheet.write_string(r, 0, label)
    for c, (header, values) in enumerate(columns, 1):
        sheet.write_string(0, c, header)
        for r, value in enumerate(values, 1):
            if value is not None:
                sheet.write_number(r, c, float(value))
    book.close()
    return data.getvalue()


def _starts(figure: Figure, kind: ChartKind, sizes: Sequence[Decimal | None]) -> tuple[Decimal, ...]:
    """Where each bar starts: in a bridge that adds up where the one before ends, else at 0."""
    whole = [size or Decimal() for size in sizes]
    adds_up = figure.total in (Total.COUNT, Total.SUM) and all(size >= 0 for size in whole)
    if kind is not ChartKind.VERSIONS or not adds_up:
        return (Decimal(),) * len(whole)
    return (Decimal(), *list(accumulate(whole[:-1]))[:-1], Decimal())[: len(whole)]


def _known(bars: Bars) -> list[Value]:
    return [size for size in bars.sizes if size is not None]


def _label(label: str, value: Value | Gap, says: Language) -> str:
    name = clean(label, 40)
    return f"{name} ({gap_words(value, says)})" if isinstance(value, Gap) else name


def _size(value: Value | Gap) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None
