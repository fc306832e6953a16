-- The database of a small ticket shop, as such databases grow over some years:
-- foreign keys with actions, CHECKs, partial and expression indexes, a case-blind
-- column, a full-text table, and one column into which three wrong values slipped.
--
--     cat Examples/ticketing/schema.sql Examples/ticketing/data.sql | sqlite3 shop.db
--
-- Needs SQLite 3.37 or later (STRICT). The journal mode stays SQLite's default, a
-- rollback journal: a WAL database brings `-wal` and `-shm` files with it, and a
-- sample is easier to copy, to mail and to throw away as one file.

PRAGMA page_size = 4096;
PRAGMA foreign_keys = ON;
PRAGMA synchronous = OFF;  -- for building the sample only; it is not stored in the file
BEGIN;

CREATE TABLE country (
    code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 2),
    name TEXT NOT NULL UNIQUE,
    currency TEXT NOT NULL DEFAULT 'EUR' CHECK (length(currency) = 3)
) WITHOUT ROWID;

CREATE TABLE venue (
    id INTEGER PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    city TEXT NOT NULL,
    country_code TEXT NOT NULL REFERENCES country (code) ON DELETE RESTRICT ON UPDATE CASCADE,
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 50 AND 100000),
    latitude REAL CHECK (latitude >= -90 AND latitude <= 90),
    longitude REAL CHECK (longitude >= -180 AND longitude <= 180),
    opened_on DATE,
    is_accessible BOOLEAN NOT NULL DEFAULT 1,
    UNIQUE (name, city)
);

-- The first version was written on another system, hence the names.
CREATE TABLE "SeatMap" (
    "VenueId" INTEGER NOT NULL REFERENCES venue ON DELETE CASCADE,
    "Section" TEXT NOT NULL CHECK ("Section" IN ('A', 'B', 'C')),
    "RowCount" INTEGER NOT NULL,
    "SeatsPerRow" INTEGER NOT NULL,
    "Layout" JSON NOT NULL,
    PRIMARY KEY ("VenueId", "Section")
);

CREATE TABLE seat (
    id INTEGER PRIMARY KEY,
    venue_id INTEGER NOT NULL,
    section TEXT NOT NULL,
    row_label TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    has_clear_view BOOLEAN NOT NULL DEFAULT 1,
    UNIQUE (venue_id, section, row_label, number),
    FOREIGN KEY (venue_id, section) REFERENCES "SeatMap" ("VenueId", "Section") ON DELETE CASCADE
);

CREATE TABLE category (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES category (id) ON DELETE SET NULL,
    name TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL DEFAULT (10 * 10)
);

CREATE TABLE artist (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country_code TEXT REFERENCES country (code) ON DELETE SET NULL,
    biography TEXT,
    is_active BOOLEAN NOT NULL DEFAULT 1
);

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    public_id UUID NOT NULL UNIQUE,
    venue_id INTEGER NOT NULL REFERENCES venue (id) ON DELETE RESTRICT,
    category_id INTEGER REFERENCES category (id) ON DELETE SET NULL,
    title TEXT NOT NULL CHECK (length(title) > 0),
    description TEXT NOT NULL DEFAULT '',
    starts_at DATETIME NOT NULL,
    doors_at TIME,
    on_sale_from DATE NOT NULL,
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'on sale', 'sold out', 'over')),
    minimum_age INTEGER NOT NULL DEFAULT 0 CHECK (minimum_age >= 0 AND minimum_age <= 21),
    details JSON,
    poster BLOB
);
CREATE INDEX event_by_start ON event (starts_at DESC, venue_id);
CREATE INDEX event_on_sale ON event (on_sale_from) WHERE status = 'on sale';

CREATE TABLE event_artist (
    event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    artist_id UUID NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
    "order" INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (event_id, artist_id)
) WITHOUT ROWID;
CREATE INDEX event_artist_by_artist ON event_artist (artist_id, "order");

