"""What was backed up, drilled and restored, and when."""

from django.db import models
from uuid_utils.compat import uuid7


class Backup(models.Model):
    """A backup that was made: when it began (its name), and what is in it."""

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    manifest_sha256 = models.BinaryField(max_length=32)
    entries = models.BigIntegerField()
    messages = models.BigIntegerField()
    files = models.BigIntegerField()
    # Of the database and the keyring; files are counted when they are copied first.
    bytes = models.BigIntegerField()

    class Meta:
        db_table = "schoolchat_backup"
        default_permissions = ()


class Drill(models.Model):
    """A backup that was restored beside the school and looked at, and what was found."""

    number = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7)
    backup = models.CharField(max_length=40)
    backup_made_at = models.DateTimeField()
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    manifest_sha256 = models.BinaryField(max_length=32)
    entries = models.BigIntegerField()
    messages = models.BigIntegerField()
    versions = models.BigIntegerField()
    files = models.BigIntegerField()
    problems = models.IntegerField()

    class Meta:
        db_table = "schoolchat_drill"
        default_permissions = ()


class Restore(models.Model):
    """That this installation came out of a backup. Nothing is served before `ended_at`."""

    number = models.BigAutoField(primary_key=True)
    backup = models.CharField(max_length=40)
    backup_made_at = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "schoolchat_restore"
        default_permissions = ()
