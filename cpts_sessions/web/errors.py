"""The pages shown when something went wrong: what happened, what is kept, what to do now."""

import secrets
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from cpts_sessions.core.errors import RuleBroken

_AGENDA = ("/", "Voir les prochaines séances")
_RETRY = ("", "Réessayer")  # the address that was asked
_NOTHING_SAVED = "Rien n’a été enregistré. Revenez en arrière, rechargez la page et recommencez."


@dataclass(frozen=True)
class _Page:
    title: str
    text: str
    action: tuple[str, str] = _AGENDA


_PAGES = {
    400: _Page("Nous n’avons pas compris cette demande", _NOTHING_SAVED),
    403: _Page(
        "Cette page ne vous est pas ouverte",
        f"Votre connexion est bonne, mais ce formulaire a expiré ou n’est pas pour vous. {_NOTHING_SAVED}",
        ("/ma-page", "Revenir à ma page"),
    ),
    404: _Page(
        "Il n’y a rien à cette adresse",
        "La séance a pu être retirée, ou le lien coupé dans un message. Vos inscriptions, elles, n’ont pas bougé.",
    ),
    405: _Page("Cette adresse ne s’ouvre pas ainsi", f"Elle sert à un bouton d’une page. {_NOTHING_SAVED}"),
    410: _Page(
        "Ce lien a fini de servir",
        "Il a déjà été utilisé, ou son délai est passé. Rien n’a changé de votre côté. "
        "Demandez-en un nouveau pour ouvrir votre page.",
        ("/connexion", "Recevoir un nouveau lien"),
    ),
    413: _Page(
        "Ce fichier est trop gros",
        "La limite est de 10 Mo. Rien n’a été enregistré. Allégez le fichier ou coupez-le en deux, puis recommencez.",
        ("", "Choisir un autre fichier"),
    ),
    429: _Page(
        "Un peu trop vite",
        "Beaucoup de demandes sont arrivées d’ici en peu de temps. Ce qui était enregistré l’est toujours. "
        "Réessayez dans 10 minutes.",
        _RETRY,
    ),
    500: _Page(
        "Quelque chose n’a pas marché chez nous",
        "Votre dernière action n’a pas été enregistrée ; tout ce qui précède l’est. Réessayez dans un instant. "
        "Si cela recommence, écrivez à {contact} en indiquant le repère {reference}.",
        _RETRY,
    ),
    503: _Page(
        "L’application fait une courte pause",
        "Nous n’avons rien enregistré de votre dernière action, et rien d’autre n’est perdu. "
        "Réessayez dans quelques minutes.",
        _RETRY,
    ),
}
_NO_CPTS = _Page(
    "Aucune CPTS à cette adresse",
    "Le site est installé, mais aucune CPTS ne répond ici. Pour en créer une, la personne qui administre le serveur "
    "y tape : cpts-sessions start « CPTS de … » --email adresse. Pour essayer d’abord : cpts-sessions demo load.",
    _RETRY,
)
_EXPIRED = "Ce formulaire était ouvert depuis longtemps. Votre saisie est gardée : envoyez à nouveau."


def install(app: Flask) -> None:
    """Answer every error of the application with a page in French, without any trace of the code."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(RuleBroken, _refused)
    app.register_error_handler(OverflowError, _not_understood)  # a number no column holds: SQLite
    app.register_error_handler(DataError, _not_understood)  # the same, and NUL in a text: PostgreSQL
    app.register_error_handler(Exception, _fault)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400 or error.response is not None:  # the router's own redirects, an answer a view made
        return error
    page = _NO_CPTS if code == HTTPStatus.NOT_FOUND and _is_nobodys() else None
    page = page or _PAGES.get(code) or _PAGES[400 if code < 500 else 500]
    body, status = _render(page, code)
    answer = current_app.make_response((body, status))
    if code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers.extend(error.get_headers(request.environ))
        answer.content_type = "text/html; charset=utf-8"
    return answer


def _not_understood(_error: Exception) -> ResponseReturnValue:
    """A value that only somebody who writes requests by hand can send."""
    return _render(_PAGES[400], HTTPStatus.BAD_REQUEST)


def _is_nobodys() -> bool:
    """Whether no organisation answers at this Host; a database out of reach does not say so."""
    try:
        return g.site_or_none is None
    except SQLAlchemyError:
        return False


def _refused(refusal: RuleBroken) -> ResponseReturnValue:
    """A one-button act that a rule refuses: the sentence is the page."""
    return _render(_Page("Rien n’a été enregistré", str(refusal), ("", "Revenir à la page")), HTTPStatus.CONFLICT)


def _form_expired(error: CSRFError) -> ResponseReturnValue:
    """A form whose token no longer holds: what was typed comes back, one button from being sent again.

    Only when the browser says that the form came from this site: another site must not prepare an act.
    """
    origin = urlsplit(request.headers.get("Origin") or request.referrer or "")
    if origin.netloc != request.host or request.files:
        return _render(_PAGES[400], HTTPStatus.BAD_REQUEST)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return render_template("errors/expired.html", text=_EXPIRED, kept=kept), HTTPStatus.BAD_REQUEST


def _fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged under a reference the reader can quote.

    Neither the path (links are secret) nor the message (PostgreSQL quotes the values of rows) is in the log.
    """
    if current_app.config["TESTING"] or current_app.debug:
        raise error
    reference = secrets.token_hex(4)
    told = "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__
    current_app.logger.error("Repère %s : %s %s\n%s", reference, request.method, request.endpoint, told)
    return _render(_PAGES[500], 500, reference)


def _render(page: _Page, code: int, reference: str = "") -> tuple[str, int]:
    """Write an error page outside the context of pages: it must not need what may just have failed."""
    site = g.site_or_none
    contact = site.mail_address if site else "la coordination"
    url, label = page.action
    body = current_app.jinja_env.get_template("errors/error.html").render(
        organisation=site,
        title=page.title,
        text=page.text.format(contact=contact, reference=reference),
        url=url or _same_page(),
        label=label,
    )
    return body, code


def _same_page() -> str:
    """Return where « Réessayer » leads: the page asked for, or the one that held the form."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    origin = urlsplit(request.referrer or "")
    return origin.path or "/" if origin.netloc == request.host else "/"
