-- Every class of a message's own whose message is not there, as messaging_hanging says it of what hangs
-- on messages elsewhere (messaging/sql/hanging.sql). Empty, unless somebody went round the triggers.
CREATE VIEW retention_hanging AS
SELECT 'retention_messageclass' AS hanging, x.message_id AS message
FROM retention_messageclass x
WHERE NOT EXISTS (SELECT FROM messaging_message m WHERE m.id = x.message_id);
