/// A database with every codec, and at every codec's edges.
enum CodecFixture {
    /// `raw` has text with U+0000, which only `--unstorable-text bytea` carries.
    static let sql = """
        CREATE TABLE numbers (id INTEGER PRIMARY KEY, i INTEGER, d REAL, any_number INTEGER, money DECIMAL(10,2),
          loose, flag BOOLEAN);
        INSERT INTO numbers (i, d, any_number, money, loose, flag) VALUES
          (9223372036854775807, 5e-324, 9007199254740993, 12345678.25, 'text', 0),
          (-9223372036854775808, 1e308, 0.1, -99999999.75, '7a', 1),
          (0, 0.1, -1e-7, 0, '', NULL), (1, -1.7976931348623157e308, 123456789.125, 1, NULL, 0),
          (-1, 2.2250738585072014e-308, 1e15, 0.5, 'naïve', 1), (NULL, NULL, NULL, NULL, 'x', 1),
          (9007199254740993, 9007199254740993, 3, 10, 'y', 1), (42, 3, 1e-300, 7.01, 'z', 0),
          (7, 9e999, 5, 19.99, 'w', 0), (8, -9e999, 6, 0.01, 'v', 0), (9, 0.30000000000000004, 7, 8.1, 'u', 0),
          (10, 1e22, 8, 100.1, 't', 0), (11, 1.5e300, 9, 5e1, 's', 1), (12, 4.35, 10, 2.675e3, 'r', 1);
        CREATE TABLE signed_zero (z);
        INSERT INTO signed_zero VALUES (-0.0), (0.0), (1.5), (-2.25);
        CREATE TABLE texts (id INTEGER PRIMARY KEY, t TEXT, v VARCHAR(10), b BLOB, mixed);
        INSERT INTO texts (t, v, b, mixed) VALUES
          ('', NULL, x'', 'one'), (NULL, '', NULL, 2), ('it''s "quoted"', 'longer than ten', x'00', 3.5),
          ('back\\slash \\N \\t', '\\.', x'FF00FE5C6E', '4a'), ('line' || char(10) || 'two' || char(13), char(9), x'0A09', 1.2345678901234568e29),
          ('日本語 🦊 é', 'é' || char(769), x'C3A9', ''), ('NULL', 'null', x'4E554C4C', 'NULL'),
          (char(1) || char(31) || char(30), ' trailing ', zeroblob(3000), '0x10'),
          (replace(hex(zeroblob(40000)), '0', 'ab'), char(65533), x'27', char(0xFFFF));
        CREATE TABLE raw (id INTEGER PRIMARY KEY, t TEXT);
        INSERT INTO raw (t) VALUES ('a' || char(0) || 'b'), (''), ('plain'), (NULL);
        CREATE TABLE moments (id INTEGER PRIMARY KEY, at DATETIME, zoned TIMESTAMP, day DATE, clock TIME);
        INSERT INTO moments (at, zoned, day, clock) VALUES
          ('2024-02-29 23:59:59', '2024-02-29 23:59:59+00:00', '2024-02-29', '23:59:59'),
          ('2024-02-29T23:59:59.5', '2024-02-29T23:59:59.123456-08:00', '0001-01-01', '00:00:00.000001'),
          ('1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+05:30', '9999-12-31', '12:30'),
          ('2024-01-02 03:04', '2024-01-02 03:04Z', NULL, '01:02:03.1'), (NULL, NULL, '1999-12-31', NULL),
          ('0001-01-01 00:00:00', '0001-01-01T00:00:00Z', '2000-01-01', '01:02:03.12'),
          ('9999-12-31 23:59:59.000001', '9999-12-31 23:59:59.1+02', '1900-02-28', '01:02:03.1234'),
          ('2000-01-01T00:00:00.123Z', '2000-01-01T00:00:00 -0330', '2000-03-01', '11:11:11.12345');
        CREATE TABLE documents (id UUID PRIMARY KEY, j JSON);
        INSERT INTO documents VALUES
          ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{"b": 1, "a": [1.50, 1e3, null, true], "é": "\\u00e9\\n"}'),
          ('a0eebc999c0b4ef8bb6d6bb9bd380a12', '[]'), ('{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a13}', ' "text" '),
          ('00000000-0000-0000-0000-000000000000', '{"n": 123456789012345678901234567890.10}'),
          ('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL), ('11111111-2222-3333-4444-555555555555', '{"a":{"b":{"c":""}}}');
        CREATE TABLE pairs (a TEXT, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID;
        INSERT INTO pairs VALUES ('x', 1), ('y', 1), ('x', -1), ('', 0);
        """
}
