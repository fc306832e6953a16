"""Every type, key, index and constraint of SQLAlchemy, in one small schema, stamped by Alembic.

    sqlalchemy_zoo.py make|dump|write URL

URL is sqlite:PATH or a conninfo with host, port, user and dbname.
"""
import datetime
import decimal
import enum
import sys
import uuid

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session, declarative_base

try:
    from sqlalchemy import Uuid
except ImportError:  # Before 2.0 people wrote this type themselves, from SQLAlchemy's documentation.
    from sqlalchemy.dialects.postgresql import UUID as PostgresUUID

    class Uuid(sa.types.TypeDecorator):
        impl = sa.CHAR(32)
        cache_ok = True

        def load_dialect_impl(self, dialect):
            if dialect.name == "postgresql":
                return dialect.type_descriptor(PostgresUUID(as_uuid=True))
            return dialect.type_descriptor(sa.CHAR(32))

        def process_bind_param(self, value, dialect):
            return value if value is None or dialect.name == "postgresql" else value.hex

        def process_result_value(self, value, dialect):
            return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


def connect(url):
    if url.startswith("sqlite:"):
        return sa.create_engine("sqlite:///" + url[7:])
    parts = dict(word.split("=", 1) for word in url.split())
    query = {"host": parts["host"], "port": parts["port"]}
    return sa.create_engine(
        sa.engine.URL.create("postgresql+psycopg2", username=parts["user"], database=parts["dbname"], query=query))


Base = declarative_base()


class Mood(enum.Enum):
    calm = 1
    wild = 2


class Keeper(Base):
    __tablename__ = "keeper"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(40), nullable=False, unique=True)
    motto = sa.Column(sa.String)
    note = sa.Column(sa.UnicodeText, server_default="none")


class Cage(Base):
    __tablename__ = "cage"
    house = sa.Column(sa.String(8), primary_key=True)
    number = sa.Column(sa.SmallInteger, primary_key=True, autoincrement=False)
    size = sa.Column(sa.Double if hasattr(sa, "Double") else sa.Float(53), server_default=sa.text("1.5"))


class Animal(Base):
    __tablename__ = "animal"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.Unicode(50), nullable=False, index=True)
    tame = sa.Column(sa.Boolean, nullable=False, server_default=sa.false())
    vaccinated = sa.Column(sa.Boolean)
    born = sa.Column(sa.Date, nullable=False)
    seen = sa.Column(sa.DateTime, nullable=False)
    called = sa.Column(sa.DateTime(timezone=True))
    fed = sa.Column(sa.Time)
    nap = sa.Column(sa.Interval)
    price = sa.Column(sa.Numeric(12, 2), nullable=False)
    tax = sa.Column(sa.Numeric(asdecimal=True))
    weight = sa.Column(sa.Float)
    token = sa.Column(Uuid(), nullable=False, unique=True)
    facts = sa.Column(sa.JSON, nullable=False)
    mood = sa.Column(sa.Enum(Mood))
    photo = sa.Column(sa.LargeBinary)
    rank = sa.Column(sa.SmallInteger, nullable=False, server_default="7")
    score = sa.Column(sa.Integer, nullable=False)
    steps = sa.Column(sa.BigInteger, nullable=False)
    made = sa.Column(sa.DateTime, server_default=sa.func.current_timestamp())
    keeper_id = sa.Column(sa.ForeignKey("keeper.id", ondelete="CASCADE"), nullable=False)
    house = sa.Column(sa.String(8))
    number = sa.Column(sa.SmallInteger)
    parent_id = sa.Column(sa.ForeignKey("animal.id"))
    __table_args__ = (
        sa.ForeignKeyConstraint(["house", "number"], ["cage.house", "cage.number"]),
        sa.UniqueConstraint("name", "born", name="animal_name_born"),
        sa.CheckConstraint("score >= 0", name="animal_score"),
        sa.Index("animal_rank", "rank", "score"),
        sa.Index("animal_tame", "steps", unique=True, sqlite_where=sa.text("score > 10"),
                 postgresql_where=sa.text("score > 10")),
    )


