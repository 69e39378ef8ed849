-- Which database role may do what. Applied after every migration, by the owner, as a whole:
-- first everything is taken back, then each role is given what docs/reference/roles.md lists.
-- A test reads the catalogue and holds it against that page.

REVOKE ALL ON ALL TABLES IN SCHEMA public
    FROM schoolchat_web, schoolchat_worker, schoolchat_sealer, schoolchat_disposer, schoolchat_backup;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO schoolchat_web, schoolchat_worker, schoolchat_sealer, schoolchat_disposer, schoolchat_backup;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public
    TO schoolchat_web, schoolchat_worker, schoolchat_sealer, schoolchat_disposer;

-- The ordinary tables: pages and jobs change them.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public
    TO schoolchat_web, schoolchat_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO schoolchat_disposer, schoolchat_backup;

-- The log: entries are added, leaves and heads are the sealer's, and nothing is changed.
REVOKE ALL
    ON audit_entry, audit_item, audit_leaf, audit_tile, audit_origin, audit_checkpoint,
       audit_unsealed
    FROM schoolchat_web, schoolchat_worker;
GRANT SELECT
    ON audit_entry, audit_item, audit_leaf, audit_tile, audit_origin, audit_checkpoint,
       audit_unsealed
    TO schoolchat_web, schoolchat_worker, schoolchat_sealer;
GRANT INSERT ON audit_entry, audit_item
    TO schoolchat_web, schoolchat_worker, schoolchat_disposer;
GRANT INSERT ON audit_leaf, audit_tile, audit_origin, audit_checkpoint TO schoolchat_sealer;
GRANT DELETE ON audit_unsealed TO schoolchat_sealer;

-- What the journal outside is to say is added with each act; its place there is entered by those who
-- ship it. It is never taken away.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_journalline FROM schoolchat_web, schoolchat_worker;
GRANT INSERT ON audit_journalline TO schoolchat_disposer;
GRANT UPDATE (line, digest, shipped_at) ON audit_journalline
    TO schoolchat_worker, schoolchat_disposer;

-- Content and its keys: added by those who write, replaced and re-wrapped by the disposer,
-- deleted by nobody but the destroying function.
REVOKE UPDATE, DELETE, TRUNCATE
    ON messaging_messageversion, messaging_correction, messaging_contentkey, messaging_import,
       messaging_attachment, messaging_file, audit_sealedrecord, audit_recordkey
    FROM schoolchat_web, schoolchat_worker;
GRANT INSERT, UPDATE ON messaging_contentkey TO schoolchat_disposer;
-- A file to which messages refer cannot be deleted: foreign keys refuse it.
GRANT DELETE ON messaging_file TO schoolchat_disposer;
-- Its row is locked before it goes, which asks for UPDATE of some column.
GRANT UPDATE (stored_at) ON messaging_file TO schoolchat_disposer;
-- The keys of files that are not sent yet move with the keyring.
GRANT UPDATE (generation, wrapped) ON messaging_upload, messaging_keptdraft, messaging_waitingtext
    TO schoolchat_disposer;
GRANT UPDATE ON messaging_messageversion, messaging_correction TO schoolchat_disposer;
GRANT INSERT ON audit_sealedrecord, audit_recordkey TO schoolchat_disposer;
GRANT UPDATE ON audit_recordkey TO schoolchat_disposer;

-- Personal keys are no record: made and, with the account, deleted by those who serve.
REVOKE UPDATE ON accounts_personalkey FROM schoolchat_web, schoolchat_worker;
GRANT UPDATE ON accounts_personalkey TO schoolchat_disposer;

-- A message's author, place and time never change; what may change is listed.
REVOKE UPDATE, DELETE ON messaging_message FROM schoolchat_web, schoolchat_worker;
GRANT UPDATE (changed, version, edited_at, deleted_at) ON messaging_message
    TO schoolchat_web, schoolchat_worker;

-- Reactions, pins, mentions and saved messages come and go, and none becomes another.
REVOKE UPDATE ON messaging_reaction, messaging_pin, messaging_mention, messaging_savedmessage
    FROM schoolchat_web, schoolchat_worker;

