-- Arithmetic: integers that overflow become REAL, doubles that overflow become infinite, NaN is NULL.

-- function: add
-- about: a + b.
CREATE OR REPLACE FUNCTION @schema@.add(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.abs(a) < 8e307 AND pg_catalog.abs(b) < 8e307 THEN RETURN a + b; END IF;
  IF a IN ('Infinity', '-Infinity') OR b IN ('Infinity', '-Infinity') THEN
    RETURN nullif(a + b, 'NaN'::double precision);
  END IF;
  -- Halves cannot overflow; 2^1023 is half of the first number that is too large.
  IF pg_catalog.abs(CASE WHEN pg_catalog.abs(a) < 1 THEN 0 ELSE a / 2 END
    + CASE WHEN pg_catalog.abs(b) < 1 THEN 0 ELSE b / 2 END) >= 8.9884656743115795e307
  THEN
    RETURN CASE WHEN a > 0 THEN 'Infinity'::double precision ELSE '-Infinity'::double precision END;
  END IF;
  RETURN a + b;
END $$;
CREATE OR REPLACE FUNCTION @schema@.add(a bigint, b bigint) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN @schema@.add(a::numeric, b::numeric); END $$;
CREATE OR REPLACE FUNCTION @schema@.add(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric;
BEGIN
  IF pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0 THEN
    result := a + b;
    IF result BETWEEN -9223372036854775808 AND 9223372036854775807 THEN RETURN result; END IF;
  END IF;
  RETURN @schema@.real_number(@schema@.add(@schema@.to_real(a), @schema@.to_real(b)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.add(a jsonb, b jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.add(@schema@.to_number(a), @schema@.to_number(b)) $$;

-- function: subtract
-- about: a - b.
CREATE OR REPLACE FUNCTION @schema@.subtract(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.add(a, -b) $$;
CREATE OR REPLACE FUNCTION @schema@.subtract(a bigint, b bigint) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN @schema@.subtract(a::numeric, b::numeric); END $$;
CREATE OR REPLACE FUNCTION @schema@.subtract(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric;
BEGIN
  IF pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0 THEN
    result := a - b;
    IF result BETWEEN -9223372036854775808 AND 9223372036854775807 THEN RETURN result; END IF;
  END IF;
  RETURN @schema@.real_number(@schema@.add(@schema@.to_real(a), -@schema@.to_real(b)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.subtract(a jsonb, b jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.subtract(@schema@.to_number(a), @schema@.to_number(b)) $$;

-- function: multiply
-- about: a * b.
CREATE OR REPLACE FUNCTION @schema@.multiply(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  small_ constant double precision := 2.2227587494850775e-162;
  product double precision;
BEGIN
  IF a = 0 OR b = 0 OR pg_catalog.abs(a) BETWEEN 1e-150 AND 1e150 AND pg_catalog.abs(b) BETWEEN 1e-150 AND 1e150
    OR pg_catalog.abs(a) IN ('Infinity') OR pg_catalog.abs(b) IN ('Infinity')
  THEN RETURN nullif(a * b, 'NaN'::double precision);
  END IF;
  -- With both factors scaled by 2^-537 or 2^537 the product tells whether the true one is too large or too small.
  IF pg_catalog.abs(a) >= 0.5 AND pg_catalog.abs(b) >= 0.5 THEN
    product := (pg_catalog.abs(a) * small_) * (pg_catalog.abs(b) * small_ * 16777216) ;
    IF product >= 1.4901161193847656e-08 THEN
      RETURN CASE WHEN (a > 0) = (b > 0) THEN 'Infinity'::double precision ELSE '-Infinity'::double precision END;
    END IF;
  ELSIF pg_catalog.abs(a) <= 2 AND pg_catalog.abs(b) <= 2 THEN
    product := (pg_catalog.abs(a) / small_) * (pg_catalog.abs(b) / small_);
    IF product <= 0.5 THEN RETURN 0; END IF;
  END IF;
  RETURN a * b;
END $$;
CREATE OR REPLACE FUNCTION @schema@.multiply(a bigint, b bigint) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN @schema@.multiply(a::numeric, b::numeric); END $$;
CREATE OR REPLACE FUNCTION @schema@.multiply(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric;
BEGIN
  IF pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0 THEN
    result := a * b;
    IF result BETWEEN -9223372036854775808 AND 9223372036854775807 THEN RETURN result; END IF;
  END IF;
  RETURN @schema@.real_number(@schema@.multiply(@schema@.to_real(a), @schema@.to_real(b)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.multiply(a jsonb, b jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.multiply(@schema@.to_number(a), @schema@.to_number(b)) $$;

-- function: divide
-- about: a / b: NULL when b is zero, cut to the whole when both are INTEGER.
CREATE OR REPLACE FUNCTION @schema@.divide(a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  small_ constant double precision := 2.2227587494850775e-162;
  quotient double precision;
BEGIN
  IF b = 0 THEN RETURN NULL; END IF;
  IF a = 0 OR pg_catalog.abs(a) BETWEEN 1e-150 AND 1e150 AND pg_catalog.abs(b) BETWEEN 1e-150 AND 1e150
    OR pg_catalog.abs(a) IN ('Infinity') OR pg_catalog.abs(b) IN ('Infinity')
  THEN RETURN nullif(a / b, 'NaN'::double precision);
  END IF;
  IF pg_catalog.abs(b) < 1 AND pg_catalog.abs(a) >= 1e-150 THEN
    -- Scaled so that neither the quotient nor what it is made of can leave the range.
    quotient := CASE WHEN pg_catalog.abs(a) >= 0.5
      THEN (pg_catalog.abs(a) * small_) / (pg_catalog.abs(b) / small_)
      ELSE pg_catalog.abs(a) / (pg_catalog.abs(b) / small_) * small_ END;
    IF quotient >= 8.881784197001252e-16 THEN
      RETURN CASE WHEN (a > 0) = (b > 0) THEN 'Infinity'::double precision ELSE '-Infinity'::double precision END;
    END IF;
  ELSIF pg_catalog.abs(b) >= 1 AND pg_catalog.abs(a) <= 1e100 THEN
    quotient := (pg_catalog.abs(a) / small_) / (pg_catalog.abs(b) * small_);
    IF quotient <= 0.5 THEN RETURN 0; END IF;
  END IF;
  RETURN a / b;
END $$;
CREATE OR REPLACE FUNCTION @schema@.divide(a bigint, b bigint) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN @schema@.divide(a::numeric, b::numeric); END $$;
CREATE OR REPLACE FUNCTION @schema@.divide(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result numeric;
BEGIN
  IF b = 0 THEN RETURN NULL; END IF;
  IF pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0 THEN
    result := pg_catalog.div(a, b);
    IF result <= 9223372036854775807 THEN RETURN result; END IF;
  END IF;
  RETURN @schema@.real_number(@schema@.divide(@schema@.to_real(a), @schema@.to_real(b)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.divide(a jsonb, b jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.divide(@schema@.to_number(a), @schema@.to_number(b)) $$;

-- function: modulo
-- about: a % b: of the whole parts, NULL when that of b is zero, a REAL when one of them is.
CREATE OR REPLACE FUNCTION @schema@.modulo(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT a % nullif(b, 0) $$;
CREATE OR REPLACE FUNCTION @schema@.modulo(a double precision, b double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (@schema@.to_integer(a) % nullif(@schema@.to_integer(b), 0))::double precision $$;
CREATE OR REPLACE FUNCTION @schema@.modulo(a numeric, b numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result bigint := @schema@.to_integer(a) % nullif(@schema@.to_integer(b), 0);
BEGIN
  IF pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0 THEN RETURN result::numeric; END IF;
  RETURN @schema@.real_number(result::double precision);
END $$;
CREATE OR REPLACE FUNCTION @schema@.modulo(a jsonb, b jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  -- Of a text that reads as 1e3 the whole part is 1, though the number is 1000.
  result bigint := @schema@.to_integer(a) % nullif(@schema@.to_integer(b), 0);
BEGIN
  IF @schema@.is_real(@schema@.to_number(a)) OR @schema@.is_real(@schema@.to_number(b)) THEN
    RETURN @schema@.real_number(result::double precision);
  END IF;
  RETURN result::numeric;
END $$;

-- function: negate
-- about: -a.
CREATE OR REPLACE FUNCTION @schema@.negate(a double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 0 - a $$;
CREATE OR REPLACE FUNCTION @schema@.negate(a bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.subtract(0::numeric, a::numeric) $$;
CREATE OR REPLACE FUNCTION @schema@.negate(a numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.subtract(0::numeric, a) $$;
CREATE OR REPLACE FUNCTION @schema@.negate(a jsonb) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.subtract(0::numeric, @schema@.to_number(a)) $$;

-- function: abs
-- about: SQLite's abs(): of a text or a blob it is a REAL, of the least integer an error.
CREATE OR REPLACE FUNCTION @schema@.abs(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.abs(value) $$;
CREATE OR REPLACE FUNCTION @schema@.abs(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.abs(value) $$;
CREATE OR REPLACE FUNCTION @schema@.abs(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.abs(@schema@.to_real(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.abs(value bytea) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT pg_catalog.abs(@schema@.to_real(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.abs(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 AND value = -9223372036854775808 THEN
    RAISE EXCEPTION 'integer overflow' USING ERRCODE = '22003';
  END IF;
  RETURN pg_catalog.abs(value);
END $$;
CREATE OR REPLACE FUNCTION @schema@.abs(value jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF @schema@.type_of(value) = 'integer' THEN RETURN @schema@.abs((value #>> '{}')::numeric); END IF;
  RETURN @schema@.real_number(pg_catalog.abs(@schema@.to_real(value)));
END $$;

-- function: shift_left
-- about: a << b: by 64 or more it is 0, by a negative count it shifts right.
CREATE OR REPLACE FUNCTION @schema@.shift_left(a bigint, b bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b < 0 THEN
    IF b <= -64 THEN RETURN CASE WHEN a < 0 THEN -1 ELSE 0 END; END IF;
    RETURN a >> (-b)::int;
  END IF;
  IF b >= 64 THEN RETURN 0; END IF;
  RETURN a << b::int;
END $$;

-- function: shift_right
-- about: a >> b: by 64 or more it is the sign, by a negative count it shifts left.
CREATE OR REPLACE FUNCTION @schema@.shift_right(a bigint, b bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF b = -9223372036854775808 THEN RETURN 0; END IF;
  RETURN @schema@.shift_left(a, -b);
END $$;
