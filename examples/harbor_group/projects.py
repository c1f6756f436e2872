"""The sixty projects of Harbor Group, one of which two offices keep: what they are, and their state.

One line each, in the language of its office. It refuses to decide what becomes of them: see story.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PROGRAMS = {"T": "terminal-automation", "G": "green-corridor", "-": None}

LINES = """
group    | GP-01 | execution | - | 2026-02-16 2027-10-29 | Group-wide port community system | berth booking; customs link; master data; partner portal; reporting hub; pilot terminals; help desk
group    | GP-02 | planning  | - | 2026-11-02 2027-12-17 | One chart of accounts for all terminals | account mapping; ledger interfaces; shared closing calendar; audit trail
group    | GP-03 | execution | - | 2026-04-06 2027-08-27 | Cyber resilience of cranes and gates | network zones; remote access; patch windows; incident drills; supplier audits
group    | GP-04 | closing   | T | 2025-01-13 2027-02-12 | Safety reporting in one form | incident form; near-miss app; site training; dashboards; supplier access
group    | GP-05 | closing   | - | 2025-03-03 2027-01-29 | Insurance pooling for the fleet | broker panel; risk survey; policy wording; claims desk
hamburg  | TA-01 | execution | T | 2026-01-12 2027-11-26 | Automatisiertes Blocklager Altenwerder | Portalkrane; Blocksteuerung; Fahrwege; Leitstand; Sicherheitszaun; Beleuchtung; Probebetrieb
hamburg  | TA-02 | execution | T | 2026-05-04 2027-09-24 | Fernsteuerung der Containerbrücken | Kameras; Bedienpulte; Glasfasernetz; Notabschaltung; Schulung
hamburg  | TA-03 | execution | T | 2026-03-09 2027-07-30 | OCR-Tore für die LKW-Abfertigung | OCR-Portale; Fahrerkiosk; Schranken; Terminalbuchung; Ausfallbetrieb
hamburg  | TA-04 | closing   | T | 2025-02-03 2027-03-05 | Ablösung des alten Terminalsystems | Datenübernahme; Schnittstellen; Parallelbetrieb; Archiv; Abschaltung
hamburg  | TA-05 | closing   | T | 2025-03-10 2027-02-26 | Digitale Gefahrgutanmeldung | Meldeportal; Stammdaten; Behördenschnittstelle; Prüfregeln; Schulung
hamburg  | TA-06 | planning  | T | 2026-10-12 2028-02-25 | Batteriewechselstation für Fahrzeuge | Stationsbau; Ladeleistung; Brandschutz; Flottensteuerung
hamburg  | TA-07 | execution | T | 2026-06-01 2027-08-13 | Vorausschauende Wartung der Krane | Sensorik; Datenplattform; Modelle; Werkstattabläufe; Ersatzteile
hamburg  | TA-08 | execution | T | 2026-02-02 2027-09-10 | Digitaler Zwilling der Kaianlage | Vermessung; Geometrie; Simulationskern; Leitstandsbild; Betriebskonzept; Wasserstände; Archiv
hamburg  | TA-09 | proposed  | T | 2027-06-07 2028-06-30 | Autonome Zugmaschinen im Hafenverkehr | Machbarkeit
singapore| GC-01 | execution | G | 2026-02-02 2027-10-15 | Methanol bunkering at Tuas berths | storage tanks; bunker barge; safety case; crew training; pricing model; vapor recovery; fire station
singapore| GC-02 | execution | G | 2026-04-13 2027-08-20 | Just-in-time arrival with pilots | arrival data; pilot roster; slot engine; shipping lines; savings report
singapore| GC-03 | planning  | G | 2026-10-05 2028-01-28 | Carbon accounting per box | emission factors; voyage data; audit file; customer statement
singapore| GC-04 | execution | G | 2026-03-02 2027-09-17 | Shore Power Santos - Terminal 2 | substation; cable drums; berth pits; ship trials; tariff
singapore| GC-05 | closing   | G | 2025-01-20 2027-02-12 | Electric launches for pilots | launch hulls; charging berths; crew papers; spares
singapore| GC-06 | proposed  | G | 2027-05-03 2028-04-28 | Ammonia readiness study | study
singapore| GC-07 | closing   | G | 2025-01-27 2027-04-08 | Solar roofs on transit sheds | roof survey; panels; inverters; grid contract; fire access
singapore| GC-08 | execution | G | 2026-06-15 2027-11-19 | Hybrid straddle carriers | carrier order; charging rack; drivers; workshop; noise survey
santos   | SP-01 | execution | - | 2026-01-19 2027-09-30 | Dragagem do canal de acesso norte | batimetria; licença ambiental; draga; bota-fora; sinalização; monitoramento da fauna; praticagem
santos   | SP-02 | execution | G | 2026-03-02 2027-09-17 | Shore power Santos, terminal 2 | subestação; cabos; caixas de berço; ensaios a bordo; tarifa
santos   | SP-03 | execution | - | 2026-04-20 2027-07-23 | Pátio ferroviário de Cubatão | linhas; pátio; semáforos; truques; sistema de manobra
santos   | SP-04 | closing   | G | 2025-02-10 2027-03-05 | Reúso de água nos armazéns | cisternas; filtros; bombas; medição; treinamento
santos   | SP-05 | planning  | - | 2026-11-09 2028-03-17 | Novo armazém de celulose | fundações; cobertura; pontes rolantes; incêndio
santos   | SP-06 | execution | G | 2026-02-23 2027-08-06 | Caminhões a biometano no retroporto | posto; frota; oficina; contrato de gás; motoristas
santos   | SP-07 | execution | - | 2026-05-18 2027-10-22 | Agendamento de caminhões por aplicativo | aplicativo; portaria; câmeras; integração; atendimento; multas; relatórios
santos   | SP-08 | closing   | - | 2025-02-24 2027-03-01 | Modernização dos guindastes 5 e 6 | acionamentos; cabines; cabos de aço; freios; automação
lehavre  | LH-01 | execution | T | 2026-02-09 2027-10-08 | Portiques pilotés à distance, quai des Flandres | postes; caméras; fibre; arrêt d'urgence; formation
lehavre  | LH-02 | execution | - | 2026-03-23 2027-08-27 | Plateforme multimodale de Honfleur | voies; aire de stockage; portiques; réseau; accès
lehavre  | LH-03 | proposed  | - | 2027-04-12 2028-05-26 | Entrepôt frigorifique bas carbone | étude
lehavre  | LH-04 | planning  | T | 2026-10-19 2028-02-11 | Guichet unique des transporteurs | portail; identités; paiement; hotline
lehavre  | LH-05 | closing   | T | 2025-02-17 2027-04-09 | Refonte du plan de sûreté portuaire | accès; badges; vidéo; exercices; prestataires
lehavre  | LH-06 | execution | T | 2026-05-11 2027-09-03 | Planification automatique des navettes | données; moteur; tablettes; conducteurs; exploitation
lehavre  | LH-07 | execution | - | 2026-06-08 2027-11-12 | Réhabilitation du quai Hermann du Pasquier | sondages; palplanches; défenses; dragage; revêtement; bollards; éclairage
antwerp  | AW-01 | closing   | G | 2025-01-06 2027-04-02 | Walstroom voor de binnenvaart | kasten; kabels; betaalsysteem; steigers; schippersinfo
antwerp  | AW-02 | closing   | - | 2024-11-04 2027-03-26 | Renovatie van sluis Kallo-Oost | deuren; hydrauliek; besturing; beton; nautiek
antwerp  | AW-03 | closing   | - | 2025-01-20 2027-03-19 | Lichterplanning met gedeelde lijst | planbord; koppelingen; terminals; schippers; beheer
antwerp  | AW-04 | planning  | G | 2026-11-16 2028-03-03 | Waterstofduwboot Albertkanaal | scheepsontwerp; tanks; vergunning; bemanning
antwerp  | AW-05 | execution | - | 2026-03-16 2027-09-10 | Containerterminal Meerhout uitbreiden | kade; kraan; terrein; spoor; kantoor; verlichting; weegbrug
antwerp  | AW-06 | execution | - | 2026-05-25 2027-10-29 | Track-and-trace op alle duwbakken | sensoren; netwerk; portaal; klanten; beheer
dammam   | DM-01 | execution | - | 2026-02-01 2027-10-14 | توسعة محطة الحاويات الثانية | الرصيف; الساحة; الرافعات; شبكة الكهرباء; البوابات; الإنارة; الصرف
dammam   | DM-02 | execution | G | 2026-04-05 2027-08-26 | محطة طاقة شمسية للميناء | الألواح; العاكسات; المحطة الفرعية; التخزين; المراقبة
dammam   | DM-03 | closing   | - | 2025-02-16 2027-03-04 | نظام المواعيد للشاحنات | التطبيق; البوابة; الربط الجمركي; التدريب; الدعم
dammam   | DM-04 | closing   | - | 2025-03-02 2027-03-31 | تطوير ورشة الصيانة | المبنى; المعدات; المخزن; السلامة; التدريب
dammam   | DM-05 | execution | G | 2026-03-08 2027-07-29 | تحويل الجرارات إلى الكهرباء | الجرارات; الشواحن; الورشة; السائقون; العقود
dammam   | DM-06 | execution | - | 2026-05-03 2027-09-30 | ربط السكة الحديدية بالميناء الجاف | الخط; المحطة; الإشارات; القاطرات; التشغيل
dammam   | DM-07 | on_hold   | - | 2026-01-11 2027-12-30 | مستودع التبريد الجديد | الأرض; التصميم; العزل; التبريد
mersin   | MR-01 | execution | T | 2026-03-02 2027-09-24 | Saha otomasyonu birinci etap | vinçler; saha yazılımı; operatör masası; ağ; emniyet
mersin   | MR-02 | execution | - | 2026-04-27 2027-08-20 | Demiryolu bağlantısı yenileme | hat; makaslar; sinyal; rampa; manevra
mersin   | MR-03 | closing   | T | 2025-03-17 2027-02-12 | Kapı otomasyonu | kameralar; kiosklar; bariyerler; yazılım; eğitim
mersin   | MR-04 | closing   | T | 2025-01-20 2027-02-05 | Konteyner ambarı aydınlatması | direkler; armatürler; pano; kablo; ölçüm
mersin   | MR-05 | proposed  | - | 2027-05-10 2028-05-26 | Tahıl silosu genişletme | fizibilite
mersin   | MR-06 | on_hold   | - | 2026-02-09 2027-11-30 | Serbest bölge antreposu | arsa; projelendirme; çelik yapı; yangın
durban   | DB-01 | execution | G | 2026-02-09 2027-10-22 | Solar microgrid for Pier 1 | panels; batteries; controller; feeders; grid code
durban   | DB-02 | on_hold   | - | 2026-01-26 2027-12-03 | Car terminal deck extension | piles; deck; drainage; ramps
durban   | DB-03 | closing   | G | 2025-02-03 2027-04-02 | Stormwater upgrade at Maydon Wharf | culverts; pumps; oil traps; outfall; telemetry
durban   | DB-04 | execution | - | 2026-04-07 2027-08-31 | Reefer plug expansion | racks; plugs; monitoring; cabling; standby power
durban   | DB-05 | execution | G | 2026-06-22 2027-11-05 | Tug fleet renewal | hulls; engines; crew plan; berths; maintenance; towing gear; simulators
"""
APART = """
bergen   | NC-01 | execution | - | 2026-03-02 2027-08-27 | Blast freezer hall | insulation; compressors; racking
bergen   | NC-02 | planning  | - | 2026-10-05 2027-12-10 | Salmon quay | quay wall; slipway; ice plant
"""


@dataclass(frozen=True, slots=True)
class Seed:
    """One project as it was begun."""

    office: str
    id: str
    stage: str
    program: str | None
    start: date
    finish: date
    title: str
    packages: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key by which the product names it."""
        return f"{self.office}/{self.id}"


def seeds(lines: str = LINES) -> tuple[Seed, ...]:
    """The projects, in the order in which they stand in their workbooks."""
    return tuple(_seed(line) for line in lines.strip().splitlines())


def _seed(line: str) -> Seed:
    office, number, stage, program, dates, title, packages = (part.strip() for part in line.split("|"))
    start, finish = (date.fromisoformat(day) for day in dates.split())
    parts = tuple(part.strip() for part in packages.split(";"))
    return Seed(office, number, stage, PROGRAMS[program], start, finish, title, parts)
