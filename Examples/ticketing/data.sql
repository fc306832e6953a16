-- Rows for schema.sql: 434,383 in all, the same on every machine. Nothing is random
-- and nothing asks the clock: every value is arithmetic on the row's number, most of
-- it multiplication by an odd constant modulo 2^32, which never repeats.

PRAGMA foreign_keys = ON;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -64000;
BEGIN;

CREATE TEMP TABLE first_name (i INTEGER PRIMARY KEY, name TEXT);
INSERT INTO first_name (name) VALUES
    ('Ada'), ('Björn'), ('Chloé'), ('Dmitri'), ('Eleni'), ('Farid'), ('Grace'), ('Hana'),
    ('İlkay'), ('José'), ('Katarzyna'), ('Łukasz'), ('Mei'), ('Nuño'), ('Oluwaseun'), ('Priya'),
    ('Quentin'), ('Renée'), ('Søren'), ('Tomáš'), ('Ursula'), ('Věra'), ('Wei'), ('Xóchitl'),
    ('Yuki'), ('Zoë'), ('Anaïs'), ('Bilal'), ('Carmen'), ('Đorđe'), ('Eoin'), ('Fatima');
CREATE TEMP TABLE last_name (i INTEGER PRIMARY KEY, name TEXT);
INSERT INTO last_name (name) VALUES
    ('Andersson'), ('Bernard'), ('Costa'), ('Dvořák'), ('Eriksen'), ('Fischer'), ('García'),
    ('Horváth'), ('Ivanova'), ('Jansen'), ('Kowalski'), ('Lindqvist'), ('Müller'), ('Nakamura'),
    ('O''Brien'), ('Papadopoulos'), ('Quispe'), ('Rossi'), ('Šimić'), ('Tanaka'), ('Ünal'),
    ('van den Berg'), ('Weiß'), ('Xu'), ('Yılmaz'), ('Zielińska'), ('de la Cruz'), ('Ó Súilleabháin'), ('李');
CREATE TEMP TABLE word (i INTEGER PRIMARY KEY, name TEXT);
INSERT INTO word (name) VALUES
    ('Midnight'), ('Electric'), ('Northern'), ('Silent'), ('Golden'), ('Wandering'), ('Paper'),
    ('Broken'), ('Velvet'), ('Winter'), ('Orchestra'), ('Machine'), ('Garden'), ('Harbor'),
    ('Letters'), ('Circus'), ('Satellite'), ('Choir'), ('Theory'), ('Parade'), ('River'), ('Mirror'),
    ('Festival');
-- Bytes to cut pieces from: each of the 256 once, unsorted.
CREATE TEMP TABLE bytes (b BLOB);
INSERT INTO bytes VALUES (CAST(
    x'0db45b02a950f79e45ec933ae1882fd67d24cb7219c0670eb55c03aa51f89f46' ||
    x'ed943be28930d77e25cc731ac1680fb65d04ab52f9a047ee953ce38a31d87f26' ||
    x'cd741bc26910b75e05ac53faa148ef963de48b32d98027ce751cc36a11b85f06' ||
    x'ad54fba249f0973ee58c33da8128cf761dc46b12b96007ae55fca34af1983fe6' ||
    x'8d34db8229d0771ec56c13ba6108af56fda44bf29940e78e35dc832ad1781fc6' ||
    x'6d14bb6209b057fea54cf39a41e88f36dd842bd27920c76e15bc630ab158ffa6' ||
    x'4df49b42e99037de852cd37a21c86f16bd640bb25900a74ef59c43ea9138df86' ||
    x'2dd47b22c97017be650cb35a01a84ff69d44eb9239e0872ed57c23ca7118bf66'
    AS BLOB));

INSERT INTO country (code, name, currency) VALUES
    ('AT', 'Austria', 'EUR'), ('BE', 'Belgium', 'EUR'), ('CH', 'Switzerland', 'CHF'),
    ('CZ', 'Czechia', 'CZK'),
    ('DE', 'Germany', 'EUR'), ('DK', 'Denmark', 'DKK'), ('ES', 'Spain', 'EUR'), ('FR', 'France', 'EUR'),
    ('GB', 'United Kingdom', 'GBP'), ('IE', 'Ireland', 'EUR'), ('IT', 'Italy', 'EUR'), ('JP', 'Japan', 'JPY'),
    ('NL', 'Netherlands', 'EUR'), ('PL', 'Poland', 'PLN'), ('PT', 'Portugal', 'EUR'), ('SE', 'Sweden', 'SEK');
