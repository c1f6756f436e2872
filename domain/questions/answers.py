"""The words that answer our questions, in every language: what is offered, and what is understood.

What counts as an answer is a law and no translation, so the words stand here. An office may answer in any of
the languages, whatever the question's, with accents or without. Refuses a word that would mean two things.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from domain.language import ENGLISH_TAG, Language
from domain.plans.project import Stage


class Reply(StrEnum):
    """What a word of an answer means."""

    FINISH = "finish"
    GATE = "gate"
    ADOPT = "adopt"
    SAME = "same"
    DIFFERENT = "different"
    APPROVE = "approve"
    REJECT = "reject"
    TEMPLATE = "template"
    KEEP = "keep"
    ACKNOWLEDGE = "acknowledge"
    ANALYSIS = "analysis"
    AMENDMENT = "amendment"
    TAILORING = "tailoring"
    DEVIATION = "deviation"
    EXPLANATION = "explanation"
    NOTHING = "nothing"
    HOLDS = "holds"
    FAILS = "fails"
    DONE = "done"
    CANNOT = "cannot"
    WITHDRAW = "withdraw"
    CHECK = "check"
    DISSENT = "dissent"
    OBJECT = "object"


WORDS: Mapping[Reply, Mapping[str, tuple[str, ...]]] = {
    Reply.FINISH: {
        "en": ("finish", "finish old", "finish_old", "complete"),
        "de": ("abschließen", "fertigstellen", "beenden"),
        "es": ("finalizar", "terminar", "acabar"),
        "fr": ("terminer", "achever", "finir"),
        "pt": ("concluir", "terminar", "finalizar", "acabar"),
    },
    Reply.GATE: {
        "en": ("gate", "next gate", "at the next gate", "adopt at the next gate"),
        "de": ("Meilenstein", "nächster Meilenstein", "am nächsten Meilenstein", "Gate"),
        "es": ("hito", "próximo hito", "en el próximo hito"),
        "fr": ("jalon", "prochain jalon", "au prochain jalon"),
        "pt": ("marco", "próximo marco", "no próximo marco"),
    },
    Reply.ADOPT: {
        "en": ("adopt", "adopt now"),
        "de": ("übernehmen", "umstellen", "jetzt übernehmen"),
        "es": ("adoptar", "adoptar ahora"),
        "fr": ("adopter", "adopter maintenant"),
        "pt": ("adotar", "adoptar", "adotar agora", "adoptar agora"),
    },
    Reply.SAME: {
        "en": ("same", "the same"),
        "de": ("gleich", "dasselbe", "identisch"),
        "es": ("igual", "mismo", "el mismo", "idéntico"),
        "fr": ("identique", "même", "le même"),
        "pt": ("igual", "mesmo", "o mesmo", "idêntico"),
    },
    Reply.DIFFERENT: {
        "en": ("different",),
        "de": ("verschieden", "unterschiedlich", "anders"),
        "es": ("diferente", "distinto", "otro"),
        "fr": ("différent", "distinct", "autre"),
        "pt": ("diferente", "distinto", "outro"),
    },
    Reply.APPROVE: {
        "en": ("approve", "approved", "accept", "accepted"),
        "de": ("genehmigen", "genehmigt", "freigeben", "freigegeben"),
        "es": ("aprobar", "aprobado", "aprobada", "aceptar", "aceptado", "aceptada"),
        "fr": ("approuver", "approuvé", "approuvée", "accepter", "accepté", "acceptée"),
        "pt": ("aprovar", "aprovado", "aprovada", "aceitar", "aceito", "aceite"),
    },
    Reply.REJECT: {
        "en": ("reject", "rejected", "decline", "declined"),
        "de": ("ablehnen", "abgelehnt", "zurückweisen", "zurückgewiesen"),
        "es": ("rechazar", "rechazado", "rechazada"),
        "fr": ("rejeter", "rejeté", "rejetée", "refuser", "refusé", "refusée"),
        "pt": ("rejeitar", "rejeitado", "rejeitada", "recusar", "recusado", "recusada"),
    },
    Reply.TEMPLATE: {
        "en": ("template", "theirs"),
        "de": ("Vorlage", "die Vorlage"),
        "es": ("plantilla", "la plantilla"),
        "fr": ("modèle", "le modèle"),
        "pt": ("modelo", "o modelo"),
    },
    Reply.KEEP: {
        "en": ("keep", "ours"),
        "de": ("behalten",),
        "es": ("mantener", "conservar"),
        "fr": ("garder", "conserver"),
        "pt": ("manter",),
    },
    Reply.ACKNOWLEDGE: {
        "en": ("acknowledge", "seen"),
        "de": ("gesehen", "zur Kenntnis genommen"),
        "es": ("visto", "recibido"),
        "fr": ("vu", "reçu"),
        "pt": ("visto", "recebido"),
    },
    Reply.ANALYSIS: {
        "en": ("analysis", "finding"),
        "de": ("Analyse", "Befund"),
        "es": ("análisis",),
        "fr": ("analyse", "constat"),
        "pt": ("análise",),
    },
    Reply.AMENDMENT: {
        "en": ("amendment", "amend the rule"),
        "de": ("Regeländerung", "Regel ändern"),
        "es": ("enmienda", "cambiar la regla"),
        "fr": ("amendement", "modifier la règle"),
        "pt": ("alteração da regra", "alterar a regra"),
    },
    Reply.TAILORING: {
        "en": ("tailoring",),
        "de": ("Anpassung",),
        "es": ("adaptación",),
        "fr": ("adaptation",),
        "pt": ("adaptação",),
    },
    Reply.DEVIATION: {
        "en": ("deviation",),
        "de": ("Abweichung",),
        "es": ("desviación",),
        "fr": ("dérogation",),
        "pt": ("desvio",),
    },
    Reply.EXPLANATION: {
        "en": ("explanation", "explain"),
        "de": ("Erklärung", "erklären"),
        "es": ("explicación", "explicar"),
        "fr": ("explication", "expliquer"),
        "pt": ("explicação", "explicar"),
    },
    Reply.NOTHING: {
        "en": ("nothing", "no change", "no comment"),
        "de": ("nichts", "keine Änderung", "kein Kommentar"),
        "es": ("nada", "sin cambios", "sin comentarios"),
        "fr": ("rien", "sans changement", "sans commentaire"),
        "pt": ("nada", "sem alteração", "sem comentários"),
    },
    Reply.HOLDS: {
        "en": ("works", "it works", "holds"),
        "de": ("funktioniert", "passt"),
        "es": ("funciona",),
        "fr": ("fonctionne", "ça fonctionne"),
        "pt": ("funciona",),
    },
    Reply.FAILS: {
        "en": ("fails", "does not work", "it does not work"),
        "de": ("funktioniert nicht", "passt nicht"),
        "es": ("no funciona",),
        "fr": ("ne fonctionne pas",),
        "pt": ("não funciona",),
    },
    Reply.DONE: {
        "en": ("done", "carried out"),
        "de": ("erledigt", "umgesetzt"),
        "es": ("hecho", "realizado"),
        "fr": ("fait", "réalisé"),
        "pt": ("feito", "realizado"),
    },
    Reply.CANNOT: {
        "en": ("cannot", "cannot be done"),
        "de": ("nicht möglich", "unmöglich"),
        "es": ("no es posible", "imposible"),
        "fr": ("impossible",),
        "pt": ("não é possível", "impossível"),
    },
    Reply.WITHDRAW: {
        "en": ("withdraw", "withdrawn"),
        "de": ("zurückziehen", "zurückgezogen"),
        "es": ("retirar", "retirado"),
        "fr": ("retirer", "retiré"),
        "pt": ("retirar", "retirado"),
    },
    Reply.CHECK: {
        "en": ("check",),
        "de": ("Prüfung",),
        "es": ("comprobación",),
        "fr": ("vérification",),
        "pt": ("verificação",),
    },
    Reply.DISSENT: {
        "en": ("dissent",),
        "de": ("Widerspruch",),
        "es": ("disconformidad",),
        "fr": ("désaccord",),
        "pt": ("discordância",),
    },
    Reply.OBJECT: {
        "en": ("object", "objection", "we object"),
        "de": ("Einspruch", "Einspruch erheben"),
        "es": ("objeción", "objetar"),
        "fr": ("objection", "faire objection"),
        "pt": ("objeção", "objetar", "objecção"),
    },
}
"""What is understood, by meaning and language; the first word of each language is the one that is offered."""
STAGES: Mapping[Stage, Mapping[str, tuple[str, ...]]] = {
    Stage.PROPOSED: {
        "en": ("proposed",),
        "de": ("vorgeschlagen", "beantragt"),
        "es": ("propuesto",),
        "fr": ("proposé",),
        "pt": ("proposto",),
    },
    Stage.PLANNING: {
        "en": ("planning",),
        "de": ("Planung", "in Planung"),
        "es": ("planificación",),
        "fr": ("planification",),
        "pt": ("planeamento", "planejamento"),
    },
    Stage.EXECUTION: {
        "en": ("execution",),
        "de": ("Umsetzung", "Durchführung", "in Umsetzung"),
        "es": ("ejecución",),
        "fr": ("exécution", "réalisation"),
        "pt": ("execução",),
    },
    Stage.CLOSING: {
        "en": ("closing",),
        "de": ("Abschluss", "im Abschluss"),
        "es": ("cierre",),
        "fr": ("clôture",),
        "pt": ("encerramento",),
    },
    Stage.CLOSED: {
        "en": ("closed",),
        "de": ("abgeschlossen",),
        "es": ("cerrado",),
        "fr": ("clos", "fermé"),
        "pt": ("encerrado",),
    },
    Stage.ON_HOLD: {
        "en": ("on hold", "on_hold"),
        "de": ("pausiert", "ruht"),
        "es": ("en espera", "en pausa"),
        "fr": ("en attente", "en pause"),
        "pt": ("em espera", "suspenso"),
    },
}
"""The words for a project's stage, in the same way."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
AROUND = " .!¡"
"""What may stand around an answer. A question mark may not: who asks back has not answered."""


