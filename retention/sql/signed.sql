-- Every certificate as it was signed, those of before a restore among them, for the keyring's backup.
CREATE VIEW retention_signed AS
SELECT c.number, d.uid AS batch, c.issued_at, c.sha256, c.document, c.signature
FROM retention_certificate c JOIN retention_disposal d ON d.number = c.disposal_id
UNION ALL
SELECT l.number, l.batch, l.issued_at, l.sha256, l.document, l.signature
FROM retention_lostcertificate l WHERE l.document IS NOT NULL;