CREATE TEMP TABLE city (i INTEGER PRIMARY KEY, name TEXT, country TEXT, latitude REAL, longitude REAL);
INSERT INTO city (name, country, latitude, longitude) VALUES
    ('Wien', 'AT', 48.2082, 16.3738), ('Gent', 'BE', 51.0543, 3.7174), ('Zürich', 'CH', 47.3769, 8.5417),
    ('Brno', 'CZ', 49.1951, 16.6068), ('Köln', 'DE', 50.9375, 6.9603), ('Århus', 'DK', 56.1629, 10.2039),
    ('Sevilla', 'ES', 37.3891, -5.9845), ('Lyon', 'FR', 45.764, 4.8357), ('Leeds', 'GB', 53.8008, -1.5491),
    ('Cork', 'IE', 51.8985, -8.4756), ('Torino', 'IT', 45.0703, 7.6869), ('Ōsaka', 'JP', 34.6937, 135.5023),
    ('Utrecht', 'NL', 52.0907, 5.1214), ('Łódź', 'PL', 51.7592, 19.456), ('Porto', 'PT', 41.1579, -8.6291),
    ('Malmö', 'SE', 55.605, 13.0038);

-- 40 venues with three sections each, 18 rows of 12 seats: 25,920 seats.
INSERT INTO venue (id, name, city, country_code, capacity, latitude, longitude, opened_on, is_accessible)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 40)
SELECT n.i,
    printf('%s %s %d', word.name,
        CASE n.i % 3 WHEN 0 THEN 'Hall' WHEN 1 THEN 'Theatre' ELSE 'Arena' END, n.i),
    city.name, city.country, 648 + n.i * 137 % 9000, city.latitude, city.longitude,
    CASE WHEN n.i % 7 > 0 THEN date('1890-05-01', printf('+%d days', n.i * 1103)) END, n.i % 9 > 0
FROM n
JOIN word ON word.i = 1 + n.i * 5 % 23
JOIN city ON city.i = 1 + n.i % 16;

INSERT INTO "SeatMap" ("VenueId", "Section", "RowCount", "SeatsPerRow", "Layout")
SELECT venue.id, section.name, 18, 12,
    json_object('shape', iif(venue.id % 2, 'fan', 'block'), 'level', section.level,
        'aisles', json_array(4, 8))
FROM venue
JOIN (SELECT 'A' AS name, 0 AS level UNION ALL SELECT 'B', 1 UNION ALL SELECT 'C', 2) AS section
ORDER BY venue.id, section.name;

INSERT INTO seat (id, venue_id, section, row_label, number, has_clear_view)
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 40 * 648 - 1)
SELECT i + 1, 1 + i / 648, char(65 + i % 648 / 216), char(65 + i % 216 / 12), 1 + i % 12, i % 216 / 12 <> 17
FROM n;

INSERT INTO category (id, parent_id, name, position) VALUES
    (1, NULL, 'Music', 10), (2, 1, 'Rock', 20), (3, 1, 'Jazz', 30), (4, 1, 'Classical', 40),
    (5, 4, 'Opera', 50),
    (6, NULL, 'Stage', 60), (7, 6, 'Theatre', 70), (8, 6, 'Dance', 80), (9, 8, 'Ballet', 90),
    (10, NULL, 'Sport', 100), (11, 10, 'Football', 110), (12, NULL, 'Talks & readings', 120);

INSERT INTO artist (id, name, country_code, biography, is_active)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 600)
SELECT printf('%08x-%04x-4%03x-a%03x-%012x', n.i * 2654435761 % 4294967296, n.i * 40503 % 65536,
        n.i * 1217 % 4096, n.i * 2311 % 4096, n.i * 48271 * 69621 % 281474976710656),
    iif(n.i % 3, 'The ' || one.name || ' ' || two.name || ' ' || n.i,
        first_name.name || ' ' || two.name || ' ' || n.i),
    CASE WHEN n.i % 11 > 0 THEN substr('ATBECHCZDEDKESFRGBIEITJPNLPLPTSE', 1 + n.i % 16 * 2, 2) END,
    CASE WHEN n.i % 5 > 0 THEN first_name.name || ' founded the group in ' || (1970 + n.i % 50)
        || ', and it has played ' || n.i || ' concerts since. “'
        || one.name || ' ' || two.name || '” was the first.' END,
    n.i % 13 > 0
FROM n
JOIN word AS one ON one.i = 1 + n.i % 23
JOIN word AS two ON two.i = 1 + n.i * 7 % 23
JOIN first_name ON first_name.i = 1 + n.i * 11 % 32;

