-- What is open already holds messages by itself, and the journal does not know of it yet.
INSERT INTO audit_journalline (uid, at, act, subject, facts)
SELECT gen_random_uuid(), date_trunc('milliseconds', clock_timestamp()), 'matter.begun', t.uid,
       jsonb_build_object('kind', t.kind, 'messages', (
           SELECT replace(encode(string_agg(decode(replace(x.message::text, '-', ''), 'hex'), ''
                                            ORDER BY x.message), 'base64'), E'\n', '')
           FROM retention_mattermessage x WHERE x.matter_id = t.uid))
FROM retention_matter t
WHERE t.ended_at IS NULL
  AND EXISTS (SELECT FROM retention_mattermessage x WHERE x.matter_id = t.uid)
  AND NOT EXISTS (SELECT FROM audit_journalline l
                  WHERE l.act = 'matter.begun' AND l.subject = t.uid)
ORDER BY t.begun_at;