CREATE TABLE price_tier (
    event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    price_cents INTEGER NOT NULL CHECK (price_cents >= 0),
    fee_cents INTEGER NOT NULL DEFAULT 150,
    total_cents INTEGER GENERATED ALWAYS AS (price_cents + fee_cents) STORED,
    demand_factor REAL NOT NULL DEFAULT 1.0,
    PRIMARY KEY (event_id, code)
) STRICT;

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (email LIKE '%_@_%'),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    full_name TEXT GENERATED ALWAYS AS (first_name || ' ' || last_name) VIRTUAL,
    birth_year INTEGER,  -- three rows say 'n/a': SQLite does not mind, Postgres will
    newsletter BOOLEAN NOT NULL DEFAULT 0,
    api_token TEXT DEFAULT (lower(hex(randomblob(16)))),
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX customer_by_name ON customer (lower(last_name), first_name);

CREATE TABLE voucher (
    code TEXT NOT NULL PRIMARY KEY CHECK (code LIKE 'GIFT-%'),
    percent INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100),
    expires_on DATE,
    is_redeemed BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE ticket_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE RESTRICT,
    voucher_code TEXT REFERENCES voucher (code) ON DELETE SET NULL ON UPDATE CASCADE,
    placed_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'refunded', 'cancelled')),
    total DECIMAL(10,2) NOT NULL DEFAULT 0.0 CHECK (total >= 0),
    note TEXT,
    "user" TEXT  -- who sold it at the box office; NULL for the web shop
);
CREATE INDEX ticket_order_by_customer ON ticket_order (customer_id, placed_at DESC);
CREATE INDEX ticket_order_open ON ticket_order (placed_at) WHERE status = 'open';

CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES ticket_order (id) ON DELETE CASCADE,
    event_id INTEGER NOT NULL,
    tier_code TEXT NOT NULL,
    seat_id INTEGER REFERENCES seat (id) ON DELETE SET NULL,
    price DECIMAL(10,2) NOT NULL,
    barcode BLOB NOT NULL UNIQUE CHECK (length(barcode) = 12),
    is_cancelled BOOLEAN NOT NULL DEFAULT 0,
    FOREIGN KEY (event_id, tier_code) REFERENCES price_tier (event_id, code) ON DELETE RESTRICT
);
CREATE INDEX ticket_by_order ON ticket (order_id);
CREATE UNIQUE INDEX ticket_one_per_seat ON ticket (event_id, seat_id) WHERE is_cancelled = 0;

CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES ticket_order (id) DEFERRABLE INITIALLY DEFERRED,
    reference UUID NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('card', 'transfer', 'cash')),
    amount DECIMAL(10,2) NOT NULL,
    captured_at DATETIME,
    response JSON
);
CREATE INDEX payment_by_order ON payment (order_id);
CREATE UNIQUE INDEX payment_reference ON payment (reference);

-- No key at all: the scanners at the gates only append.
CREATE TABLE gate_scan (
    ticket_id INTEGER NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    gate TEXT NOT NULL,
    scanned_at DATETIME NOT NULL,
    battery REAL,
    was_admitted BOOLEAN NOT NULL
);
CREATE INDEX gate_scan_by_ticket ON gate_scan (ticket_id);

CREATE VIRTUAL TABLE event_search USING fts5 (title, description);

CREATE VIEW upcoming_event AS
SELECT event.id, event.title, event.starts_at, venue.name AS venue, venue.city
FROM event
JOIN venue ON venue.id = event.venue_id
WHERE event.status = 'on sale'
ORDER BY event.starts_at;

CREATE VIEW daily_sales AS
SELECT date(placed_at) AS day, count(*) AS orders, round(sum(total), 2) AS revenue
FROM ticket_order
WHERE status = 'paid'
GROUP BY date(placed_at);

CREATE TRIGGER event_is_searchable AFTER INSERT ON event
BEGIN
    INSERT INTO event_search (rowid, title, description) VALUES (new.id, new.title, new.description);
END;

CREATE TRIGGER ticket_order_touched AFTER UPDATE OF status ON ticket_order
BEGIN
    UPDATE ticket_order SET updated_at = datetime('now') WHERE id = new.id;
END;

COMMIT;
