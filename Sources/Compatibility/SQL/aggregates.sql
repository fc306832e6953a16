-- Aggregates whose results SQLite's classes decide.

-- function: total_step
-- about: One step of total().
CREATE OR REPLACE FUNCTION @schema@.total_step(state double precision, value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN state ELSE @schema@.add(state, value) END $$;
CREATE OR REPLACE FUNCTION @schema@.total_step(state double precision, value jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN state ELSE @schema@.add(state, @schema@.to_real(value)) END $$;

-- function: total_inverse
-- about: A row leaves the frame of total(): what it added is subtracted, with the last bits that this costs.
CREATE OR REPLACE FUNCTION @schema@.total_inverse(state double precision, value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN state ELSE @schema@.subtract(state, value) END $$;

-- function: total
-- about: SQLite's total(): the sum as a REAL, 0.0 of no rows.
-- returns: double precision
CREATE OR REPLACE AGGREGATE @schema@.total(value double precision) (
  SFUNC = @schema@.total_step, STYPE = double precision, INITCOND = '0', PARALLEL = SAFE,
  MSFUNC = @schema@.total_step, MINVFUNC = @schema@.total_inverse, MSTYPE = double precision, MINITCOND = '0'
);
CREATE OR REPLACE AGGREGATE @schema@.total(value jsonb) (
  SFUNC = @schema@.total_step, STYPE = double precision, INITCOND = '0', PARALLEL = SAFE
);

-- function: sum_step
-- about: One step of sum_number(): the sum of the integers, the sum as REAL, whether there was a REAL, whether the integers overflowed, the count.
CREATE OR REPLACE FUNCTION @schema@.sum_step(state jsonb, value numeric) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  whole numeric := coalesce((state ->> 'i')::numeric, 0);
  near double precision := coalesce((state ->> 'r')::double precision, 0);
  has_real boolean := coalesce((state ->> 'a')::boolean, false);
  is_over boolean := coalesce((state ->> 'o')::boolean, false);
BEGIN
  IF value IS NULL THEN RETURN state; END IF;
  near := @schema@.add(near, @schema@.to_real(value));
  IF @schema@.is_real(value) THEN
    has_real := true;
  ELSIF NOT has_real AND NOT is_over THEN
    whole := whole + value;
    IF whole NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN
      has_real := true;
      is_over := true;
    END IF;
  END IF;
  RETURN pg_catalog.jsonb_build_object('i', whole::text, 'r', near::text, 'a', has_real, 'o', is_over,
    'n', coalesce((state ->> 'n')::bigint, 0) + 1);
END $$;
CREATE OR REPLACE FUNCTION @schema@.sum_step(state jsonb, value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  -- A text that is a number as a whole counts as that; any other text or blob is a REAL.
  IF value IS NULL THEN RETURN state; END IF;
  IF @schema@.number_or_null(value) IS NOT NULL THEN
    RETURN @schema@.sum_step(state, @schema@.number_or_null(value));
  END IF;
  RETURN @schema@.sum_step(state, @schema@.real_number(@schema@.to_real(value)));
END $$;

-- function: sum_inverse
-- about: A row leaves the frame of sum_number(): what it added is subtracted; once a REAL was met, the sum stays one.
CREATE OR REPLACE FUNCTION @schema@.sum_inverse(state jsonb, value numeric) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  whole numeric := (state ->> 'i')::numeric;
BEGIN
  IF value IS NULL THEN RETURN state; END IF;
  IF NOT @schema@.is_real(value) AND NOT (state ->> 'a')::boolean THEN whole := whole - value; END IF;
  RETURN state || pg_catalog.jsonb_build_object('i', whole::text,
    'r', @schema@.subtract((state ->> 'r')::double precision, @schema@.to_real(value))::text,
    'n', (state ->> 'n')::bigint - 1);
END $$;

-- function: sum_result
-- about: The end of sum_number().
CREATE OR REPLACE FUNCTION @schema@.sum_result(state jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF coalesce((state ->> 'n')::bigint, 0) = 0 THEN RETURN NULL; END IF;
  IF (state ->> 'o')::boolean THEN RAISE EXCEPTION 'integer overflow' USING ERRCODE = '22003'; END IF;
  IF (state ->> 'a')::boolean THEN RETURN @schema@.real_number((state ->> 'r')::double precision); END IF;
  RETURN (state ->> 'i')::numeric;
END $$;

-- function: sum_number
-- about: SQLite's sum(): an INTEGER of integers, with an error when it overflows, else a REAL.
-- returns: numeric
CREATE OR REPLACE AGGREGATE @schema@.sum_number(value numeric) (
  SFUNC = @schema@.sum_step, STYPE = jsonb, FINALFUNC = @schema@.sum_result, PARALLEL = SAFE,
  MSFUNC = @schema@.sum_step, MINVFUNC = @schema@.sum_inverse, MSTYPE = jsonb, MFINALFUNC = @schema@.sum_result,
  MINITCOND = '{}'
);
CREATE OR REPLACE AGGREGATE @schema@.sum_number(value jsonb) (
  SFUNC = @schema@.sum_step, STYPE = jsonb, FINALFUNC = @schema@.sum_result, PARALLEL = SAFE
);

-- function: avg_step
-- about: One step of avg_number(): the sum and the count.
CREATE OR REPLACE FUNCTION @schema@.avg_step(state double precision[], value double precision) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL THEN RETURN state; END IF;
  RETURN ARRAY[@schema@.add(state[1], value), state[2] + 1];
END $$;
CREATE OR REPLACE FUNCTION @schema@.avg_step(state double precision[], value numeric) RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.avg_step(state, @schema@.to_real(value)) $$;
CREATE OR REPLACE FUNCTION @schema@.avg_step(state double precision[], value jsonb) RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.avg_step(state, @schema@.to_real(value)) $$;

-- function: avg_inverse
-- about: A row leaves the frame of avg_number() or sum_real(): what it added is subtracted.
CREATE OR REPLACE FUNCTION @schema@.avg_inverse(state double precision[], value double precision) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL THEN RETURN state; END IF;
  RETURN ARRAY[@schema@.subtract(state[1], value), state[2] - 1];
END $$;

-- function: avg_result
-- about: The end of avg_number().
CREATE OR REPLACE FUNCTION @schema@.avg_result(state double precision[]) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN state[2] > 0 THEN @schema@.divide(state[1], state[2]) END $$;

-- function: avg_number
-- about: SQLite's avg(): the sum as REAL, divided by the count.
-- returns: double precision
CREATE OR REPLACE AGGREGATE @schema@.avg_number(value double precision) (
  SFUNC = @schema@.avg_step, STYPE = double precision[], FINALFUNC = @schema@.avg_result, INITCOND = '{0,0}',
  PARALLEL = SAFE,
  MSFUNC = @schema@.avg_step, MINVFUNC = @schema@.avg_inverse, MSTYPE = double precision[],
  MFINALFUNC = @schema@.avg_result, MINITCOND = '{0,0}'
);
CREATE OR REPLACE AGGREGATE @schema@.avg_number(value numeric) (
  SFUNC = @schema@.avg_step, STYPE = double precision[], FINALFUNC = @schema@.avg_result, INITCOND = '{0,0}',
  PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE @schema@.avg_number(value jsonb) (
  SFUNC = @schema@.avg_step, STYPE = double precision[], FINALFUNC = @schema@.avg_result, INITCOND = '{0,0}',
  PARALLEL = SAFE
);

-- function: sum_real_result
-- about: The end of sum_real().
CREATE OR REPLACE FUNCTION @schema@.sum_real_result(state double precision[]) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN state[2] > 0 THEN state[1] END $$;

-- function: sum_real
-- about: SQLite's sum() of REALs in a window whose frame moves: a row that leaves it is subtracted, not left out.
-- returns: double precision
CREATE OR REPLACE AGGREGATE @schema@.sum_real(value double precision) (
  SFUNC = @schema@.avg_step, STYPE = double precision[], FINALFUNC = @schema@.sum_real_result, INITCOND = '{0,0}',
  PARALLEL = SAFE,
  MSFUNC = @schema@.avg_step, MINVFUNC = @schema@.avg_inverse, MSTYPE = double precision[],
  MFINALFUNC = @schema@.sum_real_result, MINITCOND = '{0,0}'
);

-- function: concat_step
-- about: One step of group_concat(): the separator of a row stands before it.
CREATE OR REPLACE FUNCTION @schema@.concat_step(state text, value text, separator text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN state WHEN state IS NULL THEN value
    ELSE state || coalesce(separator, '') || value END $$;
CREATE OR REPLACE FUNCTION @schema@.concat_step(state text, value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL THEN state WHEN state IS NULL THEN value ELSE state || ',' || value END $$;

-- function: group_concat
-- about: SQLite's group_concat(): texts that are not NULL, with a comma or the separator between them.
-- difference: SQLite joins the rows in the order in which it happens to read them; state an order inside the call.
-- returns: text
CREATE OR REPLACE AGGREGATE @schema@.group_concat(value text) (
  SFUNC = @schema@.concat_step, STYPE = text, PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE @schema@.group_concat(value text, separator text) (
  SFUNC = @schema@.concat_step, STYPE = text, PARALLEL = SAFE
);

-- function: concat_distinct_step
-- about: One step of group_concat_distinct(): the separator, then the values in the order in which they came.
CREATE OR REPLACE FUNCTION @schema@.concat_distinct_step(state text[], value text, separator text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL THEN RETURN state; END IF;
  IF state IS NULL THEN RETURN ARRAY[coalesce(separator, ''), value]; END IF;
  IF value COLLATE "C" = ANY (state[2:]) THEN RETURN state; END IF;
  RETURN state || value;
END $$;

-- function: concat_distinct_result
-- about: The end of group_concat_distinct().
CREATE OR REPLACE FUNCTION @schema@.concat_distinct_result(state text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN RETURN pg_catalog.array_to_string(state[2:], state[1]); END $$;

-- function: group_concat_distinct
-- about: SQLite's group_concat(DISTINCT x): each text where it is met first; Postgres' DISTINCT would sort them.
-- difference: SQLite joins the rows in the order in which it happens to read them; state an order inside the call.
-- returns: text
CREATE OR REPLACE AGGREGATE @schema@.group_concat_distinct(value text, separator text) (
  SFUNC = @schema@.concat_distinct_step, STYPE = text[], FINALFUNC = @schema@.concat_distinct_result,
  PARALLEL = SAFE
);

-- function: lesser
-- about: The lesser of two values of any class; of equal ones the first; NULL is passed over.
CREATE OR REPLACE FUNCTION @schema@.lesser(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN b IS NULL OR @schema@.compare(a, b) <= 0 THEN a ELSE b END $$;
CREATE OR REPLACE FUNCTION @schema@.lesser(a jsonb, b jsonb, collation_name text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN b IS NULL OR @schema@.compare(a, b, collation_name) <= 0 THEN a ELSE b END $$;

-- function: greater
-- about: The greater of two values of any class; of equal ones the first; NULL is passed over.
CREATE OR REPLACE FUNCTION @schema@.greater(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN b IS NULL OR @schema@.compare(a, b) >= 0 THEN a ELSE b END $$;
CREATE OR REPLACE FUNCTION @schema@.greater(a jsonb, b jsonb, collation_name text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN b IS NULL OR @schema@.compare(a, b, collation_name) >= 0 THEN a ELSE b END $$;

-- function: min
-- about: SQLite's aggregate min() over values of any class, by a collation when one is given.
-- returns: jsonb
CREATE OR REPLACE AGGREGATE @schema@.min(value jsonb) (
  SFUNC = @schema@.lesser, STYPE = jsonb, PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE @schema@.min(value jsonb, collation_name text) (
  SFUNC = @schema@.lesser, STYPE = jsonb, PARALLEL = SAFE
);

-- function: max
-- about: SQLite's aggregate max() over values of any class, by a collation when one is given.
-- returns: jsonb
CREATE OR REPLACE AGGREGATE @schema@.max(value jsonb) (
  SFUNC = @schema@.greater, STYPE = jsonb, PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE @schema@.max(value jsonb, collation_name text) (
  SFUNC = @schema@.greater, STYPE = jsonb, PARALLEL = SAFE
);

-- function: least_of
-- about: SQLite's min() of several arguments: NULL when one is, of equal ones the last.
CREATE OR REPLACE FUNCTION @schema@.least_of(VARIADIC arguments jsonb[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result jsonb := arguments[1];
  argument jsonb;
BEGIN
  FOREACH argument IN ARRAY arguments LOOP
    IF argument IS NULL THEN RETURN NULL; END IF;
    IF @schema@.compare(result, argument) >= 0 THEN result := argument; END IF;
  END LOOP;
  RETURN result;
END $$;

-- function: greatest_of
-- about: SQLite's max() of several arguments: NULL when one is.
CREATE OR REPLACE FUNCTION @schema@.greatest_of(VARIADIC arguments jsonb[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result jsonb := arguments[1];
  argument jsonb;
BEGIN
  FOREACH argument IN ARRAY arguments LOOP
    IF argument IS NULL THEN RETURN NULL; END IF;
    result := @schema@.greater(result, argument);
  END LOOP;
  RETURN result;
END $$;

-- function: random
-- about: SQLite's random(): any integer of 64 bits.
-- difference: Chance, so no two runs agree.
CREATE OR REPLACE FUNCTION @schema@.random() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT ('x' || pg_catalog.substr(pg_catalog.md5(pg_catalog.random()::text || pg_catalog.clock_timestamp()::text || pg_catalog.random()::text), 1, 16))::bit(64)::bigint
$$;

-- function: randomblob
-- about: SQLite's randomblob(): so many bytes of chance, one at least.
-- difference: Chance, so no two runs agree; it is not meant for secrets.
CREATE OR REPLACE FUNCTION @schema@.randomblob(count bigint) RETURNS bytea
LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE
  result bytea := '';
BEGIN
  IF count > 1000000000 THEN RAISE EXCEPTION 'string or blob too big' USING ERRCODE = '54000'; END IF;
  WHILE pg_catalog.length(result) < greatest(coalesce(count, 1), 1) LOOP
    result := result || pg_catalog.decode(pg_catalog.md5(pg_catalog.random()::text || pg_catalog.random()::text), 'hex');
  END LOOP;
  RETURN pg_catalog.substr(result, 1, greatest(coalesce(count, 1), 1)::int);
END $$;
