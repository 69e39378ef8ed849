DROP TRIGGER retention_disposal_timed ON retention_disposal;
DROP FUNCTION retention_disposal_timed();
DROP FUNCTION retention_school_days_after(date, integer, text);
