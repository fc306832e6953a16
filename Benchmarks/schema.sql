-- The database of `make bench`: five shapes of row that cost a migration differently.
-- Every INTEGER PRIMARY KEY is called id, so that key ranges can split each table.

-- Narrow rows: the work is per row, not per byte.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL,
    created_at DATETIME NOT NULL
);

-- Mixed rows, in the manner of TPC-H: decimals, dates, flags, comments, a foreign key.
CREATE TABLE customer_order (
    id INTEGER PRIMARY KEY,
    number VARCHAR(16) NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL,
    status CHAR(1) NOT NULL,
    total DECIMAL(12,2) NOT NULL,
    ordered_on DATE NOT NULL,
    priority VARCHAR(15),
    remark VARCHAR(79)
);
CREATE TABLE line_item (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES customer_order (id),
    line_number INTEGER NOT NULL,
    part_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    price DECIMAL(12,2) NOT NULL,
    discount REAL NOT NULL,
    is_returned BOOLEAN NOT NULL DEFAULT 0,
    shipped_on DATE,
    received_at DATETIME,
    mode VARCHAR(10),
    remark VARCHAR(44),
    UNIQUE (order_id, line_number)
);

-- Long text and blobs: the work is per byte, and in the server's compression.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at DATETIME
);
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    content BLOB NOT NULL
);

-- Wide rows: a hundred columns, some of them NULL.
CREATE TABLE reading (
    id INTEGER PRIMARY KEY,
    i00 INTEGER, i01 INTEGER, i02 INTEGER, i03 INTEGER, i04 INTEGER,
    i05 INTEGER, i06 INTEGER, i07 INTEGER, i08 INTEGER, i09 INTEGER,
    i10 INTEGER, i11 INTEGER, i12 INTEGER, i13 INTEGER, i14 INTEGER,
    i15 INTEGER, i16 INTEGER, i17 INTEGER, i18 INTEGER, i19 INTEGER,
    i20 INTEGER, i21 INTEGER, i22 INTEGER, i23 INTEGER, i24 INTEGER,
    i25 INTEGER, i26 INTEGER, i27 INTEGER, i28 INTEGER, i29 INTEGER,
    i30 INTEGER, i31 INTEGER, i32 INTEGER, i33 INTEGER, i34 INTEGER,
    i35 INTEGER, i36 INTEGER, i37 INTEGER, i38 INTEGER, i39 INTEGER,
    r00 REAL, r01 REAL, r02 REAL, r03 REAL, r04 REAL, r05 REAL, r06 REAL, r07 REAL,
    r10 REAL, r11 REAL, r12 REAL, r13 REAL, r14 REAL, r15 REAL, r16 REAL, r17 REAL,
    r20 REAL, r21 REAL, r22 REAL, r23 REAL, r24 REAL, r25 REAL, r26 REAL, r27 REAL,
    t00 TEXT, t01 TEXT, t02 TEXT, t03 TEXT, t04 TEXT, t05 TEXT, t06 TEXT, t07 TEXT, t08 TEXT,
    t10 TEXT, t11 TEXT, t12 TEXT, t13 TEXT, t14 TEXT, t15 TEXT, t16 TEXT, t17 TEXT, t18 TEXT,
    t20 TEXT, t21 TEXT, t22 TEXT, t23 TEXT, t24 TEXT, t25 TEXT, t26 TEXT, t27 TEXT, t28 TEXT,
    d0 DATE, d1 DATE, d2 DATE, d3 DATE, s0 DATETIME, s1 DATETIME, s2 DATETIME, s3 DATETIME
);

CREATE INDEX event_by_account ON event (account_id, created_at);
CREATE INDEX event_by_kind ON event (kind);
CREATE INDEX line_item_by_part ON line_item (part_id);
CREATE INDEX customer_order_by_customer ON customer_order (customer_id, ordered_on DESC);
CREATE INDEX attachment_by_document ON attachment (document_id);
CREATE INDEX reading_by_day ON reading (d0, i00);