-- What a channel is and whom it is about never changes, and nobody is taken out of the list of those
-- who were ever in it: holds on people rest on that.
REVOKE UPDATE, DELETE, TRUNCATE ON messaging_channel, messaging_channelsubject, messaging_membership
    FROM schoolchat_web, schoolchat_worker;
GRANT UPDATE (name, purpose, record_class, sensitive, mention_all, no_images, head, floor, archived_at)
    ON messaging_channel TO schoolchat_web;
GRANT UPDATE (head, floor) ON messaging_channel TO schoolchat_worker;
GRANT UPDATE (role, read_seq, muted, joined_at, left_at) ON messaging_membership
    TO schoolchat_web, schoolchat_worker;

-- The disposer locks a channel before its tokens, which asks for UPDATE of some column.
GRANT UPDATE (floor) ON messaging_channel TO schoolchat_disposer;

-- Generations of the keyring: named by all who make keys (their row is locked FOR KEY SHARE,
-- which asks for UPDATE of some column), moved on by the disposer.
REVOKE ALL ON audit_generation, audit_ringholder FROM schoolchat_web, schoolchat_worker;
GRANT SELECT, UPDATE (made_at) ON audit_generation TO schoolchat_web, schoolchat_worker;
GRANT SELECT, INSERT, UPDATE ON audit_ringholder TO schoolchat_web, schoolchat_worker;
GRANT INSERT, UPDATE, DELETE ON audit_generation TO schoolchat_disposer;
GRANT INSERT, UPDATE ON audit_ringholder TO schoolchat_disposer;

-- Where the database came from, and what was migrated, is only read.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON accounts_provenance, django_migrations
    FROM schoolchat_web, schoolchat_worker;
-- Who asked for a role and who granted it, invitations and tokens are ended, never deleted.
REVOKE DELETE ON accounts_rolegrant, accounts_invitation, accounts_apitoken
    FROM schoolchat_web, schoolchat_worker;
-- Attempts to sign in are counted by the web processes alone. Wrong codes are noted there, and looked
-- at and forgotten by the job that watches.
REVOKE ALL ON accounts_cache FROM schoolchat_worker;
REVOKE UPDATE, DELETE ON accounts_failedcode FROM schoolchat_web;
REVOKE INSERT, UPDATE ON accounts_failedcode FROM schoolchat_worker;
-- django-auditlog's own table stays empty: what it sees goes into sealed records.
REVOKE INSERT, UPDATE, DELETE ON auditlog_logentry FROM schoolchat_web, schoolchat_worker;

-- Records: rules, holds, proposals and certificates are added and never taken away; what may
-- change in them is listed. Items and certificates are the disposer's and the function's alone.
REVOKE UPDATE, DELETE, TRUNCATE
    ON retention_policy, retention_hold, retention_holdchannel, retention_holdperson, retention_holdsubject, retention_disposal, retention_disposalchunk,
       retention_disposalitem, retention_certificate, retention_export, retention_exportsubject,
       retention_reclassing, retention_channeldate, retention_messageclass,
       retention_ruleproposal, retention_classproposal, retention_copiesended,
       retention_keyringcopy, retention_keyringplace, retention_placeloss
    FROM schoolchat_web, schoolchat_worker;
REVOKE INSERT ON retention_holdsubject, retention_certificate, retention_copiesended, retention_keyringcopy,
    retention_keyringplace
    FROM schoolchat_web, schoolchat_worker;
REVOKE INSERT ON retention_placeloss FROM schoolchat_worker;
REVOKE ALL ON retention_held, retention_openhold FROM schoolchat_web, schoolchat_worker;
GRANT SELECT ON retention_held, retention_openhold TO schoolchat_web, schoolchat_worker;
GRANT UPDATE (owner_id, review_on, released_by_id, released_at, release_record) ON retention_hold
    TO schoolchat_web;
GRANT UPDATE (reminded_of, matched_at) ON retention_hold TO schoolchat_worker;
-- In what the words of a hold are found, and how far they were looked for, is the worker's to say; a
-- matter is opened by an act and ended by one.
REVOKE ALL ON retention_covered, retention_unmatched, retention_undue, retention_holdmark, retention_holdmatch,
    retention_matter, retention_mattermessage FROM schoolchat_web, schoolchat_worker;
