"""Servers that are not set up as the page of database roles says."""

from schoolchat.database.bootstrap import SERVING, role_name

#: In the test's cluster the owner is a member of the others, and nobody of each other's members.
APART = f"REVOKE {', '.join(map(role_name, SERVING))} FROM schoolchat_owner"
IN_STAFF = ("CREATE ROLE staff", "GRANT staff TO schoolchat_web")
HERE = "DO $$ BEGIN EXECUTE format('{}', current_database()); END $$"

#: Statements that make it wrong, and what is then said.
WRONG: dict[str, tuple[tuple[str, ...], str, str]] = {
    **{
        f"web is {word}": (
            (f"ALTER ROLE schoolchat_web {word}",),
            "schoolchat.E003",
            f"schoolchat_web is more than it may be: {word}.",
        )
        for word in ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")
    },
    "the sealer is more, twice": (
        ("ALTER ROLE schoolchat_sealer CREATEROLE CREATEDB",),
        "schoolchat.E003",
        "schoolchat_sealer is more than it may be: CREATEROLE, CREATEDB.",
    ),
    "the owner is a superuser": (
        ("ALTER ROLE schoolchat_owner SUPERUSER",),
        "schoolchat.E003",
        "schoolchat_owner is more than it may be: SUPERUSER.",
    ),
    "web is in the owner": (
        (APART, "GRANT schoolchat_owner TO schoolchat_web"),
        "schoolchat.E004",
        "schoolchat_web can become schoolchat_owner.",
    ),
    "web is in the owner by another, and takes over nothing by itself": (
        (
            APART,
            *IN_STAFF,
            "ALTER ROLE schoolchat_web NOINHERIT",
            "GRANT schoolchat_owner TO staff",
        ),
        "schoolchat.E004",
        "schoolchat_web can become schoolchat_owner, as a member of staff.",
    ),
    "web is in the sealer": (
        ("GRANT schoolchat_sealer TO schoolchat_web",),
        "schoolchat.E004",
        "schoolchat_web can become schoolchat_sealer.",
    ),
    "web is in a superuser": (
        ("CREATE ROLE head SUPERUSER", "GRANT head TO schoolchat_web"),
        "schoolchat.E004",
        "schoolchat_web can become head.",
    ),
    "web may write everything": (
        ("GRANT pg_write_all_data TO schoolchat_web",),
        "schoolchat.E004",
        "schoolchat_web can become pg_write_all_data.",
    ),
    "the sealer may read everything": (
        ("GRANT pg_read_all_data TO schoolchat_sealer",),
        "schoolchat.E004",
        "schoolchat_sealer can become pg_read_all_data.",
    ),
    "web owns a table": (
        ("CREATE TABLE mine ()", "ALTER TABLE mine OWNER TO schoolchat_web"),
        "schoolchat.E005",
        "schoolchat_web owns table public.mine, and should own nothing.",
    ),
    "web owns the log": (
        ("ALTER TABLE audit_entry OWNER TO schoolchat_web",),
        "schoolchat.E005",
        "schoolchat_web owns table public.audit_entry and 1 more, and should own nothing.",
    ),
    "the worker owns a schema": (
        ("CREATE SCHEMA mine AUTHORIZATION schoolchat_worker",),
        "schoolchat.E005",
        "schoolchat_worker owns schema mine, and should own nothing.",
    ),
    "the disposer owns a function": (
        ("ALTER FUNCTION audit_refuse OWNER TO schoolchat_disposer",),
        "schoolchat.E005",
        "schoolchat_disposer owns function public.audit_refuse(), and should own nothing.",
    ),
    "web owns the database": (
        (HERE.format("ALTER DATABASE %I OWNER TO schoolchat_web"),),
        "schoolchat.E005",
        "schoolchat_web owns database ",
    ),
    "somebody else owns the leaves": (
        ("CREATE ROLE head", "ALTER TABLE audit_leaf OWNER TO head"),
        "schoolchat.E006",
        "The owner of audit_leaf is head, not schoolchat_owner.",
    ),
    "a superuser brought tables back": (
        (
            "ALTER TABLE audit_item OWNER TO CURRENT_USER",
            "ALTER TABLE accounts_user OWNER TO CURRENT_USER",
        ),
        "schoolchat.E006",
        "The owner of accounts_user and 1 more is ",
    ),
    "web may change entries": (
        ("GRANT UPDATE, DELETE ON audit_entry TO schoolchat_web",),
        "schoolchat.E007",
        "schoolchat_web must not have DELETE, UPDATE on audit_entry.",
    ),
    "web may change a column": (
        ("GRANT UPDATE (facts) ON audit_entry TO schoolchat_web",),
        "schoolchat.E007",
        "schoolchat_web must not have UPDATE (facts) on audit_entry.",
    ),
    "web may sign": (
        ("GRANT INSERT ON audit_checkpoint TO schoolchat_web",),
        "schoolchat.E007",
        "schoolchat_web must not have INSERT on audit_checkpoint.",
    ),
    "everybody may empty the leaves": (
        ("GRANT TRUNCATE ON audit_leaf TO PUBLIC",),
        "schoolchat.E007",
        "schoolchat_worker must not have TRUNCATE on audit_leaf, which is granted to PUBLIC.",
    ),
    "web may change items by another": (
        (*IN_STAFF, "GRANT UPDATE ON audit_item TO staff"),
        "schoolchat.E007",
        "schoolchat_web must not have UPDATE on audit_item, which is granted to staff.",
    ),
    "the sealer may enter": (
        ("GRANT INSERT ON audit_entry TO schoolchat_sealer",),
        "schoolchat.E007",
        "schoolchat_sealer must not have INSERT on audit_entry.",
    ),
    "the sealer may see people": (
        ("GRANT SELECT ON accounts_user TO schoolchat_sealer",),
        "schoolchat.E007",
        "schoolchat_sealer must not have SELECT on accounts_user.",
    ),
    "the worker may destroy": (
        ("GRANT EXECUTE ON FUNCTION retention_destroy TO schoolchat_worker",),
        "schoolchat.E007",
        "schoolchat_worker must not have EXECUTE on FUNCTION retention_destroy(bigint,integer).",
    ),
    "everybody may drop a month": (
        ("GRANT EXECUTE ON FUNCTION search.drop_month TO PUBLIC",),
        "schoolchat.E007",
        "schoolchat_web must not have EXECUTE on FUNCTION search.drop_month(text,text,date), which",
    ),
    "everybody may make tables": (
        ("GRANT CREATE ON SCHEMA public TO PUBLIC",),
        "schoolchat.E007",
        "must not have CREATE on SCHEMA public, which is granted to PUBLIC.",
    ),
    "web may make schemas": (
        (HERE.format("GRANT CREATE ON DATABASE %I TO schoolchat_web"),),
        "schoolchat.E007",
        "schoolchat_web must not have CREATE on DATABASE ",
    ),
    "web may pass triggers": (
        ("GRANT SET ON PARAMETER session_replication_role TO schoolchat_web",),
        "schoolchat.E007",
        "schoolchat_web must not have SET on PARAMETER session_replication_role.",
    ),
}
