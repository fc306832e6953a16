-- Rows for schema.sql, the same on every machine: nothing is random and nothing asks the
-- clock. Every value is arithmetic on the row's number: a multiplication modulo 2^32, then a
-- second one after folding (XOR) the high bits down, because the low bits of the first are regular.
--
-- The caller makes `temp.size (mb)` first: about how large the database shall become.

PRAGMA synchronous = OFF;
PRAGMA cache_size = -256000;
BEGIN;

CREATE TEMP TABLE label (k INTEGER PRIMARY KEY, name TEXT);
INSERT INTO label (k, name) VALUES
    (0, 'page.view'), (1, 'page.leave'), (2, 'cart.add'), (3, 'cart.remove'), (4, 'search'), (5, 'login'),
    (6, 'logout'), (7, 'payment.start'), (8, 'payment.done'), (9, 'payment.failed'), (10, 'mail.sent'),
    (11, 'mail.opened'), (12, 'profile.edit'), (13, 'export'), (14, 'größe.gewählt'), (15, 'api.call');

-- The words of the long texts, the most frequent first: they are drawn with a square law, so
-- that texts compress about as prose does.
CREATE TEMP TABLE word (k INTEGER PRIMARY KEY, name TEXT);
INSERT INTO word (k, name)
WITH RECURSIVE
    list(rest, i, name) AS (
    SELECT 'the of and to in a is that it was for on are with as his they at be this from have or by one had '
        || 'not but what all were when we there can an your which their said if do will each about how up '
        || 'out them then she many some so these would other into has more her two like him see time could '
        || 'no make than first been its who now people my made over did down only way find use may water '
        || 'long little very after words called just where most know get through back much before go good '
        || 'new write our used me man too any day same right look think also around another came come work '
        || 'three word must because does part even place well such here take why things help put years '
        || 'different away again off went old number great tell men say small every found still between '
        || 'name should home big give air line set own under read last never us left end along while might '
        || 'next sound below saw something thought both few those always looked show large often together '
        || 'asked house world going want school important until form food keep children feet land side '
        || 'without boy once animals life enough took sometimes four head above kind began almost live page '
        || 'got earth need far hand high year mother light parts country father let night following picture '
        || 'being study second eyes soon times story boys since white days ever paper hard near sentence '
        || 'better best across during today others however sure means knew try told young miles sun ways '
        || 'thing whole hear example heard several change answer room sea against top turned learn point '
        || 'city play toward five using himself usually harbor invoice warehouse customer delivery winter '
        || 'agreement signature committee document appendix paragraph quarter forecast estimate inventory '
        || 'machine temperature pressure maintenance inspection certificate passenger railway platform '
        || 'señor café naïve façade Zürich Kraków Malmö résumé jalapeño København 東京 Москва Ελλάδα ',
            -1, NULL
        UNION ALL
        SELECT substr(rest, instr(rest, ' ') + 1), i + 1, substr(rest, 1, instr(rest, ' ') - 1)
        FROM list WHERE rest <> ''
    )
SELECT i, name FROM list WHERE name IS NOT NULL;

CREATE TEMP TABLE sentence (k INTEGER PRIMARY KEY, name TEXT);
INSERT INTO sentence (k, name)
WITH RECURSIVE
    counted(words) AS (SELECT count(*) FROM word),
    sentences(s) AS (VALUES (0) UNION ALL SELECT s + 1 FROM sentences WHERE s < 4095),
    places(p) AS (VALUES (0) UNION ALL SELECT p + 1 FROM places WHERE p < 22),
    drawn(s, p, x) AS (
        SELECT s, p, (s * 23 + p + 1) * 2654435761 & 4294967295 FROM sentences, places
        WHERE p < 8 + (s * 2654435761 >> 12) % 15
    ),
    mixed(s, p, x) AS (SELECT s, p, ((x | (x >> 15)) - (x & (x >> 15))) * 1597334677 >> 8 & 65535 FROM drawn)
SELECT s,
    upper(substr(text, 1, 1)) || substr(text, 2)
        || iif(s % 7 = 0, '. ', iif(s % 11 = 0, '?' || char(10), ', '))
FROM (
    SELECT s, group_concat(word.name, ' ') AS text
    FROM mixed, counted CROSS JOIN word ON word.k = x * x / 65536 * words / 65536
    GROUP BY s
);

