DROP TRIGGER retention_leaving ON accounts_user;
DROP TRIGGER retention_channeldate_takes_two ON retention_channeldate;
DROP FUNCTION retention_leaving_changed();
DROP FUNCTION retention_agreed_by_two();
CREATE OR REPLACE FUNCTION retention_date_of(p_channel uuid) RETURNS date
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(d.day, u.leaving_on)
    FROM public.retention_channeldate d LEFT JOIN public.accounts_user u ON u.id = d.person_id
    WHERE d.channel_id = p_channel
$$;