GRANT SELECT ON retention_covered, retention_unmatched, retention_undue, retention_holdmark, retention_holdmatch,
    retention_matter, retention_mattermessage TO schoolchat_web, schoolchat_worker;
GRANT INSERT ON retention_holdmark, retention_holdmatch TO schoolchat_worker;
GRANT UPDATE (upto) ON retention_holdmark TO schoolchat_worker;
GRANT INSERT ON retention_matter, retention_mattermessage TO schoolchat_web;
GRANT UPDATE (ended_at) ON retention_matter TO schoolchat_web;
GRANT UPDATE (state, approved_by_id, approved_at, withdrawn_by_id, withdrawn_at, proposed_by_id,
    put_forward_at, cool_until, expires_at, emptied_by_id, emptied_at)
    ON retention_disposal TO schoolchat_web;
-- What a new proposal is worth is written once it stands; an approval that lapses ends at night.
GRANT UPDATE (bytes, first_day, last_day) ON retention_disposal
    TO schoolchat_web, schoolchat_worker, schoolchat_disposer;
GRANT UPDATE (state) ON retention_disposal TO schoolchat_worker;
-- Objections, clearances and exclusions are added; an objection is decided about, once.
REVOKE UPDATE, DELETE, TRUNCATE ON retention_objection, retention_clearance, retention_exclusion
    FROM schoolchat_web, schoolchat_worker;
REVOKE INSERT ON retention_objection, retention_clearance FROM schoolchat_worker;
GRANT UPDATE (decided_by_id, decided_at, upheld, answer) ON retention_objection TO schoolchat_web;
GRANT INSERT ON retention_exclusion TO schoolchat_disposer;
-- Only out of a proposal that nobody has approved.
GRANT EXECUTE ON FUNCTION retention_take_out TO schoolchat_web;
-- How long the steps last is one row, changed by a page.
REVOKE DELETE ON retention_recordssettings FROM schoolchat_web, schoolchat_worker;
REVOKE INSERT, UPDATE ON retention_recordssettings FROM schoolchat_worker;
GRANT UPDATE (state, approved_by_id, approved_at, refused_by_id, refused_at, passphrase_shown_at)
    ON retention_export TO schoolchat_web;
GRANT UPDATE (state, written_at, messages, manifest_sha256, bundle_sha256)
    ON retention_export TO schoolchat_worker;
GRANT UPDATE (ended_at, generation, wrapped, sealed)
    ON retention_export TO schoolchat_worker, schoolchat_disposer;
GRANT INSERT ON retention_disposal, retention_disposalchunk, retention_disposalitem,
    retention_certificate TO schoolchat_disposer;
GRANT UPDATE (state, generation, done_at) ON retention_disposal TO schoolchat_disposer;
GRANT UPDATE (reindexed_at) ON retention_disposalchunk TO schoolchat_disposer;
GRANT UPDATE (state, decided_by_id, decided_at) ON retention_ruleproposal, retention_classproposal,
    retention_placeloss
    TO schoolchat_web;
GRANT UPDATE (day, person_id, set_by_id, set_at, agreed, agreed_by_id) ON retention_channeldate TO schoolchat_web;
GRANT UPDATE (record_class, record, set_by_id, set_at) ON retention_messageclass TO schoolchat_web;
GRANT UPDATE (announced_at) ON retention_policy, retention_reclassing TO schoolchat_worker;
GRANT UPDATE (reindexed_at) ON retention_reclassing TO schoolchat_worker, schoolchat_disposer;
-- What a restore carried out again is the owner's to write, before anybody is served.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON retention_replay, retention_lostcertificate
    FROM schoolchat_web, schoolchat_worker;
REVOKE ALL ON retention_signed, retention_hanging FROM schoolchat_web, schoolchat_worker;
GRANT EXECUTE ON FUNCTION retention_destroy TO schoolchat_disposer;
GRANT EXECUTE ON FUNCTION retention_show_again TO schoolchat_web, schoolchat_worker;

