"""The words of the offices' workbooks: headers, stages, steps of work, in seven languages.

Words only; it refuses to know which office speaks what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROJECT = (
    "id|title|stage|program|lead|sponsor|start|finish|baseline_finish|percent_complete|budget|actual_cost"
    "|forecast_cost|currency|last_report|standard_version"
).split("|")
STAGES = "proposed|planning|execution|closing|closed|on_hold".split("|")
FIELDS = "risk_register|change_log|benefits_owner|procurement_plan|lessons_learned|handover_to".split("|")
SUBJECTS = "business_case|charter|data_protection|benefits_plan|lessons_review".split("|")
PARTS = "person|on|document|valid_until".split("|")
ITEM = "id|project|title|kind|owner|start|due|work|percent|status|key|role|standing".split("|")
KINDS = "task|milestone".split("|")
QUESTION = "key|kind|project|text|asked|answer_by|answer|answered_by|standing".split("|")
REQUEST = "id|project|rule|why|first|last|limit|about|objection|cause|terms|standing".split("|")
GATES = "G1|G2|G3|G4".split("|")
STATUSES = ("Open", "In progress", "Blocked", "Done")
"""Group-wide words: every office uses these four, whatever its language."""
KEY_HEADER = "interoffice key"


@dataclass(frozen=True, slots=True)
class Language:
    """One language's words, each text a list parted by bars in the order of the names above."""

    sheets: str
    """The names of the sheets: projects, items, overview."""
    project: str
    gate: str
    fields: str
    subjects: str
    parts: str
    stages: str
    item: str
    """The headers of the item list, without the key, which is the same everywhere."""
    kinds: str
    question: str
    """The headers of the questions, without the key."""
    request: str
    """The headers of the sheet on which the office asks for deviations and says what does not work for it."""
    frame: str
    """Ten items that every project has: six at the beginning, four at the end."""
    steps: str
    """Eight steps of work on a package, with the package in braces."""
    units: str
    """Thousand, hours, days; put behind a header."""
    overview: str
    """The labels of the overview: projects, items, share done, budget, per stage."""

    def headers(self, names: list[str], words: str) -> dict[str, str]:
        """Our names with this language's headers."""
        return dict(zip(names, words.split("|"), strict=True))


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        "Projects|Items|Overview",
        "No.|Project|Stage|Program|Project lead|Sponsor|Start|Finish|Baseline finish|% complete|Budget"
        "|Actual cost|Forecast|Currency|Last report|Standard",
        "Gate {} passed",
        "Risk register|Change log|Benefits owner|Procurement plan|Lessons learned|Handover to",
        "Business case|Charter|Data protection|Benefits plan|Lessons review",
        "approved by|on|document|valid until",
        "Proposed|Planning|Execution|Closing|Closed|On hold",
        "ID|Project|Item|Type|Owner|Start|Due|Work|% done|Status|Interoffice role|Interoffice standing",
        "Task|Milestone",
        "Kind|Project|Question|Asked|Answer by|Answer|Answered by|Standing",
        "No.|Project|Rule|Reason|From|Until|Limit|Feedback on|Objection|Cause|Other terms|Standing",
        "Kick-off|Stakeholder map|Risk workshop|Gate 1 review|Baseline agreed|Gate 2 review"
        "|Readiness review|Gate 3 review|Acceptance|Closing report",
        "Specify {}|Design {}|Tender {}|Award {}|Build {}|Install {}|Test {}|Hand over {}",
        "thousand|hours|days",
        "Projects|Items|Done|Budget|Projects by stage",
    ),
    "de": Language(
        "Projekte|Vorgänge|Übersicht",
        "Nr.|Projekttitel|Phase|Programm|Projektleitung|Auftraggeber|Beginn|Ende|Ende laut Basisplan|% fertig"
        "|Budget|Ist-Kosten|Prognose|Währung|Letzter Statusbericht|Standard",
        "Freigabe {}",
        "Risikoregister|Änderungsprotokoll|Nutzenverantwortung|Beschaffungsplan|Erfahrungen|Übergabe an",
        "Wirtschaftlichkeit|Projektauftrag|Datenschutz|Nutzenplan|Rückblick",
        "bestätigt von|am|Dokument|gültig bis",
        "Vorgeschlagen|Planung|Ausführung|Abschluss|Abgeschlossen|Ruht",
        "ID|Projekt|Vorgang|Art|Verantwortlich|Anfang|Fällig|Aufwand|% erledigt|Status"
        "|Rolle (Interoffice)|Stand (Interoffice)",
        "Vorgang|Meilenstein",
        "Art|Projekt|Frage|Gestellt am|Antwort bis|Antwort|Beantwortet von|Stand",
        "Nr.|Projekt|Regel|Grund|Ab|Bis|Grenze|Rückmeldung zu|Einspruch|Ursache|Weitere Angaben|Stand",
        "Kick-off|Stakeholder-Analyse|Risikoworkshop|Freigabe G1|Basisplan vereinbart|Freigabe G2"
        "|Betriebsbereitschaft prüfen|Freigabe G3|Abnahme|Abschlussbericht",
        "{}: Lastenheft|{}: Entwurf|{}: Ausschreibung|{}: Vergabe|{}: Fertigung|{}: Montage|{}: Test|{}: Übergabe",
        "Tsd.|Stunden|PT",
        "Projekte|Vorgänge|Erledigt|Budget|Projekte nach Phase",
    ),
    "pt": Language(
        "Projetos|Tarefas|Painel",
        "Código|Projeto|Fase|Programa|Gerente|Patrocinador|Início|Término|Término da linha de base|% concluído"
        "|Orçamento|Custo real|Previsão|Moeda|Último relatório|Norma",
        "Portão {}",
        "Registro de riscos|Registro de mudanças|Dono dos benefícios|Plano de aquisições|Lições aprendidas"
        "|Entregar para",
        "Caso de negócio|Termo de abertura|LGPD|Plano de benefícios|Revisão das lições",
        "aprovado por|em|documento|válido até",
        "Proposto|Planejamento|Execução|Encerramento|Encerrado|Suspenso",
        "ID|Projeto|Tarefa|Tipo|Responsável|Início|Prazo|Trabalho|% feito|Situação"
        "|Papel (Interoffice)|Estado (Interoffice)",
        "Tarefa|Marco",
        "Tipo|Projeto|Pergunta|Perguntado em|Responder até|Resposta|Respondido por|Estado",
        "Nº|Projeto|Regra|Motivo|De|Até|Limite|Retorno sobre|Objeção|Causa|Outros dados|Estado",
        "Kick-off|Mapa das partes interessadas|Oficina de riscos|Portão 1|Linha de base acordada|Portão 2"
        "|Verificação de prontidão|Portão 3|Aceite|Relatório de encerramento",
        "Especificar {}|Projetar {}|Licitar {}|Contratar {}|Fabricar {}|Instalar {}|Testar {}|Entregar {}",
        "mil|horas|dias",
        "Projetos|Tarefas|Feito|Orçamento|Projetos por fase",
    ),
    "fr": Language(
        "Projets|Tâches|Synthèse",
        "N°|Intitulé|Phase|Programme|Chef de projet|Commanditaire|Début|Fin|Fin de référence|Avancement %"
        "|Budget|Coût réel|Prévision|Devise|Dernier rapport|Référentiel",
        "Jalon {}",
        "Registre des risques|Journal des changements|Responsable des bénéfices|Plan d'achats"
        "|Retour d'expérience|Remis à",
        "Étude d'opportunité|Lettre de mission|RGPD|Plan des bénéfices|Revue du retour",
        "validé par|le|document|valable jusqu'au",
        "Proposé|Cadrage|Réalisation|Clôture|Clos|Suspendu",
        "ID|Projet|Tâche|Type|Responsable|Début|Échéance|Charge|% fait|État|Rôle (Interoffice)|Suivi (Interoffice)",
        "Tâche|Jalon",
        "Type|Projet|Question|Posée le|Réponse avant le|Réponse|Répondu par|Suivi",
        "N°|Projet|Règle|Raison|Du|Au|Limite|Retour sur|Objection|Cause|Autres données|Suivi",
        "Kick-off|Carte des parties prenantes|Atelier risques|Revue G1|Référence arrêtée|Revue G2"
        "|Revue de mise en service|Revue G3|Réception|Bilan de clôture",
        "{} : cahier des charges|{} : conception|{} : appel d'offres|{} : marché|{} : fabrication|{} : pose"
        "|{} : essais|{} : remise",
        "k|heures|jours",
        "Projets|Tâches|Fait|Budget|Projets par phase",
    ),
    "nl": Language(
        "Projecten|Activiteiten|Overzicht",
        "Nr|Project|Fase|Programma|Projectleider|Opdrachtgever|Start|Einde|Einde basisplan|% gereed|Budget"
        "|Werkelijke kosten|Prognose|Valuta|Laatste rapport|Standaard",
        "Poort {}",
        "Risicoregister|Wijzigingslogboek|Eigenaar van de baten|Inkoopplan|Geleerde lessen|Overdracht aan",
        "Businesscase|Projectopdracht|Privacytoets|Batenplan|Terugblik",
        "akkoord van|op|document|geldig tot",
        "Voorgesteld|Planning|Uitvoering|Afronding|Afgesloten|In de wacht",
        "ID|Project|Activiteit|Soort|Eigenaar|Start|Vervalt|Werk|% klaar|Status|Rol (Interoffice)|Stand (Interoffice)",
        "Taak|Mijlpaal",
        "Soort|Project|Vraag|Gevraagd op|Antwoord voor|Antwoord|Beantwoord door|Stand",
        "Nr|Project|Regel|Reden|Van|Tot|Grens|Terugkoppeling op|Bezwaar|Oorzaak|Andere gegevens|Stand",
        "Kick-off|Krachtenveld|Risicosessie|Poort 1|Basisplan akkoord|Poort 2"
        "|Gereedheidstoets|Poort 3|Oplevering|Eindrapport",
        "{}: eisen|{}: ontwerp|{}: aanbesteding|{}: gunning|{}: bouw|{}: plaatsing|{}: test|{}: overdracht",
        "duizend|uren|dagen",
        "Projecten|Activiteiten|Klaar|Budget|Projecten per fase",
    ),
    "tr": Language(
        "Projeler|İşler|Özet",
        "No|Proje adı|Aşama|Program|Proje yöneticisi|Destekleyen|Başlangıç|Bitiş|Temel bitiş|% tamamlanan|Bütçe"
        "|Gerçekleşen|Tahmin|Para birimi|Son rapor|Standart",
        "Kapı {}",
        "Risk kaydı|Değişiklik kaydı|Fayda sorumlusu|Satın alma planı|Öğrenilen dersler|Devir alan",
        "İş gerekçesi|Proje beratı|KVKK|Fayda planı|Ders değerlendirmesi",
        "onaylayan|tarih|belge|geçerlilik",
        "Önerildi|Planlama|Yürütme|Kapanış|Kapandı|Beklemede",
        "ID|Proje|İş|Tür|Sorumlu|Başlangıç|Son tarih|İş yükü|% biten|Durum|Rol (Interoffice)|Takip (Interoffice)",
        "Görev|Kilometre taşı",
        "Tür|Proje|Soru|Soruldu|Son yanıt|Yanıt|Yanıtlayan|Takip",
        "No|Proje|Kural|Gerekçe|İlk gün|Son gün|Sınır|Geri bildirim konusu|İtiraz|Neden|Diğer bilgiler|Takip",
        "Kick-off|Paydaş haritası|Risk çalıştayı|Kapı 1|Temel plan onayı|Kapı 2"
        "|Hazırlık kontrolü|Kapı 3|Kabul|Kapanış raporu",
        "{}: şartname|{}: tasarım|{}: ihale|{}: sözleşme|{}: imalat|{}: montaj|{}: test|{}: devir",
        "bin|saat|gün",
        "Projeler|İşler|Biten|Bütçe|Aşamaya göre projeler",
    ),
    "ar": Language(
        "المشاريع|المهام|ملخص",
        "الرقم|اسم المشروع|المرحلة|البرنامج|مدير المشروع|الراعي|البداية|النهاية|النهاية المرجعية|نسبة الإنجاز"
        "|الميزانية|التكلفة الفعلية|التوقع|العملة|آخر تقرير|المعيار",
        "البوابة {}",
        "سجل المخاطر|سجل التغييرات|مالك المنافع|خطة المشتريات|الدروس المستفادة|التسليم إلى",
        "دراسة الجدوى|ميثاق المشروع|حماية البيانات|خطة المنافع|مراجعة الدروس",
        "اعتمدها|بتاريخ|الوثيقة|صالحة حتى",
        "مقترح|تخطيط|تنفيذ|إغلاق|مغلق|متوقف",
        "المعرف|المشروع|المهمة|النوع|المسؤول|البدء|الاستحقاق|العمل|المنجز|الحالة|الدور (Interoffice)|الوضع (Interoffice)",
        "مهمة|معلم",
        "النوع|المشروع|السؤال|تاريخ السؤال|الجواب قبل|الجواب|المجيب|الوضع",
        "الرقم|المشروع|القاعدة|السبب|من|إلى|الحد|ملاحظة على|اعتراض|الدافع|بيانات أخرى|الوضع",
        "اجتماع الانطلاق|خريطة أصحاب المصلحة|ورشة المخاطر|مراجعة البوابة 1|اعتماد الخطة المرجعية|مراجعة البوابة 2"
        "|فحص الجاهزية|مراجعة البوابة 3|القبول|تقرير الإغلاق",
        "مواصفات {}|تصميم {}|طرح {}|ترسية {}|تصنيع {}|تركيب {}|اختبار {}|تسليم {}",
        "ألف|ساعات|أيام",
        "المشاريع|المهام|المنجز|الميزانية|المشاريع حسب المرحلة",
    ),
}
