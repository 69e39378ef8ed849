-- That a folder of copies was lost is said by one and agreed to by another.
CREATE TRIGGER retention_placeloss_begins BEFORE INSERT ON retention_placeloss
    FOR EACH ROW EXECUTE FUNCTION retention_waits_at_first();

-- The folders that are known already; where they are is seen at the next backup.
INSERT INTO retention_keyringplace (uid, folder, looked_at)
SELECT k.place, '', max(k.at) FROM retention_keyringcopy k GROUP BY k.place;
