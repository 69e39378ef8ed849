(CASE c.mention_all
     WHEN 'members' THEN m.role <> 'guest'
     WHEN 'owners' THEN c.kind = 'direct' OR m.role IN ('owner', 'moderator')
     ELSE false END)
