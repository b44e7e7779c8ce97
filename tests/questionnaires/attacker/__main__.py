"""The proof at length, against the site as it runs: real HTTP, its worker beside, its own logs.

python -m tests.questionnaires.attacker --campaigns 400 [--engine sqlite] [--seed 1]
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

import httpx

from cpts_sessions.core.french import typo
from cpts_sessions.extensions import db
from tests import databases
from tests.factories import make_organisation
from tests.faults.running import Site
from tests.processes import free_port
from tests.questionnaires.attacker.campaign import PEOPLE, Send
from tests.questionnaires.attacker.proof import attack_boxes, attack_naive, broken, by_chance, installation


def main() -> None:
    """Print what the attacker finds on each engine; exit code 1 when it is more than chance, or when it is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaigns", type=int, default=400)
    parser.add_argument("--engine", choices=databases.ENGINES)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    failed = False
    for engine in [given.engine] if given.engine else databases.ENGINES:
        seed = random.SystemRandom().getrandbits(32) if given.seed is None else given.seed
        failed |= prove(engine, given.campaigns, random.Random(seed), seed)
    sys.exit(failed)


def prove(engine: str, campaigns: int, chance: random.Random, seed: int) -> bool:
    """Attack both; return whether the promise is broken."""
    with tempfile.TemporaryDirectory() as name, installation(engine, Path(name)) as (_, url):
        control = attack_naive(max(10, campaigns // 20), chance)
        useless = broken(control, engine)
        print(f"{engine}, naive designs: {useless or 'every way of the attack finds at least 9.9/10'}", flush=True)
        port = free_port()
        organisation_id = make_organisation(public_url=f"http://127.0.0.1:{port}").id
        db.session.commit()
        with Site(Path(name), url, port=port) as site, httpx.Client(base_url=site.url) as client:
            found = attack_boxes(organisation_id, campaigns, _by(client), chance)
            log = [line for line in site.log.read_text().splitlines() if line not in _greeting(site.url)]
    print(f"{engine}, sealed boxes, {campaigns} campaigns of {PEOPLE} (seed {seed}): {by_chance(found)}", flush=True)
    if log:
        print(f"{engine}: the site wrote to its log: {log}", flush=True)
    return bool(useless or log) or found.most > found.bound


def _greeting(url: str) -> tuple[str, ...]:
    """What `serve` says when it opens, and nothing later."""
    return "", typo(f"Le site est ouvert : {url}"), "Ctrl-C l’arrête."


def _by(client: httpx.Client) -> Send:
    def send(path: str, fields: dict[str, object]) -> int:
        return client.post(path, data=fields).status_code

    return send


if __name__ == "__main__":
    main()