-- 1,200 events; three in four have a poster of 1 to 4 KB that begins as a PNG does.
INSERT INTO event (id, public_id, venue_id, category_id, title, description, starts_at, doors_at,
    on_sale_from, status, minimum_age, details, poster)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
SELECT n.i, printf('%08x-%04x-4%03x-9%03x-%012x', n.i * 2246822519 % 4294967296, n.i * 30011 % 65536,
        n.i * 733 % 4096, n.i * 1999 % 4096, n.i * 16807 * 69621 % 281474976710656),
    1 + n.i * 13 % 40, CASE WHEN n.i % 29 > 0 THEN 1 + n.i * 7 % 12 END,
    'The ' || one.name || ' ' || two.name || ' Night ' || n.i,
    iif(n.i % 10, 'An evening with the ' || one.name || ' ' || two.name
        || '. Doors open one hour before.', ''),
    datetime('2024-01-05 18:00:00', printf('+%d days', n.i * 13 / 16), printf('+%d minutes', n.i % 11 * 15)),
    CASE WHEN n.i % 6 > 0 THEN time('17:00:00', printf('+%d minutes', n.i % 11 * 15)) END,
    date('2023-10-01', printf('+%d days', n.i * 13 / 16)),
    CASE WHEN n.i < 800 THEN 'over' WHEN n.i % 9 = 0 THEN 'sold out' WHEN n.i % 31 = 0 THEN 'draft'
        ELSE 'on sale' END,
    CASE n.i % 8 WHEN 0 THEN 18 WHEN 1 THEN 12 ELSE 0 END,
    CASE WHEN n.i % 4 > 0 THEN json_object('language', substr('endefrcs', 1 + n.i % 4 * 2, 2), 'minutes',
        60 + n.i % 13 * 10, 'intermission', json(iif(n.i % 2, 'true', 'false')),
        'tags', json_array(one.name, two.name)) END,
    CASE WHEN n.i % 4 > 0 THEN CAST(x'89504e470d0a1a0a' || substr(b, 1 + n.i % 200, 40)
        || substr(CAST(b || b || b || b || b || b || b || b || b || b || b || b || b || b || b || b AS BLOB),
            1, 1000 + n.i * 331 % 3072) AS BLOB) END
FROM n
CROSS JOIN bytes
JOIN word AS one ON one.i = 1 + n.i * 3 % 23
JOIN word AS two ON two.i = 1 + n.i * 17 % 23
ORDER BY n.i;

INSERT INTO event_artist (event_id, artist_id, "order")
SELECT event.id, artist.id, slot.i
FROM event
JOIN (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) AS slot ON slot.i <= 1 + event.id % 3
JOIN artist ON artist.rowid = 1 + (event.id * 7 + slot.i * 101) % 600;

INSERT INTO price_tier (event_id, code, price_cents, fee_cents, demand_factor)
SELECT event.id, tier.code, 900 + (event.id * 37 % 60 + 5) * 100 / tier.share, 150 + event.id % 4 * 25,
    0.8 + event.id % 9 * 0.1
FROM event
JOIN (SELECT 'front' AS code, 1 AS share UNION ALL SELECT 'middle', 2 UNION ALL SELECT 'back', 3) AS tier;

-- 40,000 customers. Three of them were imported from a spreadsheet.
INSERT INTO customer (id, email, first_name, last_name, birth_year, newsletter, api_token, created_at)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
SELECT n.i, printf(iif(n.i % 17, 'buyer.%d@mail%d.example', 'Buyer.%d@Mail%d.Example'), n.i, n.i % 40),
    first_name.name, last_name.name,
    CASE WHEN n.i IN (4711, 20202, 31415) THEN 'n/a' WHEN n.i % 5 > 0 THEN 1940 + n.i * 19 % 66 END,
    n.i % 3 = 0,
    CASE WHEN n.i % 10 = 0 THEN printf('%08x%08x%08x%08x', n.i * 2654435761 % 4294967296,
        n.i * 2246822519 % 4294967296, n.i * 3266489917 % 4294967296, n.i * 668265263 % 4294967296) END,
    datetime('2022-03-01 08:00:00', printf('+%d seconds', n.i * 2900 + n.i % 59))
FROM n
JOIN first_name ON first_name.i = 1 + n.i * 13 % 32
JOIN last_name ON last_name.i = 1 + n.i * 5 % 29
ORDER BY n.i;

INSERT INTO voucher (code, percent, expires_on, is_redeemed)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)
SELECT printf('GIFT-%06X', n.i * 40503 % 16777216), 5 + n.i % 10 * 5,
    CASE WHEN n.i % 4 > 0 THEN date('2026-01-01', printf('+%d days', n.i)) END, n.i % 2
