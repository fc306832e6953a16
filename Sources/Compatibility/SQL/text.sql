-- Functions of text and bytes.

-- function: substr
-- about: SQLite's substr(): positions from the end, before the start, and negative lengths; of an empty blob NULL.
CREATE OR REPLACE FUNCTION @schema@.substr(value text, start bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF start BETWEEN 1 AND 2147483647 THEN RETURN pg_catalog.substr(value, start::int); END IF;
  RETURN @schema@.substr(value, start, 1000000000);
END $$;
CREATE OR REPLACE FUNCTION @schema@.substr(value text, start bigint, count bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  window_ int[] := @schema@.substr_window(pg_catalog.length(value), start, count);
BEGIN
  RETURN pg_catalog.substr(value, window_[1], window_[2]);
END $$;
CREATE OR REPLACE FUNCTION @schema@.substr(value bytea, start bigint) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  window_ int[] := @schema@.substr_window(pg_catalog.length(value), start, 1000000000);
BEGIN
  IF pg_catalog.length(value) = 0 THEN RETURN NULL; END IF;
  RETURN pg_catalog.substr(value, window_[1], window_[2]);
END $$;
CREATE OR REPLACE FUNCTION @schema@.substr(value bytea, start bigint, count bigint) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  window_ int[] := @schema@.substr_window(pg_catalog.length(value), start, count);
BEGIN
  IF pg_catalog.length(value) = 0 THEN RETURN NULL; END IF;
  RETURN pg_catalog.substr(value, window_[1], window_[2]);
END $$;

-- function: substr_window
-- about: Where substr() starts, from one, and how much it takes.
CREATE OR REPLACE FUNCTION @schema@.substr_window(length int, start bigint, count bigint) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  -- SQLite takes the low 32 bits of both.
  first bigint := ((start & 4294967295) # 2147483648) - 2147483648;
  wanted bigint := ((count & 4294967295) # 2147483648) - 2147483648;
  taken bigint := pg_catalog.abs(wanted);
BEGIN
  IF first < 0 THEN
    first := first + length;
    IF first < 0 THEN
      taken := greatest(taken + first, 0);
      first := 0;
    END IF;
  ELSIF first > 0 THEN
    first := first - 1;
  ELSIF taken > 0 THEN
    taken := taken - 1;
  END IF;
  IF wanted < 0 THEN
    first := first - taken;
    IF first < 0 THEN
      taken := taken + first;
      first := 0;
    END IF;
  END IF;
  first := least(first, length);
  RETURN ARRAY[first::int + 1, least(taken, length - first)::int];
END $$;

-- function: instr
-- about: SQLite's instr(): the position of the second in the first, from one.
CREATE OR REPLACE FUNCTION @schema@.instr(value text, part text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.strpos(value COLLATE "C", part)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.instr(value bytea, part bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.position(value, part)::bigint $$;

-- function: replace
-- about: SQLite's replace().
CREATE OR REPLACE FUNCTION @schema@.replace(value text, part text, replacement text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN part = '' THEN value ELSE pg_catalog.replace(value COLLATE "C", part, replacement) END $$;

-- function: trim
-- about: SQLite's trim(): without a second argument it removes spaces only.
CREATE OR REPLACE FUNCTION @schema@.trim(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.btrim(value, ' ') $$;
CREATE OR REPLACE FUNCTION @schema@.trim(value text, characters text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.btrim(value, characters) $$;

-- function: ltrim
-- about: SQLite's ltrim().
CREATE OR REPLACE FUNCTION @schema@.ltrim(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.ltrim(value, ' ') $$;
CREATE OR REPLACE FUNCTION @schema@.ltrim(value text, characters text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.ltrim(value, characters) $$;

-- function: rtrim
-- about: SQLite's rtrim().
CREATE OR REPLACE FUNCTION @schema@.rtrim(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.rtrim(value, ' ') $$;
CREATE OR REPLACE FUNCTION @schema@.rtrim(value text, characters text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.rtrim(value, characters) $$;

-- function: upper
-- about: SQLite's upper(): a to z only.
CREATE OR REPLACE FUNCTION @schema@.upper(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.upper(value COLLATE "C") $$;

-- function: lower
-- about: SQLite's lower(): A to Z only.
CREATE OR REPLACE FUNCTION @schema@.lower(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.lower(value COLLATE "C") $$;

-- function: length
-- about: SQLite's length(): characters of a text, bytes of a blob, digits of a number.
CREATE OR REPLACE FUNCTION @schema@.length(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.length(value)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.length(value bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.length(value)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.length(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.length(value::text)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.length(value double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.length(@schema@.to_text(value))::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.length(value numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.length(@schema@.to_text(value))::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.length(value jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF @schema@.type_of(value) = 'blob' THEN RETURN pg_catalog.length(value ->> 'b') / 2; END IF;
  RETURN pg_catalog.length(@schema@.to_text(value));
END $$;

-- function: hex
-- about: SQLite's hex(): the bytes of the value as text; of NULL it is empty.
CREATE OR REPLACE FUNCTION @schema@.hex(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(pg_catalog.upper(pg_catalog.encode(value, 'hex') COLLATE "C"), '') $$;
CREATE OR REPLACE FUNCTION @schema@.hex(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.hex(@schema@.to_blob(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.hex(value bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.hex(@schema@.to_blob(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.hex(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.hex(@schema@.to_blob(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.hex(value numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.hex(@schema@.to_blob(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.hex(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.hex(@schema@.to_blob(value)) $$;

-- function: unhex
-- about: unhex() of SQLite 3.41: the bytes that a text of hexadecimal pairs stands for, else NULL.
-- difference: SQLite before 3.41 has no unhex(); it is tested against what the manual says.
CREATE OR REPLACE FUNCTION @schema@.unhex(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" ~ '^([0-9A-Fa-f]{2})*$' THEN RETURN pg_catalog.decode(value, 'hex'); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION @schema@.unhex(value text, ignored text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  at int := 1;
  result text := '';
BEGIN
  -- What may be passed over stands between pairs only, and digits are never passed over.
  WHILE at <= pg_catalog.length(value) LOOP
    IF pg_catalog.substr(value, at, 1) COLLATE "C" ~ '^[0-9A-Fa-f]$' THEN
      IF pg_catalog.substr(value, at, 2) COLLATE "C" !~ '^[0-9A-Fa-f]{2}$' THEN RETURN NULL; END IF;
      result := result || pg_catalog.substr(value, at, 2);
      at := at + 2;
    ELSIF pg_catalog.strpos(ignored, pg_catalog.substr(value, at, 1)) > 0 THEN
      at := at + 1;
    ELSE
      RETURN NULL;
    END IF;
  END LOOP;
  RETURN pg_catalog.decode(result, 'hex');
END $$;

-- function: quote
-- about: SQLite's quote(): the value as a literal of SQLite.
-- difference: An infinite number reads Inf, as SQLite wrote it before version 3.41; later ones write 9.0e+999.
CREATE OR REPLACE FUNCTION @schema@.quote(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce('''' || pg_catalog.replace(value, '''', '''''') || '''', 'NULL') $$;
CREATE OR REPLACE FUNCTION @schema@.quote(value bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(value::text, 'NULL') $$;
CREATE OR REPLACE FUNCTION @schema@.quote(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce('X''' || pg_catalog.upper(pg_catalog.encode(value, 'hex') COLLATE "C") || '''', 'NULL') $$;
CREATE OR REPLACE FUNCTION @schema@.quote(value double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  short text := @schema@.to_text(value);
BEGIN
  IF value IS NULL OR value = 'NaN' THEN RETURN 'NULL'; END IF;
  IF short IN ('Inf', '-Inf') THEN RETURN short; END IF;
  IF @schema@.to_real(short) = value THEN RETURN short; END IF;
  RETURN CASE WHEN value < 0 THEN '-' ELSE '' END || @schema@.float_text(pg_catalog.abs(value), 'e', 20, false, true);
END $$;
CREATE OR REPLACE FUNCTION @schema@.quote(value numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF @schema@.is_real(value) THEN RETURN @schema@.quote(@schema@.to_real(value)); END IF;
  RETURN coalesce(value::text, 'NULL');
END $$;
CREATE OR REPLACE FUNCTION @schema@.quote(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE @schema@.type_of(value)
    WHEN 'text' THEN @schema@.quote(@schema@.to_text(value))
    WHEN 'blob' THEN @schema@.quote(@schema@.to_blob(value))
    WHEN 'integer' THEN value #>> '{}'
    WHEN 'real' THEN @schema@.quote(@schema@.to_real(value))
    ELSE 'NULL' END;
END $$;

-- function: char
-- about: SQLite's char(): the characters of code points.
-- difference: A code point of 0, or of a surrogate, is an error: Postgres has no such text.
CREATE OR REPLACE FUNCTION @schema@.char(VARIADIC codes bigint[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  code bigint;
  result text := '';
BEGIN
  FOREACH code IN ARRAY coalesce(codes, '{}') LOOP
    IF code < 0 OR code > 1114111 THEN code := 65533; END IF;
    result := result || pg_catalog.chr(coalesce(code, 0)::int);
  END LOOP;
  RETURN result;
END $$;

-- function: unicode
-- about: SQLite's unicode(): the code point of the first character; of an empty text NULL.
CREATE OR REPLACE FUNCTION @schema@.unicode(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT nullif(CASE pg_catalog.ascii(value) WHEN 65534 THEN 65533 WHEN 65535 THEN 65533
    ELSE pg_catalog.ascii(value) END, 0)::bigint $$;

-- function: zeroblob
-- about: SQLite's zeroblob(): so many zero bytes; of NULL none.
CREATE OR REPLACE FUNCTION @schema@.zeroblob(count bigint) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF count > 1000000000 THEN RAISE EXCEPTION 'string or blob too big' USING ERRCODE = '54000'; END IF;
  RETURN pg_catalog.decode(pg_catalog.repeat('00', greatest(coalesce(count, 0), 0)::int), 'hex');
END $$;

-- function: soundex
-- about: SQLite's soundex(), for builds that have it.
CREATE OR REPLACE FUNCTION @schema@.soundex(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  -- The digit of each letter from a to z; 0 is left out, and parts two equal digits.
  digits constant text := '01230120022455012623010202';
  bytes bytea := pg_catalog.convert_to(
    pg_catalog.substring(coalesce(value, '') COLLATE "C", '[A-Za-z].*$'), 'UTF8');
  result text;
  before int := 0;
  code int;
BEGIN
  IF bytes IS NULL THEN RETURN '?000'; END IF;
  result := pg_catalog.upper(pg_catalog.chr(pg_catalog.get_byte(bytes, 0)) COLLATE "C");
  FOR at IN 0 .. pg_catalog.length(bytes) - 1 LOOP
    -- The upper half of the bytes counts as the lower half does.
    code := pg_catalog.get_byte(bytes, at) & 127;
    code := CASE WHEN code BETWEEN 65 AND 90 THEN pg_catalog.substr(digits, code - 64, 1)::int
      WHEN code BETWEEN 97 AND 122 THEN pg_catalog.substr(digits, code - 96, 1)::int ELSE 0 END;
    IF at > 0 AND code > 0 AND code <> before THEN result := result || code; END IF;
    before := code;
    EXIT WHEN pg_catalog.length(result) = 4;
  END LOOP;
  RETURN pg_catalog.rpad(result, 4, '0');
END $$;
