"""Certificates: what they say against what the database lost, as PDF/A, and superseded."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pypdfium2 as pdfium
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import User
from audit import keyring
from audit.actions import Action
from audit.clock import now
from audit.entries import ItemOfAct, item_leaf
from audit.models import Entry, Item
from audit.sealing import seal_all
from audit.signing import sign_checkpoint
from audit.tree.frontier import root_of
from audit.tree.hashes import leaf_hash
from messaging.models import Message, MessageVersion
from retention.certificates.pdf import pdf_of
from retention.certificates.signing import compose
from retention.copies import note_copies_ended
from retention.models import Certificate, Disposal
from retention.services.messages import reclass_message
from retention.verify import wrong_disposals
from retention.workers import certifying
from retention.workers.destroying import carry_out_approved
from tests.cast import client_of
from tests.retention.conftest import PAST, Clock
from tests.retention.scenes import REASON, WORDS, approved, held, past_channel
from tests.scenes import say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("movable_keyring")]

PLACE = uuid4()

type AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def certificate(
    at: Clock, as_role: AsRole, alice: User, bob: User, hari: User, helen: User
) -> Certificate:
    past_channel(at, alice, bob)
    past_channel(at, alice, bob, name="Another")
    approved(hari, helen)
    with as_role("disposer"):
        (found,) = carry_out_approved()
    return found


@pytest.fixture
def key(tmp_path: Path, certificate: Certificate, helen: User) -> Path:
    """The school's public key, as the page hands it out."""
    file = tmp_path / "signing-key.pem"
    file.write_bytes(client_of(helen).get("/records/signing-key.pem").content)
    return file


def test_it_says_what_was_done(certificate: Certificate) -> None:
    said = certificate.document
    disposal = certificate.disposal
    chunks = disposal.chunks.order_by("number")
    assert said["messages"] == said["versions"] == 2 * len(WORDS)
    assert said["channels"] == 2
    assert (said["first_month"], said["last_month"]) == ("2024-03", "2024-03")
    assert said["holds_checked_at"] == said["carried_out"]["until"]
    assert said["policy"]["action"] == "dispose"
    assert said["beyond_use_on"] == (certificate.issued_at + timedelta(days=35)).date().isoformat()
    assert said["snapshot_days"] is None
    assert "has not said how long it keeps any" in said["remains"]
    assert said["spared"] == disposal.due - sum(chunk.destroyed for chunk in chunks)


def test_its_root_is_over_every_item_that_the_log_names(certificate: Certificate) -> None:
    roots = []
    for entry in Entry.objects.filter(action=Action.DISPOSAL_CHUNK_DONE).order_by("id"):
        items = Item.objects.filter(entry=entry).order_by("index")
        leaves = [
            item_leaf(
                ItemOfAct(
                    subject=item.subject, version=item.version, commitment=bytes(item.commitment)
                )
            )
            for item in items
        ]
        assert leaves
        roots.append(root_of(leaves))
    assert certificate.document["batch_root"] == root_of(map(leaf_hash, roots)).hex()
    entered = Entry.objects.get(action=Action.DISPOSAL_CERTIFIED)
    assert entered.facts["batch_root"] == certificate.document["batch_root"]


