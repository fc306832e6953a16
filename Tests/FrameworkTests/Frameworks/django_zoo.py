"""Every field type, key, index and constraint of Django, in one small application.

    django_zoo.py make URL    creates the tables through Django's migrations and saves the rows
    django_zoo.py dump URL    prints the rows, as Django's models give them, one a line

URL is sqlite:PATH or a conninfo with host, port, user and dbname.
"""
import datetime
import decimal
import sys
import uuid

import django
from django.conf import settings


def database(url):
    if url.startswith("sqlite:"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url[7:]}
    parts = dict(word.split("=", 1) for word in url.split())
    return {
        "ENGINE": "django.db.backends.postgresql", "HOST": parts["host"], "PORT": parts.get("port", ""),
        "USER": parts["user"], "NAME": parts["dbname"],
    }


settings.configure(
    DATABASES={"default": database(sys.argv[2])}, USE_TZ=True, TIME_ZONE="Europe/Berlin",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SECRET_KEY="none",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
)
django.setup()

from django.db import connection, models  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402


class Keeper(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    email = models.EmailField(db_index=True)
    site = models.URLField()
    slug = models.SlugField()

    class Meta:
        app_label = "zoo"


class Cage(models.Model):
    code = models.UUIDField(primary_key=True)
    label = models.TextField()

    class Meta:
        app_label = "zoo"


class Animal(models.Model):
    name = models.CharField(max_length=50)
    kind = models.CharField(max_length=10, choices=[("cat", "Cat"), ("dog", "Dog")], default="cat")
    tame = models.BooleanField(default=False)
    vaccinated = models.BooleanField(null=True)
    born = models.DateField()
    seen = models.DateTimeField(db_index=True)
    fed = models.TimeField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    weight = models.FloatField()
    token = models.UUIDField(unique=True)
    nap = models.DurationField(null=True)
    facts = models.JSONField(default=dict)
    photo = models.BinaryField(null=True)
    address = models.GenericIPAddressField(null=True)
    legs = models.PositiveSmallIntegerField(default=4)
    teeth = models.PositiveIntegerField(null=True)
    rank = models.SmallIntegerField()
    score = models.IntegerField()
    steps = models.BigIntegerField()
    hairs = models.PositiveBigIntegerField(null=True)
    report = models.FileField(null=True)
    keeper = models.ForeignKey(Keeper, models.CASCADE)
    cage = models.ForeignKey(Cage, models.SET_NULL, null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True)
    friends = models.ManyToManyField("self")
    twin = models.OneToOneField("self", models.SET_NULL, null=True, related_name="+")

    class Meta:
        app_label = "zoo"
        unique_together = [("name", "born")]
        indexes = [
            models.Index(fields=["kind", "-score"], name="zoo_kind_score"),
            models.Index(fields=["rank"], condition=models.Q(tame=True), name="zoo_tame_rank"),
        ]
        constraints = [
            models.CheckConstraint(check=models.Q(score__gte=0), name="zoo_score_positive"),
            models.UniqueConstraint(
                fields=["steps"], condition=models.Q(legs=4), name="zoo_steps_of_four"),
        ]


MODELS = [Keeper, Cage, Animal, Animal.friends.through]


def make():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    with connection.schema_editor() as editor:
        for model in [Keeper, Cage, Animal]:
            editor.create_model(model)
    utc = datetime.timezone.utc
    ann = Keeper.objects.create(name="Ann", email="ann@example.org", site="https://example.org", slug="ann")
    bob = Keeper.objects.create(name="Bjørn", email="b@example.org", site="https://example.org/b", slug="b")
    cage = Cage.objects.create(code=uuid.UUID(int=1), label="north\nside")
    naps = [
        None, datetime.timedelta(0), datetime.timedelta(days=3, seconds=5, microseconds=7),
        datetime.timedelta(microseconds=-1), datetime.timedelta(days=-400, hours=7),
        datetime.timedelta(days=100000), datetime.timedelta(milliseconds=1),
    ]
    addresses = [None, "10.0.0.1", "255.255.255.255", "::1", "2001:db8::ff00:42:8329", "::ffff:10.1.2.3", "fe80::1"]
    facts = [{}, {"a": [1, 2.5, None, True]}, [1, "é"], "text", 7, {"n": {"deep": ["x"]}}, False]
    made = []
    for number in range(210):
        made.append(Animal.objects.create(
            name=f"animal {number} ü", kind="dog" if number % 3 else "cat", tame=number % 2 == 0,
            vaccinated=[None, True, False][number % 3],
            born=datetime.date(1900 + number, 1 + number % 12, 1 + number % 28),
            seen=datetime.datetime(2024, 3, 31, 0, 30, number % 60, number * 4679, tzinfo=utc)
            + datetime.timedelta(hours=number),
            fed=None if number % 5 == 0 else datetime.time(number % 24, number % 60, 7, number * 11),
            price=decimal.Decimal(number * 1237 - 9000) / 100, weight=number / 7,
            token=uuid.UUID(int=number << 64 | 0xABCDEF), nap=naps[number % 7], facts=facts[number % 7],
            photo=None if number % 4 == 0 else bytes(range(number % 256)),
            address=addresses[number % 7], legs=number % 5, teeth=None if number % 3 else 2147483647,
            rank=-32768 + number, score=number * 1000, steps=number - (1 << 62),
            hairs=None if number % 2 else (1 << 63) - 1 - number, report=f"files/{number}.txt",
            keeper=bob if number % 2 else ann, cage=cage if number % 3 else None,
            parent=made[number // 2] if number > 2 and number % 2 else None,
            twin=made[number - 1] if number % 50 == 1 else None,
        ))
    for number in range(0, 200, 7):
        made[number].friends.add(made[number + 3])


def shown(value):
    if isinstance(value, (memoryview, bytes)):
        return bytes(value).hex()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, decimal.Decimal):
        # The same number with other trailing zeros is equal in Python, and in Postgres.
        return str(value.normalize())
    return repr(value)


def dump():
    for model in MODELS:
        fields = [field.attname for field in model._meta.concrete_fields]
        for row in model.objects.order_by("pk"):
            print(model.__name__, *(f"{name}={shown(getattr(row, name))}" for name in fields), sep="\t")
    # What the application asks the database for must still be answered alike.
    print(Animal.objects.filter(tame=True, seen__gte=datetime.datetime(2024, 4, 1, tzinfo=datetime.timezone.utc)).count())
    print(Animal.objects.filter(token=uuid.UUID(int=5 << 64 | 0xABCDEF)).count())
    print(Animal.objects.filter(address="::1").count(), Animal.objects.filter(facts__a__0=1).count())
    print(Animal.objects.filter(nap__gt=datetime.timedelta(days=1)).count())


def write():
    """A row by the framework into what we made: defaults, sequences and types take it."""
    last = Animal.objects.order_by("-pk").first()
    last.pk = None
    last.name, last.token, last.twin, last.steps, last.legs = "new", uuid.uuid4(), None, 0, 3
    last.tame, last.nap = True, datetime.timedelta(days=-1, seconds=1)
    last.save()
    again = Animal.objects.get(pk=last.pk)
    assert again.pk > 210 and again.tame is True and again.nap == last.nap and again.facts == last.facts
    print("written")


{"make": make, "dump": dump, "write": write}[sys.argv[1]]()
