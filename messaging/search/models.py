"""What the search keeps beside its tokens: domains, their keys a month, and vocabularies.

The tokens themselves stand in tables of the schema `search`, one a retention class, kind and
month, made and dropped by the functions of sql/months.sql.
"""

from django.db import models
from uuid_utils.compat import uuid7

from audit.models import Generation


class SearchDomain(models.Model):
    """What shares an index key in a month, so that it becomes due, and goes, as a whole.

    Ordinary channels of a record class, its direct messages, each sensitive channel by itself;
    and beside each of these one for earlier and deleted versions, which only the desk searches.
    Rows are made by the database's `search.open_month`.
    """

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    record_class = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    channel = models.UUIDField(null=True)
    versions = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["channel", "direct"]),
                name="messaging_searchdomain_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class IndexKey(models.Model):
    """The key of one domain's tokens and vocabulary in one month, wrapped under a generation.

    `analyser` is the number of what made words of the texts under it (analysis.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    domain = models.ForeignKey(SearchDomain, models.PROTECT, related_name="keys")
    month = models.DateField()
    generation = models.ForeignKey(Generation, models.PROTECT, db_column="generation")
    wrapped = models.BinaryField(max_length=40)
    analyser = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["domain", "month"], name="messaging_indexkey_once")
        ]


class Vocabulary(models.Model):
    """Words of one domain's month with the number of texts that hold each, sealed.

    Rows only add up: each ingest appends one, an edit's row subtracts, and a worker now and then
    replaces many by one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    key = models.ForeignKey(IndexKey, models.PROTECT, related_name="vocabularies")
    sealed = models.BinaryField()


class IndexedMonth(models.Model):
    """A month of a domain that has an index, made and taken away by the database with its key.

    So a key that is lost leaves a trace, and a search can name the month. A month that was disposed
    of leaves none.
    """

    pk = models.CompositePrimaryKey("domain", "month")
    domain = models.ForeignKey(SearchDomain, models.PROTECT, related_name="+")
    month = models.DateField()
