-- Tiles and origins are append-only as the log itself is.
CREATE TRIGGER audit_tile_rows BEFORE UPDATE OR DELETE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_tile_table BEFORE TRUNCATE ON audit_tile
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_origin_rows BEFORE UPDATE OR DELETE ON audit_origin
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_origin_table BEFORE TRUNCATE ON audit_origin
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
