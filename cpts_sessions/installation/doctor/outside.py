"""What others see: public addresses, the reverse proxy, the mail server."""

import smtplib
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from config import Settings
from cpts_sessions.installation.doctor.findings import Finding, careful, good, wrong
from cpts_sessions.installation.founding import authority
from cpts_sessions.mail import imap, smtp
from cpts_sessions.organisations.models import Organisation

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def examine_addresses(settings: Settings, organisations: Sequence[Organisation]) -> list[Finding]:
    """Look at where each CPTS answers, and who signs its e-mails."""
    if not organisations:
        return [careful("Il n’y a pas encore de CPTS.", "cpts-sessions start « CPTS … » --email vous@… en crée une.")]
    shared = Counter(authority(one.public_url) for one in organisations)
    findings = [finding for one in organisations for finding in _of_one(one, settings, len(organisations))]
    if max(shared.values()) > 1:
        advice = "Donnez à chacune une adresse à elle : c’est elle qui dit de quelle CPTS est une page."
        findings.append(wrong("Deux CPTS répondent à la même adresse.", advice))
    return findings


def _of_one(organisation: Organisation, settings: Settings, count: int) -> Iterator[Finding]:
    name, url = organisation.name, organisation.public_url
    if organisation.is_demonstration:
        yield good(f"Démonstration en place : {name}, {url}. Ses messages ne partent jamais.")
        return
    host = urlsplit(url).hostname or ""
    if host in _LOOPBACK:
        advice = "Donnez-lui son adresse publique, en https : les liens des messages n’ouvrent rien ailleurs qu’ici."
        yield careful(f"{name} répond à {url}, une adresse que personne d’autre n’atteint.", advice)
    elif not url.startswith("https://"):
        advice = "Mettez un mandataire https devant le site, puis l’adresse en https:// ; voyez docs/exploitation.md."
        yield wrong(f"{name} répond à {url} : les noms et les liens circulent en clair.", advice)
    else:
        yield good(f"{name} répond à {url}.")
    if count == 1 and authority(settings.public_url) != authority(url):
        advice = "Corrigez celle des deux qui se trompe : c’est celle de la CPTS qui est écrite dans les messages."
        yield careful(f"PUBLIC_URL dit {settings.public_url}, la CPTS {url}.", advice)
    if organisation.mail_address.endswith("@cpts.example.org"):
        advice = "Mettez l’adresse d’envoi de votre CPTS : les réponses à celle-ci se perdent."
        level = wrong if settings.smtp_url else careful
        yield level(f"{name} écrit sous {organisation.mail_address}, une adresse d’exemple.", advice)


def examine_proxies(settings: Settings, organisations: Sequence[Organisation]) -> Finding:
    """Look at how many proxies are believed, against what the public addresses say."""
    trusted = settings.trusted_proxies
    is_https = any(one.public_url.startswith("https://") for one in organisations)
    if trusted < 0:
        return wrong(f"TRUSTED_PROXIES={trusted} ne veut rien dire.", "Mettez 0, ou 1 derrière un mandataire https.")
    if is_https and trusted == 0:
        advice = "Mettez TRUSTED_PROXIES=1 : sans lui, le site ne sait pas qu’on l’appelle en https."
        return careful("L’adresse publique est en https, et aucun mandataire n’est cru.", advice)
    if trusted > 2:
        advice = "Comptez les mandataires devant le site : un nombre trop grand laisse les visiteurs mentir."
        return careful(f"TRUSTED_PROXIES={trusted} : c’est beaucoup.", advice)
    if trusted and not is_https and settings.host not in _LOOPBACK:
        advice = "Mettez 0 s’il n’y a pas de mandataire : n’importe qui pourrait écrire ses en-têtes."
        return careful(f"TRUSTED_PROXIES={trusted}, et le site écoute sur {settings.host}.", advice)
    return good(f"Mandataires crus : {trusted}.")


def examine_mail(settings: Settings, *, is_production: bool) -> Finding:
    """Look at the mail server: reach it, greet it, sign in; nothing is sent."""
    if not settings.smtp_url:
        sentence = "SMTP_URL n’est pas réglé : les messages attendent, lisibles, dans l’application."
        if is_production:
            return careful(sentence, "Donnez le serveur d’envoi de votre CPTS : personne ne reçoit rien.")
        return good(sentence)
    try:
        server = smtp.parse(settings.smtp_url)
    except ValueError as refusal:
        return wrong(str(refusal), "Corrigez SMTP_URL : voyez docs/settings.md.")
    return _reached(server)


def examine_mailbox(settings: Settings) -> Finding:
    """Look at the mailbox where answers come in: reach it, sign in, open its folder; nothing is marked."""
    if not settings.imap_url:
        return good("IMAP_URL n’est pas réglé : les réponses des agendas ne sont pas lues, seulement celles du site.")
    try:
        server = imap.parse(settings.imap_url)
    except ValueError as refusal:
        return wrong(str(refusal), "Corrigez IMAP_URL : voyez docs/settings.md.")
    where = f"{server.host}, port {server.port}"
    try:
        imap.look(server)
    except imap.FAULTS as fault:
        advice = "Vérifiez IMAP_URL, le mot de passe (souvent un mot de passe d’application) et le pare-feu."
        return wrong(f"La boîte des réponses ne se lit pas ({where}) : {imap.trouble_of(fault)}.", advice)
    return good(f"La boîte des réponses se lit : {where}.")


def _reached(server: smtp.MailServer) -> Finding:
    where = f"{server.host}, port {server.port}"
    try:
        with smtp.connect() as connection:
            if connection.host is not None:  # None where nothing is ever sent
                connection.host.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError:
        return wrong(f"Le serveur d’envoi {where} refuse l’identifiant ou le mot de passe.", "Corrigez SMTP_URL.")
    except (OSError, smtplib.SMTPException) as fault:
        advice = "Vérifiez le nom, le port, le pare-feu et le certificat ; SMTP_URL est décrit dans docs/settings.md."
        return wrong(f"Le serveur d’envoi {where} ne répond pas : {type(fault).__name__}.", advice)
    if server.security == "smtp" and server.host not in _LOOPBACK:
        advice = "Préférez smtps:// ou smtp+starttls://."
        return careful(f"Le serveur d’envoi {where} répond, sans chiffrement.", advice)
    return good(f"Le serveur d’envoi {where} répond.")