-- Bytes for the blobs: no zero byte, because group_concat works on texts.
CREATE TEMP TABLE pool (bytes BLOB);
INSERT INTO pool
WITH RECURSIVE
    digits(d) AS (VALUES (1) UNION ALL SELECT d + 1 FROM digits WHERE d < 255),
    alphabet(bytes) AS (SELECT CAST(
        x'fbf6f1ece7e2ddd8d3cec9c4bfbab5b0aba6a19c97928d88837e79746f6a6560' ||
        x'5b56514c47423d38332e29241f1a15100b0601fcf7f2ede8e3ded9d4cfcac5c0' ||
        x'bbb6b1aca7a29d98938e89847f7a75706b66615c57524d48433e39342f2a2520' ||
        x'1b16110c0702fdf8f3eee9e4dfdad5d0cbc6c1bcb7b2ada8a39e99948f8a8580' ||
        x'7b76716c67625d58534e49443f3a35302b26211c17120d0803fef9f4efeae5e0' ||
        x'dbd6d1ccc7c2bdb8b3aea9a49f9a95908b86817c77726d68635e59544f4a4540' ||
        x'3b36312c27221d18130e0904fffaf5f0ebe6e1dcd7d2cdc8c3beb9b4afaaa5a0' ||
        x'9b96918c87827d78736e69645f5a55504b46413c37322d28231e19140f0a05'
        AS BLOB)),
    places(p, x) AS (
        SELECT 0, 7
        UNION ALL
        SELECT p + 1, ((x | (x >> 13)) - (x & (x >> 13))) * 1597334677 + 374761393 & 4294967295
        FROM places WHERE p < 599999
    )
SELECT CAST(group_concat(substr(alphabet.bytes, 1 + (x >> 11) % 255, 1), '') AS BLOB) FROM places, alphabet;

INSERT INTO event (id, account_id, kind, name, value, created_at)
WITH RECURSIVE
    n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT mb * 5000 FROM size)),
    drawn(i, x) AS (SELECT i, i * 2654435761 & 4294967295 FROM n),
    mixed(i, x, y) AS (SELECT i, x, ((x | (x >> 15)) - (x & (x >> 15))) * 1597334677 & 4294967295 FROM drawn)
SELECT i, 1 + (y >> 7) % 50000, 1 + (y >> 12) % 40, label.name,
    iif(x % 9 = 0, NULL, (y >> 3) / 1024.0),
    strftime('%Y-%m-%d %H:%M:%S', 1577836800 + i * 29 + (y >> 9) % 97, 'unixepoch')
FROM mixed CROSS JOIN label ON label.k = (y >> 16 & 15);

INSERT INTO customer_order (id, number, customer_id, status, total, ordered_on, priority, remark)
WITH RECURSIVE
    n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT mb * 375 FROM size)),
    drawn(i, x) AS (SELECT i, i * 2654435761 & 4294967295 FROM n),
    mixed(i, x) AS (SELECT i, ((x | (x >> 15)) - (x & (x >> 15))) * 1597334677 & 4294967295 FROM drawn)
SELECT i, printf('O-%04d-%07d', x % 10000, i), 1 + (x >> 5) % 20000, substr('OFPX', 1 + (x >> 9) % 4, 1),
    ((x >> 4) % 50000000) / 100.0, date(1388534400 + (x >> 6) % 220000000, 'unixepoch'),
    ((x >> 10) % 5 + 1) || '-' || substr('URGENTHIGH  MEDIUMLOW   NONE  ', 1 + (x >> 10) % 5 * 6, 6),
    iif(x % 3 = 0, NULL, substr(sentence.name, 1, 78))
FROM mixed CROSS JOIN sentence ON sentence.k = (x >> 13 & 4095);

INSERT INTO line_item (
    id, order_id, line_number, part_id, quantity, price, discount, is_returned, shipped_on, received_at, mode,
    remark)
WITH RECURSIVE
    n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT mb * 1500 - 1 FROM size)),
    drawn(i, x) AS (SELECT i, (i + 1) * 2654435761 & 4294967295 FROM n),
    mixed(i, x) AS (SELECT i, ((x | (x >> 15)) - (x & (x >> 15))) * 1597334677 & 4294967295 FROM drawn)
SELECT i + 1, i / 4 + 1, i % 4 + 1, 1 + (x >> 5) % 200000, 1 + (x >> 8) % 50,
    (90000 + (x >> 4) % 10000000) / 100.0,
    (x >> 12) % 11 / 100.0, (x >> 17) % 2, date(1388534400 + (x >> 6) % 220000000, 'unixepoch'),
    iif(x % 5 = 0, NULL, strftime('%Y-%m-%d %H:%M:%S', 1388534400 + (x >> 4) % 230000000, 'unixepoch')),
    substr('REG AIRAIR    RAIL   SHIP   TRUCK  MAIL   FOB    ', 1 + (x >> 14) % 7 * 7, 7),
    substr(sentence.name, 1 + (x >> 20) % 20, 8 + (x >> 19) % 35)
