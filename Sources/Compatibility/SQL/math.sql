-- Rounding and the mathematical functions. Outside of their domain SQLite's functions are NULL, Postgres' fail.

-- function: round
-- about: SQLite's round(): half away from zero, by the decimals that %f would show.
-- difference: The last digit follows SQLite 3.40 on x86-64; other versions and processors may round a near tie otherwise.
CREATE OR REPLACE FUNCTION @schema@.round(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.abs(value) > 4503599627370496 THEN RETURN value; END IF;
  RETURN pg_catalog.trunc(value + CASE WHEN value < 0 THEN -0.5 ELSE 0.5 END) + 0;
END $$;
CREATE OR REPLACE FUNCTION @schema@.round(value double precision, places bigint) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits int := greatest(least(((places & 4294967295) # 2147483648) - 2147483648, 30), 0)::int;
  short text;
BEGIN
  IF pg_catalog.abs(value) > 4503599627370496 THEN RETURN value; END IF;
  IF digits = 0 THEN RETURN @schema@.round(value); END IF;
  short := value::text;
  -- A short decimal is its own rounding; one of more digits may lose its last bit on the way through a text.
  IF pg_catalog.strpos(short, 'e') = 0 AND pg_catalog.length(pg_catalog.split_part(short, '.', 2)) <= least(digits, 3)
    AND pg_catalog.length(pg_catalog.split_part(short, '.', 1)) + digits <= 15
  THEN
    RETURN value + 0;
  END IF;
  RETURN pg_catalog.sign(value) * @schema@.to_real(@schema@.float_text(pg_catalog.abs(value), 'f', digits, false, false));
END $$;
CREATE OR REPLACE FUNCTION @schema@.round(value numeric) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(@schema@.to_real(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value numeric, places bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(@schema@.to_real(value), places) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(value::double precision) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value bigint, places bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(value::double precision, places) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(@schema@.to_real(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value text, places bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(@schema@.to_real(value), places) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(@schema@.to_real(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.round(value jsonb, places bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.round(@schema@.to_real(value), places) $$;

-- function: number_or_null
-- about: What the mathematical functions take of a value: a number, or a text that is one as a whole; else NULL.
CREATE OR REPLACE FUNCTION @schema@.number_or_null(value jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  stored jsonb := CASE WHEN pg_catalog.jsonb_typeof(value) = 'string' THEN
    @schema@.text_number(value #>> '{}') ELSE value END;
BEGIN
  IF @schema@.type_of(stored) IN ('integer', 'real') THEN RETURN @schema@.to_number(stored); END IF;
  RETURN NULL;
END $$;

-- function: text_number
-- about: A text that is a number as a whole, as that number, else the text.
CREATE OR REPLACE FUNCTION @schema@.text_number(value text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.jsonb_typeof(@schema@.apply_numeric_affinity(value)) = 'string' THEN RETURN pg_catalog.to_jsonb(value); END IF;
  RETURN @schema@.to_any(@schema@.to_number(value));
END $$;

-- function: sign
-- about: SQLite's sign(): -1, 0 or 1; of what is no number NULL.
CREATE OR REPLACE FUNCTION @schema@.sign(value numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.sign(value)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.sign(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.sign(value::numeric)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.sign(value double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.sign(value)::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.sign(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.sign(@schema@.number_or_null(@schema@.to_any(value)))::bigint $$;
CREATE OR REPLACE FUNCTION @schema@.sign(value jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.sign(@schema@.number_or_null(value))::bigint $$;

-- function: ceil
-- about: SQLite's ceil(): the least whole number not below; an INTEGER stays one.
CREATE OR REPLACE FUNCTION @schema@.ceil(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.ceil(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.ceil(value) $$;
CREATE OR REPLACE FUNCTION @schema@.ceil(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 THEN RETURN value; END IF;
  RETURN @schema@.real_number(pg_catalog.ceil(@schema@.to_real(value)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.ceil(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.ceil(@schema@.number_or_null(value)) $$;

-- function: floor
-- about: SQLite's floor(): the greatest whole number not above; an INTEGER stays one.
CREATE OR REPLACE FUNCTION @schema@.floor(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.floor(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.floor(value) $$;
CREATE OR REPLACE FUNCTION @schema@.floor(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 THEN RETURN value; END IF;
  RETURN @schema@.real_number(pg_catalog.floor(@schema@.to_real(value)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.floor(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.floor(@schema@.number_or_null(value)) $$;

-- function: trunc
-- about: SQLite's trunc(): the whole part; an INTEGER stays one.
CREATE OR REPLACE FUNCTION @schema@.trunc(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT value $$;
CREATE OR REPLACE FUNCTION @schema@.trunc(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.trunc(value) $$;
CREATE OR REPLACE FUNCTION @schema@.trunc(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 THEN RETURN value; END IF;
  RETURN @schema@.real_number(pg_catalog.trunc(@schema@.to_real(value)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.trunc(value jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.trunc(@schema@.number_or_null(value)) $$;

-- function: ln
-- about: SQLite's ln(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.ln(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN value > 0 THEN pg_catalog.ln(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.ln(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.ln(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: log10
-- about: SQLite's log10(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.log10(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN value > 0 THEN pg_catalog.ln(value) / 2.302585092994046::double precision END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.log10(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.log10(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: log2
-- about: SQLite's log2(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.log2(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN value > 0 THEN pg_catalog.ln(value) / 0.6931471805599453::double precision END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.log2(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.log2(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: exp
-- about: SQLite's exp(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.exp(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value > 709.782712893384 THEN RETURN 'Infinity'; END IF;
  IF value < -745.1332191019411 THEN RETURN 0; END IF;
  RETURN pg_catalog.exp(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.exp(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.exp(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: sqrt
-- about: SQLite's sqrt(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.sqrt(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN value >= 0 THEN pg_catalog.sqrt(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.sqrt(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.sqrt(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: sin
-- about: SQLite's sin(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.sin(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN pg_catalog.abs(value) < 'Infinity' THEN pg_catalog.sin(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.sin(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.sin(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: cos
-- about: SQLite's cos(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.cos(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN pg_catalog.abs(value) < 'Infinity' THEN pg_catalog.cos(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.cos(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.cos(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: tan
-- about: SQLite's tan(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.tan(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN pg_catalog.abs(value) < 'Infinity' THEN pg_catalog.tan(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.tan(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.tan(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: asin
-- about: SQLite's asin(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.asin(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN pg_catalog.abs(value) <= 1 THEN pg_catalog.asin(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.asin(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.asin(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: acos
-- about: SQLite's acos(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.acos(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN pg_catalog.abs(value) <= 1 THEN pg_catalog.acos(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.acos(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.acos(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: atan
-- about: SQLite's atan(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.atan(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_catalog.atan(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.atan(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.atan(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: sinh
-- about: SQLite's sinh(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.sinh(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_catalog.sinh(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.sinh(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.sinh(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: cosh
-- about: SQLite's cosh(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.cosh(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_catalog.cosh(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.cosh(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.cosh(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: tanh
-- about: SQLite's tanh(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.tanh(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_catalog.tanh(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.tanh(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.tanh(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: asinh
-- about: SQLite's asinh(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.asinh(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN pg_catalog.asinh(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.asinh(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.asinh(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: acosh
-- about: SQLite's acosh(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.acosh(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN value >= 1 THEN pg_catalog.acosh(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.acosh(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.acosh(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: atanh
-- about: SQLite's atanh(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.atanh(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN pg_catalog.abs(value) <= 1 THEN pg_catalog.atanh(value) END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.atanh(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.atanh(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: degrees
-- about: SQLite's degrees(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.degrees(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN @schema@.multiply(value, 57.29577951308232::double precision);
END $$;
CREATE OR REPLACE FUNCTION @schema@.degrees(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.degrees(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: radians
-- about: SQLite's radians(), for builds that have it: NULL where it has no value.
CREATE OR REPLACE FUNCTION @schema@.radians(value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN @schema@.multiply(value, 0.017453292519943295::double precision);
END $$;
CREATE OR REPLACE FUNCTION @schema@.radians(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.radians(@schema@.to_real(@schema@.number_or_null(value))) $$;

-- function: log
-- about: SQLite's log(), for builds that have it: of one argument to the base ten, of two to the base of the first.
CREATE OR REPLACE FUNCTION @schema@.log(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.log10(value) $$;
CREATE OR REPLACE FUNCTION @schema@.log(value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.log10(value) $$;
CREATE OR REPLACE FUNCTION @schema@.log(base double precision, value double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF base <= 1 OR value <= 0 THEN RETURN NULL; END IF;
  RETURN nullif(pg_catalog.ln(value) / pg_catalog.ln(base), 'NaN'::double precision);
END $$;
CREATE OR REPLACE FUNCTION @schema@.log(base jsonb, value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.log(@schema@.to_real(@schema@.number_or_null(base)),
    CASE WHEN @schema@.number_or_null(base) IS NOT NULL THEN @schema@.to_real(value) END) $$;

-- function: pow
-- about: SQLite's pow() and power(), for builds that have them.
CREATE OR REPLACE FUNCTION @schema@.pow(base double precision, exponent double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  is_odd boolean := pg_catalog.abs(exponent) < 9007199254740992 AND exponent = pg_catalog.trunc(exponent)
    AND pg_catalog.trunc(exponent)::bigint % 2 <> 0;
  size double precision;
BEGIN
  IF exponent = 0 OR base = 1 THEN RETURN 1; END IF;
  IF base = 0 THEN RETURN CASE WHEN exponent > 0 THEN 0 ELSE 'Infinity'::double precision END; END IF;
  IF pg_catalog.abs(exponent) = 'Infinity' THEN
    RETURN CASE WHEN pg_catalog.abs(base) = 1 THEN 1 WHEN (pg_catalog.abs(base) > 1) = (exponent > 0) THEN 'Infinity'::double precision
      ELSE 0 END;
  END IF;
  IF pg_catalog.abs(base) = 'Infinity' THEN
    RETURN CASE WHEN exponent < 0 THEN 0 WHEN base < 0 AND is_odd THEN base ELSE 'Infinity'::double precision END;
  END IF;
  IF base < 0 AND exponent <> pg_catalog.trunc(exponent) THEN RETURN NULL; END IF;
  -- The exponent of two that the result will have, about.
  size := @schema@.multiply(exponent, pg_catalog.ln(pg_catalog.abs(base)) / 0.6931471805599453::double precision);
  IF size >= 1024.5 THEN
    RETURN CASE WHEN base < 0 AND is_odd THEN '-Infinity'::double precision ELSE 'Infinity'::double precision END;
  END IF;
  IF size <= -1075.5 THEN RETURN 0; END IF;
  RETURN pg_catalog.power(base, exponent);
END $$;
CREATE OR REPLACE FUNCTION @schema@.pow(base jsonb, exponent jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.pow(@schema@.to_real(@schema@.number_or_null(base)),
    @schema@.to_real(@schema@.number_or_null(exponent))) $$;

-- function: mod
-- about: SQLite's mod(), for builds that have it: the rest of a division of doubles.
CREATE OR REPLACE FUNCTION @schema@.mod(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = 0 OR pg_catalog.abs(a) = 'Infinity' THEN RETURN NULL; END IF;
  IF pg_catalog.abs(b) = 'Infinity' THEN RETURN a; END IF;
  RETURN @schema@.to_real(@schema@.exact_number(a) % @schema@.exact_number(b));
END $$;
CREATE OR REPLACE FUNCTION @schema@.mod(a jsonb, b jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT @schema@.mod(@schema@.to_real(@schema@.number_or_null(a)), @schema@.to_real(@schema@.number_or_null(b))) $$;

-- function: atan2
-- about: SQLite's atan2(), for builds that have it.
CREATE OR REPLACE FUNCTION @schema@.atan2(y double precision, x double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.atan2(y, x) $$;
CREATE OR REPLACE FUNCTION @schema@.atan2(y jsonb, x jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.atan2(@schema@.to_real(@schema@.number_or_null(y)), @schema@.to_real(@schema@.number_or_null(x))) $$;

-- function: pi
-- about: SQLite's pi(), for builds that have it.
CREATE OR REPLACE FUNCTION @schema@.pi() RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 3.141592653589793::double precision $$;
