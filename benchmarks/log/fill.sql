-- So many entries as sending a message writes them, whose hashes are right: people and channels are
-- made up. The id is a counter, as time-ordered ids are.
INSERT INTO audit_entry (uid, at, action, actor, subject, facts, hash)
SELECT uid, at, 'message.posted', actor, subject,
       jsonb_build_object('channel', channel, 'seq', n, 'version', 1,
                          'message_commitment', commitment),
       sha256('\x00'::bytea || convert_to(
           '{"action":"message.posted","actor":"' || actor || '","at":"'
           || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
           || '","facts":{"channel":"' || channel || '","message_commitment":"' || commitment
           || '","seq":' || n || ',"version":1},"id":"' || uid || '","subject":"' || subject
           || '"}', 'UTF8'))
FROM (
    SELECT n,
           ('01900000' || lpad(to_hex(n), 24, '0'))::uuid AS uid,
           ('01910000' || lpad(to_hex(n), 24, '0'))::uuid AS subject,
           md5('person ' || n %% 300)::uuid AS actor,
           md5('channel ' || n %% 40)::uuid AS channel,
           encode(sha256(('commitment ' || n)::bytea), 'hex') AS commitment,
           date_trunc('milliseconds', now()) AS at
    FROM generate_series(%s::bigint, %s::bigint) AS n) AS made
