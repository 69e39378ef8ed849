DROP TRIGGER retention_disposal_steps ON retention_disposal;
DROP FUNCTION retention_disposal_steps();
DROP FUNCTION retention_take_out(bigint, uuid);
