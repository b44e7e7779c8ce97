"""Everything that is looked at, in the order in which one thing explains the next."""

from flask import current_app

import config
from cpts_sessions.installation.doctor.database import (
    examine_boxes,
    examine_database,
    examine_key_of_start,
    examine_worker,
    is_usable,
)
from cpts_sessions.installation.doctor.findings import Finding, Level
from cpts_sessions.installation.doctor.machine import examine_clock, examine_disk, examine_files, examine_keys
from cpts_sessions.installation.doctor.outside import examine_addresses, examine_mail, examine_mailbox, examine_proxies
from cpts_sessions.organisations import queries


def examine() -> list[Finding]:
    """Look at the whole installation; nothing is changed, and no mail is sent."""
    settings: config.Settings = current_app.config["SETTINGS"]
    findings = examine_database()
    usable = is_usable()
    organisations = queries.every() if usable else []
    is_production = any(not one.is_demonstration for one in organisations)
    if usable:
        findings += examine_worker()
        findings += examine_addresses(settings, organisations)
    findings += [examine_proxies(settings, organisations), examine_mail(settings, is_production=is_production)]
    findings.append(examine_mailbox(settings))
    if usable:
        findings += examine_key_of_start(settings)
    findings += examine_keys(settings, is_production=is_production)
    if usable:
        findings += examine_boxes()
    findings += examine_files(settings)
    return [*findings, examine_disk(settings), examine_clock()]


def worst(findings: list[Finding]) -> Level:
    """Return the most serious level found."""
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.WRONG, Level.CAREFUL) if level in levels), Level.GOOD)
