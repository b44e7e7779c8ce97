"""What the coordination is told of a box: opened, carried, destroyed. Nothing here names a participant."""

from cpts_sessions.core.french import number
from cpts_sessions.extensions import db
from cpts_sessions.organisations.models import Organisation
from cpts_sessions.people.messages import write_to
from cpts_sessions.programmes.wording import programme_values
from cpts_sessions.questionnaires.models import Box
from cpts_sessions.registrations.coordination import coordinators


def opened(box: Box) -> None:
    """Tell the coordination that the answers can be read."""
    organisation = db.session.get_one(Organisation, box.organisation_id)
    link = f"{organisation.public_url}/coordination/questionnaires/{box.public_id}"
    _tell(box, "urne_depouillee", {"taux_reponse": response_rate(box), "lien_resultats": link})


def carried(box: Box) -> None:
    """Tell the coordination that the answers, too few, wait for those of the next year."""
    _tell(box, "urne_reportee", {})


def destroyed(box: Box) -> None:
    """Tell the coordination that the answers, too few for 24 months, are gone."""
    _tell(box, "urne_detruite", {})


def response_rate(box: Box) -> str:
    """Return « Taux de réponse : 6 sur 16 (38 %). », for an opened box; without percentage when nobody was invited."""
    respondents, invited = box.respondents or 0, box.invited or 0
    if invited < respondents:
        return f"{number(respondents)} personnes ont répondu."
    share = f"{number(respondents)} sur {number(invited)} ({number(round(100 * respondents / invited))} %)"
    return f"Taux de réponse : {share}."


def _tell(box: Box, kind: str, values: dict[str, str]) -> None:
    told = {**programme_values(box.programme), "annee": str(box.year), **values}
    for person in coordinators(box.organisation_id):
        write_to(person, kind, told)
