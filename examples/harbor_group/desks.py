"""How the offices keep their workbooks: language, units, people and free days.

What the product must know of the offices stands in offices.yaml, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.organization.calendar import Calendar, Rhythm
from examples.harbor_group.languages import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Desk:
    """One office and how it keeps its workbook."""

    office: str
    language: str
    currency: str
    access: str
    fraction: bool
    """Percentages as 0.94, not 94."""
    thousands: bool
    work_days: bool
    program_version: str
    """The version of the program in which the workbook is kept."""
    people: str
    """Ten people: the first two sponsor, the others lead and own."""
    free: str = ""
    """Holidays in the first quarter of 2027."""
    friday_off: bool = False
    banner: int = 0
    """Rows above the headers: a title, and whatever the office likes to leave there."""

    @property
    def words(self) -> Language:
        """The words of its language."""
        return LANGUAGES[self.language]

    @property
    def names(self) -> list[str]:
        """Its people."""
        return self.people.split("|")

    @property
    def file(self) -> str:
        """The workbook, inside the organization's folder."""
        return f"workbooks/{self.office}.xlsx"

    @property
    def calendar(self) -> Calendar:
        """Its working days."""
        free = frozenset(date.fromisoformat(f"2027-{day}") for day in self.free.split())
        return Calendar("", "UTC", frozenset({4, 5} if self.friday_off else {5, 6}), free)

    @property
    def rhythm(self) -> Rhythm:
        """The weekday of its cut-off."""
        return Rhythm(3 if self.friday_off else 4)

    def working_day(self, day: date) -> date:
        """That day, or the last working day before it."""
        while not self.calendar.is_business_day(day):
            day -= timedelta(days=1)
        return day

    def report_day(self, monday: date) -> date:
        """The last working day up to the newest cut-off before that Monday."""
        back = 4 if self.friday_off else 3
        return self.working_day(monday - timedelta(days=back))


_ALL = (
    Desk(
        "group",
        "en",
        "EUR",
        "write",
        False,
        True,
        False,
        "2024",
        "Marijke van Dijk|Adebayo Okafor|Sofia Lindqvist|Jeroen Bakker|Priya Raman|Tomasz Zielinski"
        "|Chiara Conti|Daniel Osei|Lotte Smit|Hugo Vermeer",
        "01-01 03-26 03-29",
    ),
    Desk(
        "hamburg",
        "de",
        "EUR",
        "write",
        True,
        True,
        True,
        "2021",
        "Katrin Brandt|Heinrich Voss|Anja Petersen|Mehmet Yildiz|Jonas Behrens|Svenja Krause|Piotr Nowak"
        "|Lena Hoffmann|Carsten Thiel|Fatou Diallo",
        "01-01 03-26 03-29",
        banner=2,
    ),
    Desk(
        "singapore",
        "en",
        "SGD",
        "write",
        False,
        False,
        False,
        "2024",
        "Tan Wei Ling|Rajesh Pillai|Nurul Aisyah Rahman|Lim Jun Hao|Grace Fernandez|Arjun Menon|Chua Mei Fen"
        "|Siti Hajar Ismail|Desmond Koh|Kavitha Nair",
        "01-01 02-08 03-10 03-26",
    ),
    Desk(
        "santos",
        "pt",
        "BRL",
        "write",
        True,
        True,
        False,
        "2021",
        "Luciana Prado|Otávio Menezes|Rafael Teixeira|Camila Nogueira|João Batista Rocha|Aline Figueiredo"
        "|Thiago Barros|Beatriz Sampaio|Marcos Antunes|Yara Guimarães",
        "01-01 03-26",
        banner=2,
    ),
    Desk(
        "lehavre",
        "fr",
        "EUR",
        "ask",
        False,
        True,
        True,
        "2021",
        "Isabelle Moreau|Guillaume Le Goff|Amina Benali|Julien Carpentier|Nathalie Lefebvre|Mamadou Sow"
        "|Clément Roussel|Élodie Garnier|Bastien Morel|Hanh Nguyen",
        "01-01 03-29",
    ),
    Desk(
        "dammam",
        "ar",
        "SAR",
        "write",
        False,
        True,
        True,
        "2024",
        "عبدالله القحطاني|نورة السبيعي|فهد الدوسري|ريم الحربي|خالد المطيري|سارة العتيبي|يوسف الشمري"
        "|هند الزهراني|Imran Qureshi|Joseph Mathew",
        "02-22 03-09 03-10 03-11 03-12 03-14",
        friday_off=True,
        banner=1,
    ),
    Desk(
        "mersin",
        "tr",
        "TRY",
        "write",
        False,
        False,
        False,
        "2019",
        "Elif Kaya|Murat Aydın|Zeynep Demir|Emre Şahin|Ayşe Çelik|Burak Öztürk|Selin Arslan|Kemal Doğan"
        "|Derya Koç|Levent Güneş",
        "01-01 03-09 03-10 03-11",
    ),
    Desk(
        "durban",
        "en",
        "ZAR",
        "observe",
        True,
        True,
        False,
        "2021",
        "Thandeka Mkhize|Pieter Botha|Sipho Dlamini|Anushka Naidoo|Lerato Molefe|Ruan van Wyk|Zanele Khumalo"
        "|Yusuf Patel|Nomvula Zulu|Craig Adams",
        "01-01 03-22 03-26 03-29",
    ),
    Desk(
        "antwerp",
        "nl",
        "EUR",
        "ask",
        True,
        False,
        True,
        "2021",
        "Griet Janssens|Bart Claes|Els Wouters|Karim El Amrani|Pieter-Jan Maes|Sofie De Smet|Wim Peeters"
        "|Joke Martens|Stijn Goossens|Amélie Dubois",
        "01-01 03-29",
    ),
)
DESKS: Mapping[str, Desk] = {desk.office: desk for desk in _ALL}
"""The nine offices that take part, by id."""
APART = Desk(
    "bergen",
    "en",
    "NOK",
    "observe",
    False,
    False,
    False,
    "2021",
    "Ingrid Solheim|Lars Haugen|Kari Nilsen|Odd Berg|Silje Dahl|Tor Bakke|Mona Vik|Per Lunde"
    "|Anne Moen|Knut Strand",
)
"""The subsidiary that takes no part; nobody reads its workbook."""
