"""What keeps a bundle from being written or looked at; each text is one plain sentence."""

from audit.said import Said


class ExportError(Said):
    """This export cannot be written or read."""


class NotABundle(ExportError):
    """This is not an export bundle: give the .zip as you received it, or the folder unpacked."""


class PassphraseNeeded(ExportError):
    """This bundle is encrypted: give its passphrase with --passphrase-file."""


class WrongPassphrase(ExportError):
    """The passphrase does not open this bundle, or the bundle's first bytes were altered."""


class WeakPassphrase(ExportError):
    """The passphrase is too short to protect a bundle: use one of 16 characters or more."""


class BadKeyFile(ExportError):
    """This file holds no Ed25519 public key in PEM, base64, hexadecimal or raw form."""