def plain(text: str) -> str:
    """A word as it is compared: without accents, capitals, and signs around it."""
    letters = unicodedata.normalize("NFKD", text.strip().strip(AROUND))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.replace("_", " ").casefold().split())


M = TypeVar("M", bound=StrEnum)


def _by_word(words: Mapping[M, Mapping[str, tuple[str, ...]]]) -> Mapping[str, M]:
    """The meaning of each word as it is compared, umlauts written out too."""
    found: dict[str, M] = {}
    for meaning, languages in words.items():
        for word in (word for each in languages.values() for word in each):
            for form in (plain(word), plain(word.translate(UMLAUTS))):
                if found.setdefault(form, meaning) is not meaning:
                    raise ValueError(f"{word!r} means {found[form]} and {meaning}")
    return found


REPLIES = _by_word(WORDS)
STAGE_WORDS = _by_word(STAGES)


def reply(text: str) -> Reply | None:
    """What an answer means, in any of the languages; None for any other words."""
    return REPLIES.get(plain(text))


def stage(text: str) -> Stage | None:
    """The stage that an answer names, in any of the languages; None for any other words."""
    return STAGE_WORDS.get(plain(text))


def word(meaning: Reply | Stage, language: Language) -> str:
    """The word that is offered for it in a language; the English one where that has none."""
    of = WORDS[meaning] if isinstance(meaning, Reply) else STAGES[meaning]
    return of.get(language.tag, of[ENGLISH_TAG])[0]
