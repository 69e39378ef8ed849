"""Certificates that were issued after the backup that was restored are listed, and can be had."""

import pytest

from accounts.models import User
from audit import keyring
from retention.certificates.signing import parse
from retention.models import Certificate, LostCertificate
from tests.cast import client_of
from tests.retention.conftest import Clock
from tests.retention.older import Restored
from tests.retention.replays import disposed, replayed
from tests.retention.scenes import WORDS, held, past_channel
from tests.roles import acting_as

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/records/replays/"


def test_one_that_the_journal_knows_is_listed_and_had_where_the_keyrings_backup_has_it(
    restored: Restored,
    at: Clock,
    alice: User,
    carol: User,
    dana: User,
    hari: User,
    helen: User,
    theo: User,
) -> None:
    past_channel(at, alice)
    with restored():
        disposed(hari, helen)
        issued = Certificate.objects.get()
    replayed()
    replayed()
    (lost,) = LostCertificate.objects.all()
    assert (lost.number, lost.sha256) == (issued.number, issued.sha256)
    file, pages = (f"/records/certificates/{lost.number}.{kind}" for kind in ("json", "pdf"))
    reader = client_of(helen)
    assert lost.sha256 in reader.get(PAGE).content.decode()
    assert PAGE in reader.get("/records/disposals/").content.decode()
    assert {reader.get(one).status_code for one in (file, pages)} == {404}

    _comes_with_the_keyring(issued)
    assert file in reader.get(PAGE).content.decode()
    signed = parse(reader.get(file).content.decode())
    assert signed.holds(keyring.ring().public_key)
    assert (signed.sha256, signed.document["messages"]) == (issued.sha256, len(WORDS))
    assert pages in reader.get(PAGE).content.decode()
    assert reader.get(pages).content.startswith(b"%PDF")
    for outsider in (carol, theo):
        for one in (file, pages):
            assert client_of(outsider).get(one).status_code in {403, 404}
    # It might be of nothing but what is held, and tell them of the hold.
    held(dana, people=[helen])
    assert reader.get(file).status_code == 200
    _comes_with_the_keyring(issued, messages=0)
    assert {reader.get(one).status_code for one in (file, pages)} == {404}
    assert lost.sha256 not in reader.get(PAGE).content.decode()


def _comes_with_the_keyring(issued: Certificate, **said: int) -> None:
    document = issued.document | said
    with acting_as("owner"):
        LostCertificate.objects.update(document=document, signature=issued.signature)