def test_its_pdf_is_tagged_pdf_a_with_the_signed_file(
    certificate: Certificate, helen: User
) -> None:
    answer = client_of(helen).get(f"/records/certificates/{certificate.number}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    made = answer.content
    document, text = pdfium.PdfDocument(made), _text(made)
    assert f"Certificate of disposal {certificate.number}" in text
    assert helen.display_name in text
    assert certificate.sha256 in text.replace("\r", "").replace("\n", "")
    assert bytes(document.get_attachment(0).get_data()) == compose(certificate.signed).encode()
    assert b"/StructTreeRoot" in made
    assert b"<pdfaid:part>3</pdfaid:part>" in made
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made


def _text(made: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(made))


def test_the_same_certificate_gives_the_same_pdf(certificate: Certificate) -> None:
    with translation.override("en-gb"):
        assert pdf_of(certificate.signed) == pdf_of(certificate.signed)


@pytest.mark.parametrize("kind", ["pdf", "json"])
def test_either_file_is_checked_with_the_schools_key(
    kind: str, certificate: Certificate, key: Path, tmp_path: Path, helen: User
) -> None:
    file = tmp_path / f"certificate.{kind}"
    url = f"/records/certificates/{certificate.number}.{kind}"
    file.write_bytes(client_of(helen).get(url).content)
    out = io.StringIO()
    call_command("verify_certificate", str(file), "--key", str(key), stdout=out)
    assert f"Certificate {certificate.number}" in out.getvalue()
    assert "as it was signed" in out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"messages": 6', '"messages": 9', "was altered"),
        ('"signature_ed25519": "', '"signature_ed25519": "x', "was altered"),
        ("{", "[", "no certificate"),
    ],
)
def test_an_altered_file_is_refused(
    old: str, new: str, said: str, certificate: Certificate, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.json"
    text = compose(certificate.signed)
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(CommandError, match=said):
        call_command("verify_certificate", str(file), "--key", str(key))


def test_another_schools_key_refuses_it(
    certificate: Certificate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = tmp_path / "certificate.json", tmp_path / "other.hex"
    file.write_text(compose(certificate.signed))
    other.write_text("aa" * 32)
    with pytest.raises(SystemExit):
        call_command("verify_certificate", str(file), "--key", str(other))
    assert "not signed with the key you gave" in capsys.readouterr().err


def test_the_log_proves_it_once_a_checkpoint_covers_it(
    certificate: Certificate, as_role: AsRole, helen: User
) -> None:
    url = f"/records/certificates/{certificate.number}.tlog-proof"
    answer = client_of(helen).get(url, follow=True)
    assert "No checkpoint covers this certificate yet" in answer.content.decode()
    with as_role("sealer"):
        seal_all()
        sign_checkpoint()
    assert client_of(helen).get(url).content.startswith(b"c2sp.org/tlog-proof@v1")


def test_it_is_superseded_when_old_copies_of_the_keyring_were_seen_to_end(
    certificate: Certificate, as_role: AsRole, helen: User
) -> None:
    with as_role("backup"):
        note_copies_ended(PLACE, before=certificate.issued_at - timedelta(seconds=1))
    with as_role("disposer"):
        assert certifying.certify_beyond_use() == [], "copies from before it may be left"
    with as_role("backup"):
        note_copies_ended(PLACE, before=certificate.issued_at + timedelta(days=1))
    with as_role("disposer"):
        (second,) = certifying.certify_beyond_use()
        assert certifying.certify_beyond_use() == []
    said = second.document
    assert said["supersedes"] == certificate.number
    assert said["supersedes_sha256"] == certificate.sha256
    assert said["copies_ended_on"] == now().date().isoformat()
    assert said["beyond_use_on"] == certificate.document["beyond_use_on"]
    assert "to be destroyed" not in said["remains"]
    assert second.signed.holds(keyring.ring().public_key)
    assert second.disposal.certificate == second
    page = client_of(helen).get(f"/records/certificates/{certificate.number}/").content.decode()
    assert f"Certificate {second.number}</a> stands in the place of this one" in page
    page = client_of(helen).get(f"/records/certificates/{second.number}/").content.decode()
    assert "Old copies of the keyring were gone on" in page
    assert not list(wrong_disposals())

    with as_role("owner"):
        Certificate.objects.filter(pk=second.pk).delete()
    assert ["A later certificate" in found.sentence for found in wrong_disposals()] == [True]


def test_the_page_of_health_says_when_nobody_saw_old_copies_end(
    certificate: Certificate, as_role: AsRole, theo: User
) -> None:
    said = "Their time is over"
    assert said not in client_of(theo).get("/manage/health/").content.decode()
    past = now() - timedelta(days=36)
    with as_role("owner"):
        Certificate.objects.filter(pk=certificate.pk).update(issued_at=past)
    assert said in client_of(theo).get("/manage/health/").content.decode()
    with as_role("backup"):
        note_copies_ended(PLACE, before=now() - timedelta(days=35))
    assert said not in client_of(theo).get("/manage/health/").content.decode()


def test_bytes_and_days_are_of_what_was_destroyed_alone(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    channel = past_channel(at, alice, bob)
    with at(PAST + timedelta(days=2)):
        say(alice, channel, "Two days later")
    with at(PAST + timedelta(days=5)):
        say(bob, channel, "What is held is not said to be gone")
    held(dana, person=bob)
    going = MessageVersion.objects.filter(message__author=alice, message__kind="text")
    sealed = sum(len(bytes(version.sealed)) for version in going)
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    said = certificate.document
    assert (said["messages"], said["message_bytes"]) == (len(WORDS) + 1, sealed)
    assert (said["first_day"], said["last_day"]) == ("2024-03-14", "2024-03-16")
    page = client_of(helen).get(f"/records/certificates/{certificate.number}/").content.decode()
    assert "14 March 2024 to 16 March 2024" in page


def test_it_says_what_was_left_out_and_why_but_not_what_is_held(
    at: Clock, as_role: AsRole, alice: User, bob: User, dana: User, hari: User, helen: User
) -> None:
    one, other = past_channel(at, alice), past_channel(at, alice, bob, name="Another")
    held(dana, channel=other, person=bob)
    first = Message.objects.filter(channel=one, kind="text").earliest("seq")
    reclass_message(by=dana, message_id=first.id, record_class="safeguarding", reason=REASON)
    approved(hari, helen)
    with as_role("disposer"):
        (certificate,) = carry_out_approved()
    assert certificate.document["left_out"] == {"review": 1}
    page = client_of(helen).get(f"/records/certificates/{certificate.number}/").content.decode()
    assert "1 left out" in page


def test_what_an_earlier_version_did_not_write_down_is_not_said_to_be_nothing(
    certificate: Certificate, as_role: AsRole, helen: User
) -> None:
    with as_role("owner"):
        disposal = certificate.disposal
        disposal.chunks.filter(number=1).update(first_day=None, last_day=None, bytes=0)
        Disposal.objects.filter(pk=disposal.pk).update(first_day=None, last_day=None)
    with as_role("backup"):
        note_copies_ended(PLACE, before=certificate.issued_at)
    with as_role("disposer"):
        (second,) = certifying.certify_beyond_use()
    said = second.document
    assert [said[name] for name in ("message_bytes", "left_out", "first_day")] == [None] * 3
    url, reader = f"/records/certificates/{second.number}", client_of(helen)
    assert "March 2024, in 2 channels" in reader.get(f"{url}/").content.decode()
    text = _text(reader.get(f"{url}.pdf").content)
    assert "Bytes of these messages" not in text
    assert "left out" not in text


def test_one_of_an_earlier_version_is_read_as_before(
    certificate: Certificate, as_role: AsRole, helen: User
) -> None:
    later = ("message_bytes", "left_out", "first_day", "last_day", "copies_ended_on")
    document = {key: said for key, said in certificate.document.items() if key not in later}
    with as_role("owner"):
        Certificate.objects.filter(pk=certificate.pk).update(document=document)
    url, reader = f"/records/certificates/{certificate.number}", client_of(helen)
    assert "March 2024, in 2 channels" in reader.get(f"{url}/").content.decode()
    assert reader.get(f"{url}.pdf").status_code == 200


@pytest.mark.parametrize("ending", ["/", ".pdf", ".json", ".tlog-proof"])
def test_strangers_meet_nothing(
    ending: str, certificate: Certificate, carol: User, theo: User, alice: User
) -> None:
    for person in (carol, theo, alice):
        url = f"/records/certificates/{certificate.number}{ending}"
        assert client_of(person).get(url).status_code == 404
