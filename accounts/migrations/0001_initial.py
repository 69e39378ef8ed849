"""People, provenance, invitations, roles asked for and held, API tokens."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.text
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import audit.clock

_SQL = Path(__file__).resolve().parent.parent / "sql" / "provenance.sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("display_name", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120)),
                ("department", models.CharField(blank=True, max_length=120)),
                ("staff_id", models.CharField(blank=True, max_length=64)),
                ("leaving_on", models.DateField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=audit.clock.now, editable=False)),
                (
                    "joined_at",
                    models.DateTimeField(
                        blank=True, default=audit.clock.now, editable=False, null=True
                    ),
                ),
                ("session_epoch", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ("display_name", "id"),
                "permissions": (
                    ("use_safeguarding_desk", "May use the safeguarding desk"),
                    ("use_records", "May ask for exports and see holds and disposals"),
                    ("approve_records", "May approve exports, disposals and releases of holds"),
                    ("read_log", "May read the log"),
                    ("read_log_names", "May see the names behind the log's ids"),
                    ("manage_people", "May invite and deactivate people"),
                    ("request_role", "May ask for somebody's role"),
                    ("grant_role", "May grant a role that somebody else asked for"),
                ),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(default=audit.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=audit.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Provenance",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("school", "School"),
                            ("demo", "Demonstration"),
                            ("generated", "Generated"),
                        ],
                        max_length=16,
                    ),
                ),
                ("school_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=audit.clock.now)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="accounts_provenance_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["school", "demo", "generated"])),
                        name="accounts_provenance_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("dsl", "Designated safeguarding lead"),
                            ("deputy_dsl", "Deputy safeguarding lead"),
                            ("hr_investigator", "HR investigator"),
                            ("approver", "Approver (head or chair of governors)"),
                            ("dpo", "Data protection officer"),
                            ("it_admin", "IT administrator"),
                            ("auditor", "Auditor (governor)"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("request", "Asked for and granted"),
                            ("setup", "Given when the database was made"),
                        ],
                        default="request",
                        max_length=16,
                    ),
                ),
                ("requested_at", models.DateTimeField(default=audit.clock.now)),
                ("granted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles_ended",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles_granted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles_requested",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-requested_at", "-id"),
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email", django.db.models.functions.text.Lower(models.F("email")))
                ),
                name="accounts_user_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("staff_id", ""), _negated=True),
                fields=("staff_id",),
                name="accounts_user_staff_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("person",),
                name="accounts_invitation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("person", "role"),
                name="accounts_rolegrant_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("requested_by", models.F("person")), _negated=True),
                    models.Q(("granted_by", models.F("person")), _negated=True),
                ),
                name="accounts_rolegrant_not_to_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("granted_by", models.F("requested_by")), _negated=True),
                name="accounts_rolegrant_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("granted_at__isnull", True),
                        ("granted_by__isnull", True),
                        ("origin", "request"),
                        ("requested_by__isnull", False),
                    ),
                    models.Q(
                        ("granted_at__isnull", False),
                        ("granted_by__isnull", False),
                        ("origin", "request"),
                        ("requested_by__isnull", False),
                    ),
                    models.Q(
                        ("granted_at__isnull", False),
                        ("granted_by__isnull", True),
                        ("origin", "setup"),
                        ("requested_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="accounts_rolegrant_origin",
            ),
        ),
        migrations.RunSQL(
            _SQL.read_text(),
            "DROP FUNCTION accounts_provenance_unalterable() CASCADE",
        ),
    ]
