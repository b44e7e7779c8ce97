"""The address of the mail server, as SMTP_URL gives it."""

import re

import pytest

from cpts_sessions.mail import smtp


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", smtp.MailServer(security="smtp", host="localhost", port=25)),
        (
            "smtps://cpts%40example.org:p%40ss%3A@mail.example.org",
            smtp.MailServer(
                security="smtps", host="mail.example.org", port=465, username="cpts@example.org", password="p@ss:"
            ),
        ),
        (
            "smtp+starttls://u:p@courriel.santé.example:2525",
            smtp.MailServer(
                security="smtp+starttls", host="courriel.xn--sant-epa.example", port=2525, username="u", password="p"
            ),
        ),
    ],
)
def test_the_address_of_a_server_is_read(url: str, server: smtp.MailServer) -> None:
    assert smtp.parse(url) == server


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mail.example.org:25", "SMTP_URL commence par smtp://, smtp+starttls:// ou smtps://."),
        ("smtp://", "SMTP_URL : il manque le nom du serveur."),
        ("smtp://mail.example.org:port", "SMTP_URL : le port n’est pas un nombre valable."),
        ("smtps://seul@mail.example.org", "SMTP_URL : il faut un identifiant et un mot de passe, ou aucun des deux."),
        ("smtps://u:%C3%A9@h", "SMTP_URL : l’identifiant et le mot de passe sont en lettres sans accent."),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_french(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        smtp.parse(url)