FROM n;

-- 72,000 orders of one to three tickets, 60 orders for every event.
CREATE TEMP TABLE sale (
    order_id INTEGER PRIMARY KEY, event_id INTEGER, round INTEGER, tier TEXT, tickets INTEGER, cents INTEGER
);
INSERT INTO sale
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 71999)
SELECT n.i + 1, 1 + n.i % 1200, n.i / 1200, tier.code, 1 + n.i * 7 % 11 % 3, tier.total_cents
FROM n
JOIN price_tier AS tier ON tier.event_id = 1 + n.i % 1200
    AND tier.code = CASE (n.i + n.i / 1200) % 3 WHEN 0 THEN 'front' WHEN 1 THEN 'middle' ELSE 'back' END
ORDER BY n.i;

INSERT INTO ticket_order (id, customer_id, voucher_code, placed_at, updated_at, status, total, note, "user")
SELECT order_id, 1 + order_id * 7919 % 40000,
    CASE WHEN order_id % 150 = 0 THEN printf('GIFT-%06X', (1 + order_id / 150 % 500) * 40503 % 16777216) END,
    datetime('2023-10-01 09:00:00', printf('+%d seconds', order_id * 1100 + order_id % 47)),
    CASE WHEN order_id % 23 = 0
        THEN datetime('2023-10-02 09:00:00', printf('+%d seconds', order_id * 1100)) END,
    CASE WHEN order_id % 23 = 0 THEN iif(order_id % 2, 'refunded', 'cancelled')
        WHEN order_id > 71500 THEN 'open' ELSE 'paid' END,
    tickets * cents / 100.0,
    CASE order_id % 20 WHEN 0 THEN 'Please leave the tickets at the box office.' WHEN 1 THEN '' END,
    CASE WHEN order_id % 12 = 0 THEN (SELECT lower(name) FROM first_name WHERE i = 1 + order_id % 7) END
FROM sale
ORDER BY order_id;

-- Two abandoned orders were deleted again: sqlite_sequence is ahead of the ids.
INSERT INTO ticket_order (customer_id, placed_at)
VALUES (1, '2026-02-01 10:00:00'), (2, '2026-02-01 10:00:05');
DELETE FROM ticket_order WHERE id > 72000;

INSERT INTO ticket (id, order_id, event_id, tier_code, seat_id, price, barcode, is_cancelled)
SELECT row_number() OVER (ORDER BY order_id, slot.i), order_id, event_id, tier,
    CASE WHEN event_id % 20 > 0 THEN (event_id * 13 % 40) * 648 + 1 + round * 3 + slot.i END,
    cents / 100.0,
    CAST(substr(b, 1 + order_id % 251, 4)
        || printf('%08x', (order_id * 4 + slot.i) * 2654435761 % 4294967296) AS BLOB),
    order_id % 23 = 0
FROM sale
CROSS JOIN bytes
JOIN (SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2) AS slot ON slot.i < sale.tickets;

INSERT INTO payment (id, order_id, reference, method, amount, captured_at, response)
SELECT order_id, order_id,
    printf('%08x-%04x-4%03x-8%03x-%012x', order_id * 3266489917 % 4294967296, order_id * 30011 % 65536,
        order_id * 733 % 4096, order_id * 1999 % 4096, order_id * 16807 * 69621 % 281474976710656),
    CASE WHEN order_id % 12 = 0 THEN 'cash' WHEN order_id % 7 = 0 THEN 'transfer' ELSE 'card' END,
    tickets * cents / 100.0,
    CASE WHEN order_id % 50 > 0
        THEN datetime('2023-10-01 09:02:00', printf('+%d seconds', order_id * 1100)) END,
    CASE WHEN order_id % 12 > 0 AND order_id % 7 > 0
        THEN json_object('result', 'ok', 'attempts', 1 + order_id % 3, 'score', order_id % 100 / 4.0) END
FROM sale
WHERE order_id <= 71500
ORDER BY order_id;

INSERT INTO gate_scan (ticket_id, gate, scanned_at, battery, was_admitted)
SELECT ticket.id, char(65 + ticket.id % 6), strftime('%Y-%m-%d %H:%M:%f', event.starts_at,
        printf('-%d.%03d seconds', ticket.id % 3500, ticket.id * 7 % 1000)),
    CASE WHEN ticket.id % 8 > 0 THEN ticket.id % 1000 / 1000.0 END, 1
FROM ticket
JOIN event ON event.id = ticket.event_id
WHERE event.status = 'over' AND ticket.is_cancelled = 0 AND ticket.id % 9 > 0
ORDER BY ticket.id;

COMMIT;
