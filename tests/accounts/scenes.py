"""Scenes for the tests of accounts: a real school, made by its own services."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client

from accounts import bell
from accounts.models import Provenance, User
from accounts.roles import Role
from accounts.services.people import Newcomer, accept_invitation, invite_person
from accounts.services.school import give_roles_at_setup, write_provenance
from audit.models import Entry

PASSWORD = "copper kettle on the hob"
TOTP_PERIOD = 30  # seconds
_ENOUGH_SECONDS = 3


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The named cast; Helen is the head and Chris the chair of governors."""

    alice: User
    bob: User
    carol: User
    dana: User
    hari: User
    priya: User
    theo: User
    gwen: User
    helen: User
    chris: User


ROLES: dict[str, list[Role]] = {
    "alice": [],
    "bob": [],
    "carol": [],
    "dana": [Role.DSL],
    "hari": [Role.HR_INVESTIGATOR],
    "priya": [Role.DPO],
    "theo": [Role.IT_ADMIN],
    "gwen": [Role.AUDITOR],
    "helen": [Role.APPROVER],
    "chris": [Role.APPROVER],
}


def found(kind: Provenance.Kind = Provenance.Kind.SCHOOL) -> Cast:
    """A database of this kind with everybody joined."""
    write_provenance(kind=kind, school_name="Hazel Lane")
    invited = {
        name: invite_person(
            by=None, newcomer=Newcomer(email=f"{name}@school.test", display_name=name.title())
        )
        for name in ROLES
    }
    give_roles_at_setup(people={invited[name].person: roles for name, roles in ROLES.items()})
    return Cast(
        **{
            name: accept_invitation(secret=one.secret, password=PASSWORD)
            for name, one in invited.items()
        }
    )


def sign_in(person: User, client: Client | None = None) -> Client:
    """A browser in which this person has signed in by the page."""
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def enrol(person: User) -> str:
    """An authenticator app for this person; returns its secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 s later; not in the last moment of a step, since
    the code would be over when it is looked at."""
    left = TOTP_PERIOD - time.time() % TOTP_PERIOD
    if left < _ENOUGH_SECONDS:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD + steps)))


def sign_in_with_factor(person: User) -> Client:
    """A browser in which this person has signed in with password and code."""
    secret = enrol(person)
    client = sign_in(person)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content
    return client


def entries_of(act: Callable[[], object]) -> list[Entry]:
    """The entries that an act writes."""
    before = Entry.objects.count()
    act()
    return list(Entry.objects.order_by("id")[before:])


def bells_of(act: Callable[[], object]) -> list[dict[str, list[str]]]:
    """The payloads that an act rings, as they go out."""
    with patch.object(bell, "ring", wraps=bell.ring) as ringing:
        act()
    rung = [payload for call in ringing.call_args_list for payload in call.args[0]]
    found: list[dict[str, list[str]]] = json.loads(json.dumps(rung))
    return found


def fact(entry: Entry, name: str) -> Any:
    """One fact of an entry."""
    return entry.facts[name]


def record_of(entry: Entry) -> UUID:
    """The sealed record that an entry names."""
    return UUID(entry.facts["record"])