MODELS = [Keeper, Cage, Animal]
engine = connect(sys.argv[2])


def make():
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        context._ensure_version_table()
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0123456789ab')"))
    with Session(engine) as session:
        session.add_all([Keeper(id=1, name="Ann"), Keeper(id=2, name="Bjørn", motto="x" * 500)])
        session.add_all([Cage(house="north", number=number) for number in range(3)])
        session.flush()
        naps = [None, datetime.timedelta(0), datetime.timedelta(days=3, seconds=5, microseconds=7),
                datetime.timedelta(days=2000), datetime.timedelta(milliseconds=1)]
        facts = [{}, {"b": [1, 2.5, None, True], "a": 1}, [1, "é"], "text", 7, {"n": {"deep": ["x"]}}, False]
        moment = datetime.datetime(2024, 3, 31, 0, 30)
        for number in range(210):
            session.add(Animal(
                name=f"animal {number} ü", tame=number % 2 == 0, vaccinated=[None, True, False][number % 3],
                born=datetime.date(1900 + number, 1 + number % 12, 1 + number % 28),
                seen=moment + datetime.timedelta(hours=number, microseconds=number * 4679),
                called=None if number % 4 else moment + datetime.timedelta(days=number),
                fed=None if number % 5 == 0 else datetime.time(number % 24, number % 60, 7, number * 11),
                nap=naps[number % 5], price=decimal.Decimal(number * 1237 - 9000) / 100,
                tax=decimal.Decimal(number) / 8, weight=number / 7, token=uuid.UUID(int=number << 64 | 0xABCDEF),
                facts=facts[number % 7], mood=[Mood.calm, Mood.wild, None][number % 3],
                photo=None if number % 4 == 0 else bytes(range(number)), rank=-32768 + number,
                score=number * 1000, steps=number - (1 << 62), keeper_id=1 + number % 2,
                house="north" if number % 2 else None, number=number % 3 if number % 2 else None,
                parent_id=number // 2 if number > 2 and number % 2 else None))
            session.flush()
        session.commit()


def shown(value):
    if isinstance(value, (memoryview, bytes)):
        return bytes(value).hex()
    if isinstance(value, decimal.Decimal):
        return str(value.normalize())
    return repr(value)


def dump():
    with Session(engine) as session:
        for model in MODELS:
            columns = list(model.__table__.columns)
            for row in session.execute(sa.select(model.__table__).order_by(*model.__table__.primary_key)):
                print(model.__name__, *(f"{c.name}={shown(v)}" for c, v in zip(columns, row)), sep="\t")
        count = sa.select(sa.func.count()).select_from(Animal)
        print(session.scalar(count.where(Animal.tame, Animal.seen >= datetime.datetime(2024, 4, 1))))
        print(session.scalar(count.where(Animal.token == uuid.UUID(int=5 << 64 | 0xABCDEF))))
        print(session.scalar(count.where(Animal.mood == Mood.wild)))


def write():
    """A row by the framework into what we made: defaults, sequences and types take it."""
    with Session(engine) as session:
        animal = Animal(
            name="new", born=datetime.date(2024, 1, 1), seen=datetime.datetime(2024, 1, 1), price=1,
            token=uuid.uuid4(), facts={"a": 1}, mood=Mood.wild, score=1, steps=0, keeper_id=1,
            nap=datetime.timedelta(days=1, seconds=2))
        session.add(animal)
        session.commit()
        assert animal.id > 210 and animal.tame is False and animal.rank == 7 and animal.mood is Mood.wild
        assert animal.facts == {"a": 1} and animal.nap == datetime.timedelta(days=1, seconds=2)
    print("written")


{"make": make, "dump": dump, "write": write}[sys.argv[1]]()
