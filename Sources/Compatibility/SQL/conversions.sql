-- Values between storage classes: what CAST, affinity and typeof() do.
--
-- The kinds of a value: integer is bigint, real is double precision, text is text, blob is bytea. A number whose
-- class only the run tells is numeric: scale 0 is INTEGER, any other scale is REAL. A value of any class is jsonb:
-- a number as above, a string, {"b": "hex"} for a blob, {"r": "Infinity"} for what JSON has no number for.

-- function: real_number
-- about: A double as a number of the class REAL: its shortest decimal, with a fraction.
CREATE OR REPLACE FUNCTION @schema@.real_number(value double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  number numeric;
BEGIN
  IF value = 'NaN' THEN RETURN NULL; END IF;
  number := value::text::numeric;
  IF pg_catalog.scale(number) > 0 OR value IN ('Infinity', '-Infinity') THEN RETURN number; END IF;
  RETURN number + 0.0;
END $$;

-- function: number_value
-- about: A number read from a numeric column: whole and within 64 bits it is INTEGER, else REAL.
CREATE OR REPLACE FUNCTION @schema@.number_value(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value = 'NaN' THEN RETURN NULL; END IF;
  IF value::text IN ('Infinity', '-Infinity') THEN RETURN value; END IF;
  IF value BETWEEN -9223372036854775808 AND 9223372036854775807 AND value = pg_catalog.trunc(value) THEN
    RETURN pg_catalog.trunc(value);
  END IF;
  RETURN @schema@.real_number(@schema@.to_real(value));
END $$;

-- function: is_real
-- about: Whether a number is of the class REAL.
CREATE OR REPLACE FUNCTION @schema@.is_real(value numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(pg_catalog.scale(value), 1) > 0 $$;

-- function: to_text
-- about: CAST(x AS TEXT), and how a value reads when it is joined to a text.
-- difference: A blob that is no valid UTF-8, or holds a zero byte, is an error: Postgres has no such text.
CREATE OR REPLACE FUNCTION @schema@.to_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_text(value bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::text $$;
CREATE OR REPLACE FUNCTION @schema@.to_text(value boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::integer::text $$;
CREATE OR REPLACE FUNCTION @schema@.to_text(value bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN pg_catalog.convert_from(value, 'UTF8'); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_text(value double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  short text := value::text;
  mantissa text := pg_catalog.split_part(short, 'e', 1);
BEGIN
  IF value = 0 THEN RETURN '0.0'; END IF;
  IF value = 'NaN' THEN RETURN NULL; END IF;
  IF value = 'Infinity' THEN RETURN 'Inf'; END IF;
  IF value = '-Infinity' THEN RETURN '-Inf'; END IF;
  IF pg_catalog.length(pg_catalog.ltrim(pg_catalog.translate(mantissa, '-.', ''), '0')) <= 15 AND pg_catalog.abs(value) BETWEEN 1e-290 AND 1e100 THEN
    IF pg_catalog.strpos(mantissa, '.') > 0 THEN RETURN short; END IF;
    RETURN mantissa || '.0' || pg_catalog.substr(short, pg_catalog.length(mantissa) + 1);
  END IF;
  RETURN CASE WHEN value < 0 THEN '-' ELSE '' END || @schema@.float_text(pg_catalog.abs(value), 'g', 15, false, true);
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_text(value numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 THEN RETURN value::text; END IF;
  RETURN @schema@.to_text(@schema@.to_real(value));
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_text(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN RETURN value #>> '{}';
    WHEN 'number' THEN RETURN @schema@.to_text((value #>> '{}')::numeric);
    ELSE
      IF value ? 'b' THEN RETURN @schema@.to_text(pg_catalog.decode(value ->> 'b', 'hex')); END IF;
      IF value ? 'j' THEN RETURN value ->> 'j'; END IF;
      RETURN @schema@.to_text((value ->> 'r')::double precision);
  END CASE;
END $$;

-- function: number_prefix
-- about: The longest start of a text that reads as a number, without spaces before it; empty when there is none.
CREATE OR REPLACE FUNCTION @schema@.number_prefix(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(pg_catalog.substring(value COLLATE "C",
    '^[ \x09-\x0d]*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)'), CASE WHEN value IS NOT NULL THEN '' END)
$$;

-- function: to_integer
-- about: CAST(x AS INTEGER): the number a text starts with, cut to its whole part and to 64 bits.
CREATE OR REPLACE FUNCTION @schema@.to_integer(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_integer(value boolean) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::integer::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.to_integer(value double precision) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value >= 9223372036854775808::double precision THEN
    RETURN CASE WHEN value = 'NaN' THEN NULL ELSE 9223372036854775807 END;
  END IF;
  IF value <= (-9223372036854775808)::double precision THEN RETURN (-9223372036854775808)::bigint; END IF;
  RETURN pg_catalog.trunc(value)::bigint;
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_integer(value numeric) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 AND value BETWEEN -9223372036854775808 AND 9223372036854775807 THEN
    RETURN value::bigint;
  END IF;
  RETURN @schema@.to_integer(@schema@.to_real(value));
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_integer(value text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text := pg_catalog.substring(value COLLATE "C", '^[ \x09-\x0d]*([-+]?[0-9]+)');
  number numeric;
BEGIN
  IF digits IS NULL THEN RETURN 0; END IF;
  IF pg_catalog.length(digits) < 19 THEN RETURN digits::bigint; END IF;
  number := digits::numeric;
  IF number > 9223372036854775807 THEN RETURN 9223372036854775807; END IF;
  IF number < -9223372036854775808 THEN RETURN (-9223372036854775808)::bigint; END IF;
  RETURN number::bigint;
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_integer(value bytea) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.to_integer(@schema@.blob_number_text(value)); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_integer(value jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN RETURN @schema@.to_integer(value #>> '{}');
    WHEN 'number' THEN RETURN @schema@.to_integer((value #>> '{}')::numeric);
    ELSE
      IF value ? 'b' THEN RETURN @schema@.to_integer(pg_catalog.decode(value ->> 'b', 'hex')); END IF;
      IF value ? 'j' THEN RETURN @schema@.to_integer(value ->> 'j'); END IF;
      RETURN @schema@.to_integer((value ->> 'r')::double precision);
  END CASE;
END $$;

-- function: blob_number_text
-- about: The bytes of a blob that a number could be read from, as text.
CREATE OR REPLACE FUNCTION @schema@.blob_number_text(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(pg_catalog.substring(pg_catalog.encode(value, 'escape') COLLATE "C", '^(?:[-+.0-9eE \x09-\x0d])*'), '')
$$;

-- function: to_real
-- about: CAST(x AS REAL): the number a text starts with.
-- difference: The last bit of a number with more than 15 digits or a large exponent follows SQLite 3.40 on x86-64; other versions and processors may round it otherwise.
CREATE OR REPLACE FUNCTION @schema@.to_real(value bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::double precision $$;
CREATE OR REPLACE FUNCTION @schema@.to_real(value boolean) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::integer::double precision $$;
CREATE OR REPLACE FUNCTION @schema@.to_real(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_real(value numeric) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.abs(value) < 1e-330 THEN RETURN 0; END IF;
  IF pg_catalog.abs(value) >= 1.797693134862315808e308 THEN
    RETURN CASE WHEN value < 0 THEN '-Infinity'::double precision ELSE 'Infinity'::double precision END;
  END IF;
  IF pg_catalog.abs(value) <= 2.4703282292062327208e-324 THEN RETURN 0; END IF;
  RETURN value::double precision;
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_real(value text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text := @schema@.number_prefix(value);
BEGIN
  IF digits = '' THEN RETURN 0; END IF;
  IF digits ~ '^[-+]?[0-9]{1,15}(\.[0-9]{0,3})?$' THEN RETURN digits::double precision; END IF;
  RETURN @schema@.float_value(digits);
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_real(value bytea) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.to_real(@schema@.blob_number_text(value)); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_real(value jsonb) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN RETURN @schema@.to_real(value #>> '{}');
    WHEN 'number' THEN RETURN @schema@.to_real((value #>> '{}')::numeric);
    ELSE
      IF value ? 'b' THEN RETURN @schema@.to_real(pg_catalog.decode(value ->> 'b', 'hex')); END IF;
      IF value ? 'j' THEN RETURN @schema@.to_real(value ->> 'j'); END IF;
      RETURN (value ->> 'r')::double precision;
  END CASE;
END $$;

-- function: to_number
-- about: The number that a value is in arithmetic: '3x' + 1 is 4, '1e3' + 0 is 1000.0.
CREATE OR REPLACE FUNCTION @schema@.to_number(value bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::numeric $$;
CREATE OR REPLACE FUNCTION @schema@.to_number(value boolean) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::integer::numeric $$;
CREATE OR REPLACE FUNCTION @schema@.to_number(value double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.real_number(value) $$;
CREATE OR REPLACE FUNCTION @schema@.to_number(value numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_number(value text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text := @schema@.number_prefix(value);
  number numeric;
BEGIN
  IF digits = '' THEN RETURN 0; END IF;
  IF digits ~ '^[-+]?[0-9]+$' THEN
    number := digits::numeric;
    IF number BETWEEN -9223372036854775808 AND 9223372036854775807 THEN RETURN number; END IF;
  END IF;
  RETURN @schema@.real_number(@schema@.to_real(digits));
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_number(value bytea) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.to_number(@schema@.blob_number_text(value)); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_number(value jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN RETURN @schema@.to_number(value #>> '{}');
    WHEN 'number' THEN RETURN (value #>> '{}')::numeric;
    ELSE
      IF value ? 'b' THEN RETURN @schema@.to_number(pg_catalog.decode(value ->> 'b', 'hex')); END IF;
      IF value ? 'j' THEN RETURN @schema@.to_number(value ->> 'j'); END IF;
      RETURN @schema@.real_number((value ->> 'r')::double precision);
  END CASE;
END $$;

-- function: to_numeric
-- about: CAST(x AS NUMERIC): as in arithmetic, but a text whose number is whole and small gives an INTEGER.
CREATE OR REPLACE FUNCTION @schema@.to_numeric(value numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_numeric(value double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.real_number(value) $$;
CREATE OR REPLACE FUNCTION @schema@.to_numeric(value text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  number numeric := @schema@.to_number(value);
BEGIN
  IF @schema@.is_real(number) AND pg_catalog.abs(number) <= 2251799813685248 AND number = pg_catalog.trunc(number)
    AND number <> 2251799813685248
  THEN RETURN pg_catalog.trunc(number);
  END IF;
  RETURN number;
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_numeric(value bytea) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.to_numeric(@schema@.blob_number_text(value)); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_numeric(value jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.jsonb_typeof(value) = 'string' THEN RETURN @schema@.to_numeric(value #>> '{}'); END IF;
  IF value ? 'b' THEN RETURN @schema@.to_numeric(pg_catalog.decode(value ->> 'b', 'hex')); END IF;
  RETURN @schema@.to_number(value);
END $$;

-- function: to_blob
-- about: CAST(x AS BLOB): the bytes of the value as text.
CREATE OR REPLACE FUNCTION @schema@.to_blob(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_blob(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN pg_catalog.convert_to(value, 'UTF8'); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_blob(value bigint) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN pg_catalog.convert_to(value::text, 'UTF8'); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_blob(value double precision) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN pg_catalog.convert_to(@schema@.to_text(value), 'UTF8'); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_blob(value numeric) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN pg_catalog.convert_to(@schema@.to_text(value), 'UTF8'); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_blob(value jsonb) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value ? 'b' AND pg_catalog.jsonb_typeof(value) = 'object' THEN RETURN pg_catalog.decode(value ->> 'b', 'hex'); END IF;
  RETURN pg_catalog.convert_to(@schema@.to_text(value), 'UTF8');
END $$;

-- function: to_any
-- about: A value of a known class as a value of any class.
CREATE OR REPLACE FUNCTION @schema@.to_any(value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.to_any(value bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::text::jsonb $$;
CREATE OR REPLACE FUNCTION @schema@.to_any(value boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value::integer::text::jsonb $$;
CREATE OR REPLACE FUNCTION @schema@.to_any(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN pg_catalog.to_jsonb(value); END $$;
CREATE OR REPLACE FUNCTION @schema@.to_any(value bytea) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ('{"b":"' || pg_catalog.encode(value, 'hex') || '"}')::jsonb $$;
CREATE OR REPLACE FUNCTION @schema@.to_any(value double precision) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value IN ('Infinity', '-Infinity') THEN RETURN ('{"r":"' || value::text || '"}')::jsonb; END IF;
  RETURN @schema@.real_number(value)::text::jsonb;
END $$;
CREATE OR REPLACE FUNCTION @schema@.to_any(value numeric) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value::text IN ('Infinity', '-Infinity') THEN RETURN ('{"r":"' || value::text || '"}')::jsonb; END IF;
  RETURN value::text::jsonb;
END $$;

-- function: type_of
-- about: SQLite's typeof().
CREATE OR REPLACE FUNCTION @schema@.type_of(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE 'text' END $$;
CREATE OR REPLACE FUNCTION @schema@.type_of(value bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE 'integer' END $$;
CREATE OR REPLACE FUNCTION @schema@.type_of(value boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE 'integer' END $$;
CREATE OR REPLACE FUNCTION @schema@.type_of(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE 'real' END $$;
CREATE OR REPLACE FUNCTION @schema@.type_of(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN value IS NULL THEN 'null' ELSE 'blob' END $$;
CREATE OR REPLACE FUNCTION @schema@.type_of(value numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN value IS NULL THEN 'null' WHEN @schema@.is_real(value) THEN 'real' ELSE 'integer' END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.type_of(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN 'text'
    WHEN 'number' THEN CASE WHEN pg_catalog.scale((value #>> '{}')::numeric) = 0 THEN 'integer' ELSE 'real' END
    WHEN 'object' THEN CASE WHEN value ? 'b' THEN 'blob' WHEN value ? 'j' THEN 'text' ELSE 'real' END
    ELSE 'null' END;
END $$;

-- function: from_any_text
-- about: The text that a value of any class is; NULL when it is of another class.
CREATE OR REPLACE FUNCTION @schema@.from_any_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN @schema@.type_of(value) = 'text' THEN @schema@.to_text(value) END $$;

-- function: from_any_integer
-- about: The INTEGER that a value of any class is; NULL when it is of another class.
CREATE OR REPLACE FUNCTION @schema@.from_any_integer(value jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN @schema@.type_of(value) = 'integer' THEN @schema@.to_integer(value) END $$;

-- function: from_any_real
-- about: The REAL that a value of any class is; NULL when it is of another class.
CREATE OR REPLACE FUNCTION @schema@.from_any_real(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN @schema@.type_of(value) = 'real' THEN @schema@.to_real(value) END $$;

-- function: from_any_number
-- about: The number that a value of any class is; NULL when it is a text or a blob.
CREATE OR REPLACE FUNCTION @schema@.from_any_number(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN @schema@.type_of(value) IN ('integer', 'real') THEN @schema@.to_number(value) END $$;

-- function: from_any_blob
-- about: The blob that a value of any class is; NULL when it is of another class.
CREATE OR REPLACE FUNCTION @schema@.from_any_blob(value jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN @schema@.type_of(value) = 'blob' THEN @schema@.to_blob(value) END $$;

-- function: expect_integer
-- about: The INTEGER that a value of any class is; an error when it is of another class.
CREATE OR REPLACE FUNCTION @schema@.expect_integer(value jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF @schema@.type_of(value) IN ('integer', 'null') THEN RETURN @schema@.from_any_integer(value); END IF;
  RAISE EXCEPTION 'the column holds INTEGERs, and this is a % value', @schema@.type_of(value) USING ERRCODE = '22P02';
END $$;

-- function: expect_real
-- about: The REAL that a number of any class is; an error when it is no number.
CREATE OR REPLACE FUNCTION @schema@.expect_real(value jsonb) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF @schema@.type_of(value) = 'null' THEN RETURN NULL; END IF;
  IF @schema@.type_of(value) IN ('integer', 'real') THEN RETURN @schema@.to_real(value); END IF;
  RAISE EXCEPTION 'the column holds REALs, and this is a % value', @schema@.type_of(value) USING ERRCODE = '22P02';
END $$;

-- function: expect_number
-- about: The number that a value of any class is; an error when it is a text or a blob.
CREATE OR REPLACE FUNCTION @schema@.expect_number(value jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF @schema@.type_of(value) IN ('integer', 'real', 'null') THEN RETURN @schema@.from_any_number(value); END IF;
  RAISE EXCEPTION 'the column holds numbers, and this is a % value', @schema@.type_of(value) USING ERRCODE = '22P02';
END $$;

-- function: apply_numeric_affinity
-- about: A value as a column of NUMERIC or INTEGER affinity stores it: a text that is a number becomes one.
CREATE OR REPLACE FUNCTION @schema@.apply_numeric_affinity(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value COLLATE "C" ~ '^[ \x09-\x0d]*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[ \x09-\x0d]*$' THEN
    RETURN @schema@.apply_numeric_affinity(@schema@.to_any(@schema@.to_number(value)));
  END IF;
  RETURN pg_catalog.to_jsonb(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.apply_numeric_affinity(value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  number numeric;
BEGIN
  CASE pg_catalog.jsonb_typeof(value)
    WHEN 'string' THEN RETURN @schema@.apply_numeric_affinity(value #>> '{}');
    WHEN 'number' THEN
      number := (value #>> '{}')::numeric;
      IF pg_catalog.scale(number) > 0 AND number = pg_catalog.trunc(number)
        AND number > -9223372036854775808 AND number < 9223372036854774784
      THEN RETURN @schema@.to_real(number)::bigint::text::jsonb;
      END IF;
      RETURN value;
    ELSE RETURN value;
  END CASE;
END $$;

-- function: apply_integer_affinity
-- about: The same as apply_numeric_affinity; the two affinities differ in CAST only.
CREATE OR REPLACE FUNCTION @schema@.apply_integer_affinity(value text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.apply_numeric_affinity(value) $$;
CREATE OR REPLACE FUNCTION @schema@.apply_integer_affinity(value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.apply_numeric_affinity(value) $$;

-- function: apply_real_affinity
-- about: A value as a column of REAL affinity stores it: every number becomes a REAL.
CREATE OR REPLACE FUNCTION @schema@.apply_real_affinity(value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stored jsonb := @schema@.apply_numeric_affinity(value);
BEGIN
  IF pg_catalog.jsonb_typeof(stored) = 'number' THEN RETURN @schema@.to_any(@schema@.to_real(stored)); END IF;
  RETURN stored;
END $$;

-- function: apply_text_affinity
-- about: A value as a column of TEXT affinity stores it: a number becomes its text.
CREATE OR REPLACE FUNCTION @schema@.apply_text_affinity(value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF @schema@.type_of(value) IN ('integer', 'real') THEN RETURN pg_catalog.to_jsonb(@schema@.to_text(value)); END IF;
  RETURN value;
END $$;