FROM mixed CROSS JOIN sentence ON sentence.k = (x >> 13 & 4095);

-- 270 sentences are 20 KB. The stride is odd, so that no sentence stands twice in one text.
INSERT INTO document (id, title, body, updated_at)
WITH RECURSIVE
    n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT mb * 6 FROM size)),
    places(p) AS (VALUES (0) UNION ALL SELECT p + 1 FROM places WHERE p < 269)
SELECT n.i, printf('Document %d', n.i), group_concat(sentence.name, ''),
    strftime('%Y-%m-%d %H:%M:%S', 1577836800 + n.i * 52361, 'unixepoch')
FROM n, places CROSS JOIN sentence ON sentence.k = (n.i * 1597 + p * (2 * (n.i % 700) + 1) & 4095)
GROUP BY n.i;

-- 200 KB each: three stretches of the pool that do not overlap.
INSERT INTO attachment (id, document_id, file_name, content)
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT max(1, mb / 2) FROM size))
SELECT i, 1 + i * 11 % (SELECT mb * 6 FROM size), printf('scan-%05d.jpg', i), CAST(
    substr(bytes, 1 + i * 7919 % 130000, 66667) || substr(bytes, 200001 + i * 6101 % 130000, 66667)
    || substr(bytes, 400001 + i * 4603 % 130000, 66666) AS BLOB)
FROM n, pool;

INSERT INTO reading
WITH RECURSIVE
    n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT mb * 50 FROM size)),
    drawn(i, x) AS (SELECT i, i * 2654435761 & 4294967295 FROM n),
    mixed(i, x) AS (SELECT i, ((x | (x >> 15)) - (x & (x >> 15))) * 1597334677 & 4294967295 FROM drawn),
    texts(i, x, t, u) AS (SELECT i, x, printf('%x', x), printf('S-%05d', x % 90000) FROM mixed)
SELECT i,
    x >> 0, x >> 1, x >> 2, x >> 3, x >> 4, x >> 5, x >> 6, x >> 7, x >> 8, iif(x % 3 = 0, NULL, x),
    x >> 6, x >> 7, x >> 8, x >> 9, x >> 10, x >> 11, x >> 12, x >> 13, x >> 14, iif(x % 4 = 0, NULL, x),
    x >> 12, x >> 13, x >> 14, x >> 15, x >> 16, x >> 17, x >> 18, x >> 19, x >> 20, iif(x % 5 = 0, NULL, x),
    x >> 18, x >> 19, x >> 20, x >> 21, x >> 22, x >> 23, x >> 24, x >> 25, x >> 26, iif(x % 6 = 0, NULL, x),
    x / 16.0, x / 32.0, x / 48.0, x / 64.0, x / 80.0, x / 96.0, x / 112.0, iif(x % 3 = 1, NULL, x / 7.0),
    x / 144.0, x / 160.0, x / 176.0, x / 192.0, x / 208.0, x / 224.0, x / 240.0,
    iif(x % 4 = 1, NULL, x / 7.0),
    x / 272.0, x / 288.0, x / 304.0, x / 320.0, x / 336.0, x / 352.0, x / 368.0,
    iif(x % 5 = 1, NULL, x / 7.0),
    t, u, t, u, t, u, t, u, NULL,
    t, u, t, u, t, u, t, u, NULL,
    t, u, t, u, t, u, t, u, NULL,
    date(1388534400 + (x >> 6) % 220000000, 'unixepoch'), date(1388534400 + i * 1801, 'unixepoch'),
    date(1500000000 + (x >> 8), 'unixepoch'), NULL,
    strftime('%Y-%m-%d %H:%M:%S', 1388534400 + (x >> 4), 'unixepoch'),
    strftime('%Y-%m-%dT%H:%M:%S', 1388534400 + (x >> 5), 'unixepoch'),
    strftime('%Y-%m-%d %H:%M:%f', 1388534400 + i * 1.125, 'unixepoch'),
    iif(x % 4 = 0, NULL, strftime('%Y-%m-%d %H:%M:%S', 1388534400 + (x >> 3) % 300000000, 'unixepoch'))
FROM texts;

COMMIT;
