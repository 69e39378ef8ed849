"""Policies, holds, disposals with their certificates, and exports.

Reasons, recipients and passphrases stand in sealed records (`audit.sealed`); the rows hold ids,
times and counts. Numbers are what people type and read out; a `uid` is what the log calls a thing.
"""

from retention.models.copies import CopiesEnded, KeyringCopy, KeyringPlace, PlaceLoss
from retention.models.disposals import Certificate, Disposal, DisposalChunk, DisposalItem
from retention.models.exports import Export, ExportSubject
from retention.models.holds import (
    Hold,
    HoldChannel,
    HoldMark,
    HoldMatch,
    HoldPerson,
    HoldSubject,
    Matter,
    MatterMessage,
)
from retention.models.proposals import ClassProposal, RuleProposal
from retention.models.replays import LostCertificate, Replay
from retention.models.rules import ChannelDate, MessageClass, Policy, Reclassing
from retention.models.steps import Clearance, Exclusion, Objection, RecordsSettings

__all__ = [
    "Certificate",
    "ChannelDate",
    "ClassProposal",
    "Clearance",
    "CopiesEnded",
    "Disposal",
    "DisposalChunk",
    "DisposalItem",
    "Exclusion",
    "Export",
    "ExportSubject",
    "Hold",
    "HoldChannel",
    "HoldMark",
    "HoldMatch",
    "HoldPerson",
    "HoldSubject",
    "KeyringCopy",
    "KeyringPlace",
    "LostCertificate",
    "Matter",
    "MatterMessage",
    "MessageClass",
    "Objection",
    "PlaceLoss",
    "Policy",
    "Reclassing",
    "RecordsSettings",
    "Replay",
    "RuleProposal",
]
