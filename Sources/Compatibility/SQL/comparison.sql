-- Comparison of values of any class, and the collations.

-- function: nocase
-- about: What COLLATE NOCASE compares: the text with A to Z in lower case.
CREATE OR REPLACE FUNCTION @schema@.nocase(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.lower(value COLLATE "C") $$;

-- function: rtrim_key
-- about: What COLLATE RTRIM compares: the text without the spaces at its end.
CREATE OR REPLACE FUNCTION @schema@.rtrim_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.rtrim(value COLLATE "C", ' ') $$;

-- function: number_key
-- about: Bytes that sort as numbers do, and are equal where they are: 1 and 1.0, and integers beyond 2^53 too.
CREATE OR REPLACE FUNCTION @schema@.number_key(value numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  near double precision := @schema@.to_real(value) + 0.0;
  bits bigint;
  off int := 0;
BEGIN
  IF pg_catalog.scale(value) = 0 AND pg_catalog.abs(value) > 9007199254740992 THEN
    off := value - CASE WHEN near >= 9223372036854775808::double precision THEN 9223372036854775808
      ELSE near::bigint::numeric END;
  END IF;
  IF near = 0 THEN near := 0; END IF;
  bits := ('x' || pg_catalog.encode(pg_catalog.float8send(near), 'hex'))::bit(64)::bigint;
  -- Negative numbers turn all bits, the others the sign: then the bytes are in order.
  bits := CASE WHEN bits < 0 THEN ~bits ELSE bits # (-9223372036854775808)::bigint END;
  RETURN '\x01'::bytea || pg_catalog.int8send(bits) || pg_catalog.int2send((off + 4096)::smallint);
END $$;

-- function: sort_key
-- about: Bytes that sort as SQLite sorts values of any class: numbers, texts, blobs; NULL stays NULL.
CREATE OR REPLACE FUNCTION @schema@.sort_key(value jsonb) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN RETURN '\x02'::bytea || pg_catalog.convert_to(value #>> '{}', 'UTF8');
    WHEN 'number' THEN RETURN @schema@.number_key((value #>> '{}')::numeric);
    ELSE
      IF value ? 'b' THEN RETURN '\x03'::bytea || pg_catalog.decode(value ->> 'b', 'hex'); END IF;
      IF value ? 'j' THEN RETURN '\x02'::bytea || pg_catalog.convert_to(value ->> 'j', 'UTF8'); END IF;
      -- Infinity: all bits of the exponent, turned as above.
      IF value ->> 'r' = 'Infinity' THEN RETURN '\x01fff00000000000001000'::bytea; END IF;
      RETURN '\x01000fffffffffffff1000'::bytea;
  END CASE;
END $$;
CREATE OR REPLACE FUNCTION @schema@.sort_key(value numeric) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.number_key(value) $$;
CREATE OR REPLACE FUNCTION @schema@.sort_key(value jsonb, collation_name text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.jsonb_typeof(value) = 'string' THEN
    CASE collation_name
      WHEN 'NOCASE' THEN RETURN @schema@.sort_key(pg_catalog.to_jsonb(@schema@.nocase(value #>> '{}')));
      WHEN 'RTRIM' THEN RETURN @schema@.sort_key(pg_catalog.to_jsonb(@schema@.rtrim_key(value #>> '{}')));
      WHEN 'BINARY' THEN RETURN @schema@.sort_key(value);
      ELSE RAISE EXCEPTION 'no such collation sequence: %', collation_name USING ERRCODE = '42704';
    END CASE;
  END IF;
  RETURN @schema@.sort_key(value);
END $$;

-- function: compare
-- about: -1, 0 or 1 as the first value sorts before, with or after the second; NULL with NULL.
CREATE OR REPLACE FUNCTION @schema@.compare(a jsonb, b jsonb) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  key_of_a bytea := @schema@.sort_key(a);
  key_of_b bytea := @schema@.sort_key(b);
BEGIN
  RETURN CASE WHEN key_of_a < key_of_b THEN -1 WHEN key_of_a > key_of_b THEN 1 ELSE 0 END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.compare(a jsonb, b jsonb, collation_name text) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  key_of_a bytea := @schema@.sort_key(a, collation_name);
  key_of_b bytea := @schema@.sort_key(b, collation_name);
BEGIN
  RETURN CASE WHEN key_of_a < key_of_b THEN -1 WHEN key_of_a > key_of_b THEN 1 ELSE 0 END;
END $$;

-- function: equal
-- about: Whether two values of any class are equal; NULL with NULL.
CREATE OR REPLACE FUNCTION @schema@.equal(a jsonb, b jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.sort_key(a) = @schema@.sort_key(b) $$;
CREATE OR REPLACE FUNCTION @schema@.equal(a jsonb, b jsonb, collation_name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.sort_key(a, collation_name) = @schema@.sort_key(b, collation_name) $$;

-- function: truth
-- about: Whether a value counts as true: a number other than zero, of a text the number it starts with.
CREATE OR REPLACE FUNCTION @schema@.truth(value boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.truth(value bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value <> 0 $$;
CREATE OR REPLACE FUNCTION @schema@.truth(value double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value <> 0 $$;
CREATE OR REPLACE FUNCTION @schema@.truth(value numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value <> 0 $$;
CREATE OR REPLACE FUNCTION @schema@.truth(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.to_real(value) <> 0 $$;
CREATE OR REPLACE FUNCTION @schema@.truth(value bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.to_real(value) <> 0 $$;
CREATE OR REPLACE FUNCTION @schema@.truth(value jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.to_real(value) <> 0 $$;

-- function: like_match
-- about: X LIKE P: A to Z match in either case, and there is no escape character unless one is given.
CREATE OR REPLACE FUNCTION @schema@.like_match(value text, pattern text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.lower(value COLLATE "C") LIKE pg_catalog.lower(pattern COLLATE "C") ESCAPE ''
$$;
CREATE OR REPLACE FUNCTION @schema@.like_match(value text, pattern text, escape text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result text := '';
  letter text;
  is_escaped boolean := false;
BEGIN
  IF pg_catalog.length(escape) <> 1 THEN
    RAISE EXCEPTION 'ESCAPE expression must be a single character' USING ERRCODE = '22019';
  END IF;
  IF value IS NULL OR pattern IS NULL OR escape IS NULL THEN RETURN NULL; END IF;
  FOREACH letter IN ARRAY pg_catalog.regexp_split_to_array(pattern, '') LOOP
    IF is_escaped THEN
      result := result || CASE WHEN letter IN ('%', '_', '\') THEN '\' ELSE '' END || letter;
      is_escaped := false;
    ELSIF letter = escape THEN
      is_escaped := true;
    ELSE
      result := result || CASE WHEN letter = '\' THEN '\\' ELSE letter END;
    END IF;
  END LOOP;
  IF is_escaped THEN RETURN false; END IF;
  RETURN pg_catalog.lower(value COLLATE "C") LIKE pg_catalog.lower(result COLLATE "C") ESCAPE '\';
END $$;

-- function: glob_match
-- about: X GLOB P: *, ?, [a-z] and [^a-z], with case.
CREATE OR REPLACE FUNCTION @schema@.glob_match(value text, pattern text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  expression text := @schema@.glob_expression(pattern);
BEGIN
  IF expression IS NULL THEN RETURN false; END IF;
  RETURN value COLLATE "C" ~ expression;
END $$;

-- function: glob_expression
-- about: The regular expression of a GLOB pattern; NULL when nothing can match it.
CREATE OR REPLACE FUNCTION @schema@.glob_expression(pattern text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  letters text[] := CASE WHEN pattern = '' THEN '{}' ELSE pg_catalog.regexp_split_to_array(pattern, '') END;
  count_ int := coalesce(pg_catalog.array_length(letters, 1), 0);
  at int := 1;
  result text := '';
  members text;
  is_inverted boolean;
  before text;
BEGIN
  WHILE at <= count_ LOOP
    IF letters[at] = '*' THEN
      IF pg_catalog.right(result, 2) <> '.*' THEN result := result || '.*'; END IF;
    ELSIF letters[at] = '?' THEN
      result := result || '.';
    ELSIF letters[at] <> '[' THEN
      result := result || '\U' || pg_catalog.lpad(pg_catalog.to_hex(pg_catalog.ascii(letters[at])), 8, '0');
    ELSE
      members := '';
      before := NULL;
      at := at + 1;
      is_inverted := at <= count_ AND letters[at] = '^';
      IF is_inverted THEN at := at + 1; END IF;
      IF at <= count_ AND letters[at] = ']' THEN
        members := '\U0000005d';
        at := at + 1;
      END IF;
      WHILE at <= count_ AND letters[at] <> ']' LOOP
        IF letters[at] = '-' AND at < count_ AND letters[at + 1] <> ']' AND before IS NOT NULL THEN
          at := at + 1;
          IF pg_catalog.ascii(before) <= pg_catalog.ascii(letters[at]) THEN
            members := members || '\U' || pg_catalog.lpad(pg_catalog.to_hex(pg_catalog.ascii(before)), 8, '0') || '-\U'
              || pg_catalog.lpad(pg_catalog.to_hex(pg_catalog.ascii(letters[at])), 8, '0');
          END IF;
          before := NULL;
        ELSE
          members := members || '\U' || pg_catalog.lpad(pg_catalog.to_hex(pg_catalog.ascii(letters[at])), 8, '0');
          before := letters[at];
        END IF;
        at := at + 1;
      END LOOP;
      IF at > count_ OR members = '' AND NOT is_inverted THEN RETURN NULL; END IF;
      result := result || CASE WHEN members = '' THEN '.' ELSE
        '[' || CASE WHEN is_inverted THEN '^' ELSE '' END || members || ']' END;
    END IF;
    at := at + 1;
  END LOOP;
  RETURN '^' || result || '$';
END $$;
