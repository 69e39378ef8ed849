"""The named cast: who they are and which roles they hold."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Part:
    """A person of the cast."""

    name: str
    title: str
    roles: tuple[Role, ...] = ()


CAST = {
    "alice": Part(name="Alice Adeyemi", title="Year 5 teacher"),
    "bob": Part(name="Bob Brennan", title="Year 3 teacher"),
    "carol": Part(name="Carol Chu", title="Supply teacher"),
    "dana": Part(name="Dana Doyle", title="Deputy head, DSL", roles=(Role.DSL,)),
    "hari": Part(name="Hari Hussain", title="Business manager", roles=(Role.HR_INVESTIGATOR,)),
    "priya": Part(name="Priya Patel", title="Data protection officer", roles=(Role.DPO,)),
    "theo": Part(name="Theo Thomas", title="IT technician", roles=(Role.IT_ADMIN,)),
    "gwen": Part(name="Gwen Griffiths", title="Governor", roles=(Role.AUDITOR,)),
    "helen": Part(name="Helen Hart", title="Headteacher", roles=(Role.APPROVER,)),
    "chris": Part(name="Chris Cole", title="Chair of governors", roles=(Role.APPROVER,)),
}


def enter(name: str) -> User:
    """A person of the cast steps on stage, with their roles and an authenticator app."""
    part = CAST[name]
    person = User.objects.create_user(
        f"{name}@school.example", display_name=part.name, job_title=part.title
    )
    for role in (Role.STAFF, *part.roles):
        person.groups.add(Group.objects.get(name=role))
    return person


def client_of(person: User, *, second_factor: bool = True) -> Client:
    """A signed-in browser of a person, by default signed in with the second factor."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    if second_factor:
        Authenticator.objects.get_or_create(
            user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "unused"}}
        )
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client