-- What was backed up and drilled is written by whoever did it, and never changed. The values of
-- sequences are part of a backup; to write its entry, it takes the next numbers.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON schoolchat_backup, schoolchat_drill, schoolchat_restore
    FROM schoolchat_web, schoolchat_worker;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO schoolchat_backup;
GRANT INSERT ON audit_entry, schoolchat_backup, retention_copiesended, retention_keyringcopy,
    retention_keyringplace TO schoolchat_backup;
GRANT UPDATE (folder, mark, looked_at) ON retention_keyringplace TO schoolchat_backup;
GRANT UPDATE (found_at) ON retention_placeloss TO schoolchat_backup;
GRANT USAGE ON SEQUENCE audit_entry_id_seq, schoolchat_backup_number_seq,
    retention_copiesended_number_seq, retention_keyringcopy_number_seq TO schoolchat_backup;

-- A search with authority stands as it was made; a concern is only ever taken.
REVOKE UPDATE, DELETE, TRUNCATE ON oversight_searchrecord, oversight_concern
    FROM schoolchat_web, schoolchat_worker;
GRANT UPDATE (acknowledged_by_id, acknowledged_at, closed_by_id, closed_at) ON oversight_concern
    TO schoolchat_web;
GRANT UPDATE (kept) ON oversight_searchrecord TO schoolchat_web;

-- A verification is asked for by a page or, at night, by the worker, who alone says how far it is
-- and what it found. It is the history of how the log was looked after, and is kept.
REVOKE UPDATE, DELETE, TRUNCATE ON oversight_verification FROM schoolchat_web, schoolchat_worker;
GRANT UPDATE (started_at, heard_at, finished_at, step, done, total, size, entries, versions, problems,
    findings_record) ON oversight_verification TO schoolchat_worker;

-- Alerts are raised and answered, never taken back.
REVOKE UPDATE, DELETE, TRUNCATE ON oversight_alert FROM schoolchat_web, schoolchat_worker;
GRANT UPDATE (acknowledged_by_id, acknowledged_at) ON oversight_alert TO schoolchat_web;
GRANT UPDATE (told_at) ON oversight_alert TO schoolchat_worker;

-- Checkpoints that leave the building: what was published and to whom stands; recipients are only
-- ever removed from the list by a page, and what became of a delivery is the worker's to say.
REVOKE UPDATE, DELETE, TRUNCATE ON oversight_recipient, oversight_publication, oversight_delivery
    FROM schoolchat_web, schoolchat_worker;
REVOKE INSERT ON oversight_recipient FROM schoolchat_worker;
GRANT UPDATE (removed_by_id, removed_at) ON oversight_recipient TO schoolchat_web;
GRANT UPDATE (stamp) ON oversight_publication TO schoolchat_worker;
GRANT UPDATE (state, tries, last_tried_at, delivered_at, error) ON oversight_delivery
    TO schoolchat_worker;

-- The settings of the school are one row, changed by a page.
REVOKE DELETE ON messaging_schoolsettings FROM schoolchat_web, schoolchat_worker;
REVOKE INSERT, UPDATE ON messaging_schoolsettings FROM schoolchat_worker;
-- What was pointed out is counted in rows that nobody changes, until the night takes them away.
REVOKE UPDATE ON messaging_nudgecount FROM schoolchat_web, schoolchat_worker;

-- The search: domains are made by its own functions, keys are made and retired, not changed,
-- and vocabularies only grow in pages; the worker compacts them. Index keys are re-wrapped and
-- made anew by the disposer, as content keys are.
REVOKE INSERT, UPDATE, DELETE ON messaging_searchdomain, messaging_indexedmonth
    FROM schoolchat_web, schoolchat_worker;
REVOKE UPDATE, DELETE ON messaging_indexkey FROM schoolchat_web, schoolchat_worker;
REVOKE UPDATE, DELETE ON messaging_vocabulary FROM schoolchat_web;
GRANT INSERT, UPDATE ON messaging_indexkey TO schoolchat_disposer;
GRANT INSERT ON messaging_vocabulary TO schoolchat_disposer;
