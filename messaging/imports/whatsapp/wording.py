"""WhatsApp's own words, language by language, as far as they are known.

What a person typed may hold the same words, so nothing here is ever looked for with `in`: a
phrase counts only at the place where WhatsApp writes it. An unknown language is met by the
structure of a line instead (markers.py).
"""

import re

ATTACHED_IOS = "attached|Anhang|adjunto|pièce jointe|allegato|anexado|anexo|bijgevoegd|المُرفق"
ATTACHED_ANDROID = (
    "file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato"
    "|arquivo anexado|ficheiro anexado|bestand bijgevoegd|الملف مرفق"
)
OMITTED_IOS = (
    "omitted|weggelassen|omitid[oa]|absente?|omess[oa]|ocultad[oa]|não revelad[oa]|weggelaten"
)
OMITTED_ANDROID = frozenset(
    {
        "Media omitted",
        "Medien ausgeschlossen",
        "Medien weggelassen",
        "Multimedia omitido",
        "Médias omis",
        "Media omessi",
        "Mídia oculta",
        "Ficheiro não revelado",
        "Media weggelaten",
        "تم استبعاد الوسائط",
    }
)
EDITED = frozenset(
    {
        "This message was edited",
        "Diese Nachricht wurde bearbeitet",
        "Se editó este mensaje",
        "Ce message a été modifié",
        "Questo messaggio è stato modificato",
        "Mensagem editada",
        "Esta mensagem foi editada",
        "Dit bericht is bewerkt",
    }
)
DELETED = frozenset(
    {
        "This message was deleted",
        "You deleted this message",
        "Diese Nachricht wurde gelöscht",
        "Du hast diese Nachricht gelöscht",
        "Se eliminó este mensaje",
        "Eliminaste este mensaje",
        "Ce message a été supprimé",
        "Vous avez supprimé ce message",
        "Questo messaggio è stato eliminato",
        "Hai eliminato questo messaggio",
        "Mensagem apagada",
        "Você apagou esta mensagem",
        "Esta mensagem foi apagada",
        "Apagou esta mensagem",
        "Dit bericht is verwijderd",
        "U hebt dit bericht verwijderd",
        "تم حذف هذه الرسالة",
    }
)
ENGLISH = frozenset(
    {"Media omitted", "This message was edited", "This message was deleted"}
    | {"You deleted this message"}
)
VIEW_ONCE = "You received a view once message."
POLL = re.compile(r"(?:POLL|ENCUESTA|UMFRAGE|SONDAGE|SONDAGGIO|ENQUETE|PEILING):")
LOCATION = re.compile(
    r"(?:[Ll]ocation|Standort|Ubicación|Localisation|Posizione|Localização|Locatie): ?https?://\S+"
    r"|(?:[^\n]+\n){0,2}[Ll]ocation: https://\S+"
    r"|[^\n]*: ?https://(?:maps\.google\.com|foursquare\.com)/\S+"
    r"|[Ll]ive location shared"
)

_NAMED = "[“\"'].*[”\"']"
# Whole system lines in English; X and Y are names. `re.DOTALL` is off: they have one line.
_NOTICE = re.compile(
    r"Messages and calls are end-to-end encrypted\..*"
    r"|Messages (?:you send )?to this (?:group|chat).* (?:secured|encrypted).*"
    rf"|.+ created group {_NAMED}"
    r"|.+ created this group"
    r"|.+ (?:added|removed) .+"
    r"|.+ was (?:added|removed)"
    r"|.+ left"
    r"|.+ joined using (?:this group's invite link|a group link\.?|your invite)"
    rf"|.+ changed the (?:subject|group name) .*to {_NAMED}"
    r"|.+ changed this group['’]s (?:icon|settings.*)"
    r"|.+ (?:changed|deleted) the group description"
    r"|You['’]re (?:now|no longer) an admin"
    r"|Your security code with .+ changed\..*"
    r"|.+ changed to \+.+"
    r"|.+ changed their phone number to a new number\..*"
    r"|.+ turned (?:on|off) disappearing messages\..*"
    r"|.+ updated the message timer.*"
    r"|.+ pinned a message"
)
_MAX_NOTICE = 1_000  # characters; keeps the pattern above from labouring at a long text


def is_notice(text: str) -> bool:
    """Tell whether a whole text is one of WhatsApp's own notices in English."""
    return len(text) <= _MAX_NOTICE and bool(_NOTICE.fullmatch(text))


# What begins a system line that quotes a title: a ": " after it belongs to the title.
OPENS_A_TITLE = re.compile(
    r".+ (?:changed the (?:subject|group name)|created group)\b.*[“\"„«'][^”\"»]*"
)
