"""Slides of a wide screen with real titles, texts, tables and charts; refuses to lay out what does not fit.

A table has as many rows as a slide holds; whoever makes one says beneath it how many more there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from domain.language import ENGLISH, Language
from reports.pack.archive import with_fixed_times
from reports.words import clean

if TYPE_CHECKING:
    from pptx.presentation import Presentation as PresentationType
    from pptx.shapes.autoshape import Shape
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

CM = 360_000
WIDE, HIGH = Emu(12_192_000), Emu(6_858_000)
LEFT, INNER = Emu(int(1.4 * CM)), Emu(12_192_000 - int(2.8 * CM))
TITLE_ONLY = 5
INK, SOFT, TEAL, RED = (RGBColor.from_string(each) for each in ("1C2126", "545B63", "1D4A5A", "A3201A"))
FONT = "Arial"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one style; size in points."""

    text: str
    size: int = 16
    bold: bool = False
    color: RGBColor = INK
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands on a slide, in centimeters."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """In the unit of the file."""
        left, top, width, height = (Emu(int(n * CM)) for n in (self.left, self.top, self.width, self.height))
        return left, top, width, height


@dataclass(slots=True)
class Deck:
    """A presentation in the making; `foot` stands beneath every slide."""

    foot: str
    says: Language = ENGLISH
    slides: list[Slide] = field(default_factory=list)
    _made: PresentationType = field(init=False)

    def __post_init__(self) -> None:
        self._made = Presentation()
        self._made.slide_width, self._made.slide_height = WIDE, HIGH
        kept = self._made.slide_layouts[TITLE_ONLY]
        for layout in list(self._made.slide_layouts):
            if layout is not kept:
                self._made.slide_layouts.remove(layout)
        for shape in (*self._made.slide_master.shapes, *kept.shapes):
            shape.left, shape.width = Emu(shape.left * 4 // 3), Emu(shape.width * 4 // 3)

    def slide(self, title: str, size: int = 28) -> Slide:
        """A new slide with that title."""
        made: Slide = self._made.slides.add_slide(self._made.slide_layouts[0])
        heading = made.shapes.title
        assert heading is not None  # noqa: S101 - the layout has one
        heading.left, heading.top, heading.width, heading.height = Place(1.4, 0.7, 31.0, 2.2).emu
        heading.text_frame.margin_left = Emu(0)
        heading.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        put(heading.text_frame, [[Words(title, size if len(title) <= 90 else size - 6, bold=True)]])
        self.slides.append(made)
        return made

    def finished(self, title: str, author: str, at: datetime) -> bytes:
        """The file, with the number of slides beneath each; the same slides give the same bytes."""
        count = len(self.slides)
        for n, each in enumerate(self.slides, 1):
            of = self.says.say("{n} of {count}", n=n, count=count)
            text(each, Place(1.4, 17.9, 27.0, 0.8), [[Words(self.foot, 11, color=SOFT)]])
            text(each, Place(29.4, 17.9, 3.0, 0.8), [[Words(of, 11, color=SOFT)]], right=True)
        properties = self._made.core_properties
        properties.title, properties.author = clean(title, 200), clean(author, 200)
        properties.last_modified_by, properties.revision = clean(author, 200), 1
        properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        written = BytesIO()
        self._made.save(written)
        return with_fixed_times(written.getvalue())


def put(frame: TextFrame, paragraphs: Iterable[Sequence[Words]], *, right: bool = False) -> None:
    """Put these paragraphs into a frame, instead of what is in it."""
    frame.word_wrap = True
    for n, line in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        for words in line:
            run = paragraph.add_run()
            run.text = words.text
            run.font.size, run.font.name, run.font.bold = Pt(words.size), FONT, words.bold
            run.font.italic, run.font.color.rgb = words.italic, words.color


def text(slide: Slide, place: Place, lines: Iterable[Sequence[Words]], *, right: bool = False) -> Shape:
    """A text on a slide."""
    box = slide.shapes.add_textbox(*place.emu)
    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    put(frame, lines, right=right)
    return box


def table(
    slide: Slide,
    place: Place,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    size: int = 14,
) -> None:
    """A real table; `widths` are shares of the place's width, `size` is of its text, in points."""
    frame = slide.shapes.add_table(len(rows) + 1, len(headers), *place.emu)
    made = frame.table
    made.horz_banding = False
    for n, share in enumerate(widths):
        made.columns[n].width = Emu(int(place.width * CM * share / sum(widths)))
    for r, row in enumerate((headers, *rows)):
        made.rows[r].height = Emu(int(0.9 * CM))
        for c, words in enumerate(row):
            cell = made.cell(r, c)
            cell.margin_top = cell.margin_bottom = Emu(int(0.1 * CM))
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("E9EEF0" if r == 0 else "FFFFFF")
            put(cell.text_frame, [[Words(words, size, bold=r == 0 or c == 0, color=SOFT if r == 0 else INK)]])
