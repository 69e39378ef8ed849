"""How often something was pointed out: numbers of a day, until they stand in the log."""

from django.db import models


class NudgeCount(models.Model):
    """Messages of one batch that fell under a rule. Nothing says whose or which they were; the
    night adds up the rows of a day, enters the sums and removes the rows."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    rule = models.CharField(max_length=20)
    refused = models.BooleanField(default=False)
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.rule}"
