DROP TRIGGER retention_disposal_begins_bare ON retention_disposal;
DROP TRIGGER retention_disposal_guarded ON retention_disposal;
DROP FUNCTION retention_disposal_begins_bare();
DROP FUNCTION retention_disposal_guarded();
