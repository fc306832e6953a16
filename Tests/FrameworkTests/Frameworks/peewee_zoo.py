"""Every field type, key, index and constraint of Peewee, in one small schema.

    peewee_zoo.py make|dump|write URL

URL is sqlite:PATH or a conninfo with host, port, user and dbname.
"""
import datetime
import decimal
import sys
import uuid

import peewee as pw


def connect(url):
    if url.startswith("sqlite:"):
        return pw.SqliteDatabase(url[7:], pragmas={"foreign_keys": 1})
    parts = dict(word.split("=", 1) for word in url.split())
    return pw.PostgresqlDatabase(parts["dbname"], user=parts["user"], host=parts["host"], port=parts["port"])


database = connect(sys.argv[2])


class Model(pw.Model):
    class Meta:
        database = database


class Keeper(Model):
    name = pw.CharField(max_length=40, unique=True)
    code = pw.FixedCharField(max_length=4)
    note = pw.TextField(null=True)


class Cage(Model):
    code = pw.UUIDField(primary_key=True)
    label = pw.CharField()


class Animal(Model):
    name = pw.CharField(max_length=50, index=True)
    tame = pw.BooleanField(default=False)
    born = pw.DateField()
    seen = pw.DateTimeField()
    fed = pw.TimeField(null=True)
    logged = pw.TimestampField(utc=True)
    price = pw.DecimalField(max_digits=12, decimal_places=2)
    weight = pw.FloatField()
    height = pw.DoubleField(null=True)
    token = pw.UUIDField(unique=True)
    key = pw.BinaryUUIDField(null=True)
    photo = pw.BlobField(null=True)
    address = pw.IPField(null=True)
    rank = pw.SmallIntegerField()
    score = pw.IntegerField(constraints=[pw.Check("score >= 0")])
    steps = pw.BigIntegerField()
    flags = pw.BitField(default=0)
    keeper = pw.ForeignKeyField(Keeper, backref="animals", on_delete="CASCADE")
    cage = pw.ForeignKeyField(Cage, null=True)
    parent = pw.ForeignKeyField("self", null=True)

    class Meta:
        indexes = ((("name", "born"), True), (("rank", "score"), False))


class Sighting(Model):
    animal = pw.ForeignKeyField(Animal)
    day = pw.DateField()
    count = pw.IntegerField(constraints=[pw.SQL("DEFAULT 1")])

    class Meta:
        primary_key = pw.CompositeKey("animal", "day")


MODELS = [Keeper, Cage, Animal, Sighting]


def make():
    database.create_tables(MODELS)
    Keeper.create(name="Ann", code="ann1")
    Keeper.create(name="Bjørn", code="bjo2", note="long " * 90)
    cage = Cage.create(code=uuid.UUID(int=1), label="north\nside")
    moment = datetime.datetime(2024, 3, 31, 0, 30)
    for number in range(210):
        Animal.create(
            name=f"animal {number} ü", tame=number % 2 == 0,
            born=datetime.date(1900 + number, 1 + number % 12, 1 + number % 28),
            seen=moment + datetime.timedelta(hours=number, microseconds=number * 4679),
            fed=None if number % 5 == 0 else datetime.time(number % 24, number % 60, 7, number * 11),
            logged=moment + datetime.timedelta(days=number),
            price=decimal.Decimal(number * 1237 - 9000) / 100, weight=number / 8,
            height=None if number % 3 else number / 7, token=uuid.UUID(int=number << 64 | 0xABCDEF),
            key=None if number % 3 else uuid.UUID(int=number << 40), photo=None if number % 4 == 0 else bytes(range(number)),
            address=None if number % 2 else f"10.0.0.{number}", rank=number - 100, score=number * 1000,
            steps=number - (1 << 62), flags=number, keeper=1 + number % 2, cage=cage if number % 3 else None,
            parent=number // 2 if number > 2 and number % 2 else None)
    for number in range(1, 40):
        Sighting.create(animal=number, day=datetime.date(2024, 1, number % 28 + 1), count=number)


def shown(value):
    if isinstance(value, (memoryview, bytes)):
        return bytes(value).hex()
    if isinstance(value, decimal.Decimal):
        return str(value.normalize())
    return repr(value)


def dump():
    for model in MODELS:
        names = [field.column_name for field in model._meta.sorted_fields]
        keys = [model._meta.fields[name] for name in getattr(model._meta.primary_key, "field_names", ["id"])] \
            if model is Sighting else [model._meta.primary_key]
        for row in model.select().order_by(*keys).dicts():
            values = [row[field.name] for field in model._meta.sorted_fields]
            print(model.__name__, *(f"{name}={shown(value)}" for name, value in zip(names, values)), sep="\t")
    print(Animal.select().where(Animal.tame == True, Animal.seen >= datetime.datetime(2024, 4, 1)).count())  # noqa: E712
    print(Animal.select().where(Animal.token == uuid.UUID(int=5 << 64 | 0xABCDEF)).count())
    print(Animal.select().where(Animal.logged >= datetime.datetime(2024, 5, 1)).count())


def write():
    """A row by the framework into what we made: defaults, sequences and types take it."""
    animal = Animal.create(
        name="new", tame=True, born=datetime.date(2024, 1, 1), seen=datetime.datetime(2024, 1, 1),
        logged=datetime.datetime(2024, 1, 1), price=1, weight=1, token=uuid.uuid4(), rank=1, score=1, steps=0, keeper=1)
    again = Animal.get_by_id(animal.id)
    assert again.id > 210 and again.tame is True and again.token == animal.token and again.logged == animal.logged
    print("written")


database.connect()
{"make": make, "dump": dump, "write": write}[sys.argv[1]]()
