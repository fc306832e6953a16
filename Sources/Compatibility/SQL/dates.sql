-- Dates and times: SQLite's grammar of time values, its modifiers and its arithmetic on milliseconds.
--
-- 'now' is a STABLE function of its own, so that the others can be IMMUTABLE; 'localtime' and 'utc' depend on the
-- time zone of a process and are refused.

-- function: current_moment
-- about: What 'now' stands for: the time of the statement in UTC, with milliseconds.
-- difference: The moment is that of the statement as Postgres sees it.
CREATE OR REPLACE FUNCTION @schema@.current_moment() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.statement_timestamp()), 'YYYY-MM-DD HH24:MI:SS.MS') $$;

-- function: time_value
-- about: A time value in which 'now' has become the present moment.
CREATE OR REPLACE FUNCTION @schema@.time_value(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.lower(value COLLATE "C") = 'now' THEN @schema@.current_moment() ELSE value END $$;
CREATE OR REPLACE FUNCTION @schema@.time_value(value jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.jsonb_typeof(value) = 'string' AND pg_catalog.lower((value #>> '{}') COLLATE "C") = 'now' THEN
    RETURN pg_catalog.to_jsonb(@schema@.current_moment());
  END IF;
  RETURN value;
END $$;

-- function: time_of_day
-- about: HH:MM, HH:MM:SS or HH:MM:SS.SSS with a time zone or none: hour, minute, second, zone in minutes; NULL when it is none.
CREATE OR REPLACE FUNCTION @schema@.time_of_day(value text) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parts text[] := pg_catalog.regexp_match(value COLLATE "C",
    '^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?[ \x09-\x0d]*(?:([zZ])|([-+])([0-9]{2}):([0-9]{2}))?[ \x09-\x0d]*$');
  fraction double precision := 0;
  scale_ double precision := 1;
  zone int := 0;
BEGIN
  IF parts IS NULL OR parts[1]::int > 24 OR parts[2]::int > 59 OR parts[3]::int > 59
    OR parts[7]::int > 14 OR parts[8]::int > 59
  THEN RETURN NULL;
  END IF;
  IF parts[4] IS NOT NULL THEN
    IF pg_catalog.length(parts[4]) <= 15 THEN
      fraction := parts[4]::double precision;
      scale_ := ('1e' || pg_catalog.length(parts[4]))::double precision;
    ELSE
      FOR at IN 1 .. pg_catalog.length(parts[4]) LOOP
        fraction := @schema@.add(@schema@.multiply(fraction, 10), pg_catalog.substr(parts[4], at, 1)::double precision);
        scale_ := @schema@.multiply(scale_, 10);
      END LOOP;
    END IF;
    fraction := @schema@.divide(fraction, scale_);
    -- Too many digits: infinite by infinite.
    IF fraction IS NULL THEN RETURN NULL; END IF;
  END IF;
  IF parts[6] IS NOT NULL THEN
    zone := parts[7]::int * 60 + parts[8]::int;
    IF parts[6] = '-' THEN zone := -zone; END IF;
  END IF;
  RETURN ARRAY[parts[1]::int, parts[2]::int, coalesce(parts[3]::int, 0) + fraction, zone];
END $$;

-- function: julian_milliseconds
-- about: The milliseconds since noon in Greenwich on November 24, 4714 B.C. at midnight of a date; NULL beyond the years that SQLite has.
CREATE OR REPLACE FUNCTION @schema@.julian_milliseconds(year int, month int, day int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  y int := year;
  m int := month;
  a int;
BEGIN
  IF y < -4713 OR y > 9999 THEN RETURN NULL; END IF;
  IF m <= 2 THEN
    y := y - 1;
    m := m + 12;
  END IF;
  a := y / 100;
  RETURN pg_catalog.trunc(((36525 * (y + 4716) / 100 + 306001 * (m + 1) / 10000 + day + (2 - a + a / 4))::double precision - 1524.5)
    * 86400000)::bigint;
END $$;

-- function: julian_date
-- about: Year, month and day of a count of milliseconds; NULL outside of the years 0000 before and 9999 after.
CREATE OR REPLACE FUNCTION @schema@.julian_date(milliseconds bigint) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  z int;
  a int;
  b int;
  c int;
  d int;
  e int;
  month int;
BEGIN
  IF milliseconds NOT BETWEEN 0 AND 464269060799999 THEN RETURN NULL; END IF;
  z := (milliseconds + 43200000) / 86400000;
  a := pg_catalog.trunc((z - 1867216.25::double precision) / 36524.25)::int;
  a := z + 1 + a - a / 4;
  b := a + 1524;
  c := pg_catalog.trunc((b - 122.1::double precision) / 365.25)::int;
  d := 36525 * (c & 32767) / 100;
  e := pg_catalog.trunc((b - d) / 30.6001::double precision)::int;
  month := CASE WHEN e < 14 THEN e - 1 ELSE e - 13 END;
  RETURN ARRAY[CASE WHEN month > 2 THEN c - 4716 ELSE c - 4715 END, month,
    b - d - pg_catalog.trunc(30.6001::double precision * e)::int];
END $$;

-- function: moment
-- about: A time value with its modifiers: milliseconds, year, month, day, hour, minute, second; NULL when it is none.
CREATE OR REPLACE FUNCTION @schema@.moment(value jsonb, modifiers text[]) RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  -- What is known at a time: milliseconds, a date, a time of day, or a number whose meaning a modifier tells.
  jd bigint;
  ymd int[];
  hms double precision[];
  raw double precision;
  zone int := 0;
  parts text[];
  modifier text;
  word text;
  amount double precision;
  whole int;
  position_ int := 0;
  text_ text;
  shift bigint;
  units constant text[] := ARRAY['second', 'minute', 'hour', 'day', 'month', 'year'];
  limits constant double precision[] := ARRAY[464269060800, 7737817680, 128963628, 5373485, 176546, 14713];
  seconds constant double precision[] := ARRAY[1, 60, 3600, 86400, 2592000, 31536000];
  unit int;
  months int;
BEGIN
  IF value IS NULL THEN RETURN NULL; END IF;
  -- The time value.
  IF @schema@.type_of(value) IN ('integer', 'real') THEN
    raw := @schema@.to_real(value);
  ELSE
    text_ := @schema@.to_text(value);
    parts := pg_catalog.regexp_match(text_ COLLATE "C", '^(-?)([0-9]{4})-([0-9]{2})-([0-9]{2})[ T\x09-\x0d]*(.*)$');
    IF parts IS NOT NULL AND parts[3]::int BETWEEN 1 AND 12 AND parts[4]::int BETWEEN 1 AND 31
      AND (parts[5] = '' OR @schema@.time_of_day(parts[5]) IS NOT NULL)
    THEN
      ymd := ARRAY[CASE WHEN parts[1] = '-' THEN -parts[2]::int ELSE parts[2]::int END, parts[3]::int, parts[4]::int];
      IF parts[5] <> '' THEN hms := @schema@.time_of_day(parts[5]); END IF;
    ELSE
      hms := @schema@.time_of_day(text_);
      IF hms IS NULL THEN
        IF pg_catalog.lower(text_ COLLATE "C") = 'now' THEN
          RAISE EXCEPTION 'the time value ''now'' has no fixed value' USING ERRCODE = '0A000',
            HINT = 'Put time_value() around the argument.';
        END IF;
        IF NOT @schema@.is_number_text(text_) THEN RETURN NULL; END IF;
        raw := @schema@.to_real(text_);
      END IF;
    END IF;
    IF hms IS NOT NULL THEN
      zone := hms[4]::int;
      -- With a zone the moment in UTC is what counts, and the date follows from it.
      IF zone <> 0 AND ymd IS NOT NULL THEN
        jd := @schema@.julian_total(ymd, hms);
        IF jd IS NULL THEN RETURN NULL; END IF;
        ymd := NULL;
        hms := NULL;
      END IF;
    END IF;
  END IF;
  IF raw >= 0 AND raw < 5373484.5 THEN jd := pg_catalog.trunc(raw * 86400000.0 + 0.5::double precision)::bigint; END IF;
  -- The modifiers.
  FOREACH modifier IN ARRAY coalesce(modifiers, '{}') LOOP
    position_ := position_ + 1;
    IF modifier IS NULL THEN RETURN NULL; END IF;
    word := pg_catalog.lower(modifier COLLATE "C");
    IF word IN ('localtime', 'utc') THEN
      RAISE EXCEPTION 'the modifier ''%'' depends on the time zone of a process', word USING ERRCODE = '0A000';
    ELSIF word = 'auto' THEN
      IF position_ > 1 THEN RETURN NULL; END IF;
      IF raw IS NOT NULL AND jd IS NULL THEN
        IF raw NOT BETWEEN -210866760000 AND 253402300799 THEN RETURN NULL; END IF;
        jd := pg_catalog.trunc(raw * 1000.0 + 210866760000000.0 + 0.5::double precision)::bigint;
      END IF;
      raw := NULL;
    ELSIF word = 'julianday' THEN
      IF position_ > 1 OR jd IS NULL OR raw IS NULL THEN RETURN NULL; END IF;
      raw := NULL;
    ELSIF word = 'unixepoch' THEN
      IF position_ > 1 OR raw IS NULL THEN RETURN NULL; END IF;
      IF pg_catalog.abs(raw) > 1e15 THEN RETURN NULL; END IF;
      amount := raw * 1000.0 + 210866760000000.0;
      IF amount < 0 OR amount >= 464269060800000.0 THEN RETURN NULL; END IF;
      jd := pg_catalog.trunc(amount + 0.5)::bigint;
      raw := NULL;
    ELSIF word ~ '^weekday ' THEN
      IF NOT @schema@.is_number_text(pg_catalog.substr(word, 9)) THEN RETURN NULL; END IF;
      amount := @schema@.to_real(pg_catalog.substr(word, 9));
      IF amount < 0 OR amount >= 7 OR amount <> pg_catalog.trunc(amount) THEN RETURN NULL; END IF;
      ymd := @schema@.date_of(jd, ymd);
      hms := @schema@.time_of(jd, ymd, hms, raw);
      IF ymd IS NULL OR hms IS NULL THEN RETURN NULL; END IF;
      hms[4] := 0;
      jd := @schema@.julian_total(ymd, hms);
      IF jd IS NULL THEN RETURN NULL; END IF;
      whole := ((jd + 129600000) / 86400000 % 7)::int;
      IF whole > amount THEN whole := whole - 7; END IF;
      jd := jd + (amount::int - whole) * 86400000::bigint;
      ymd := NULL;
      hms := NULL;
      raw := NULL;
    ELSIF word IN ('start of month', 'start of year', 'start of day') THEN
      IF jd IS NULL AND ymd IS NULL AND hms IS NULL THEN RETURN NULL; END IF;
      ymd := @schema@.date_of(jd, ymd);
      IF ymd IS NULL THEN RETURN NULL; END IF;
      IF word <> 'start of day' THEN ymd[3] := 1; END IF;
      IF word = 'start of year' THEN ymd[2] := 1; END IF;
      hms := ARRAY[0, 0, 0, 0];
      raw := NULL;
      jd := NULL;
    ELSE
      parts := pg_catalog.regexp_match(modifier COLLATE "C", '^([-+0-9][^: \x09-\x0d]*)(:)?(.*)$');
      IF parts IS NULL OR NOT @schema@.is_number_text(parts[1]) THEN RETURN NULL; END IF;
      IF jd IS NULL AND raw IS NULL THEN
        jd := @schema@.julian_total(ymd, hms);
        IF hms[4] <> 0 THEN
          ymd := NULL;
          hms := NULL;
        END IF;
      END IF;
      IF parts[2] IS NOT NULL THEN
        -- Hours and minutes to add; a zone in them counts too, as nobody would expect.
        hms := @schema@.time_of_day(CASE WHEN modifier ~ '^[0-9]' THEN modifier ELSE pg_catalog.substr(modifier, 2) END);
        IF hms IS NULL OR jd IS NULL THEN RETURN NULL; END IF;
        shift := (@schema@.julian_total(NULL, hms) - 43200000) % 86400000;
        jd := jd + CASE WHEN pg_catalog.left(modifier, 1) = '-' THEN -shift ELSE shift END;
      ELSE
        word := pg_catalog.ltrim(parts[3], E' \t\n\v\f\r');
        IF pg_catalog.length(word) NOT BETWEEN 3 AND 10 THEN RETURN NULL; END IF;
        word := pg_catalog.regexp_replace(pg_catalog.lower(word COLLATE "C"), 's$', '');
        unit := pg_catalog.array_position(units, word);
        amount := @schema@.to_real(parts[1]);
        IF unit IS NULL OR pg_catalog.abs(amount) >= limits[unit] OR jd IS NULL THEN RETURN NULL; END IF;
        shift := 0;
        IF unit >= 5 THEN
          hms := @schema@.time_of(jd, ymd, hms, raw);
          ymd := @schema@.date_of(jd, ymd);
          IF ymd IS NULL OR hms IS NULL THEN RETURN NULL; END IF;
          whole := pg_catalog.trunc(amount)::int;
          IF unit = 5 THEN
            months := ymd[2] + whole;
            whole := CASE WHEN months > 0 THEN (months - 1) / 12 ELSE (months - 12) / 12 END;
            ymd[1] := ymd[1] + whole;
            ymd[2] := months - whole * 12;
          ELSE
            ymd[1] := ymd[1] + whole;
          END IF;
          hms[4] := 0;
          jd := @schema@.julian_total(ymd, hms);
          IF jd IS NULL THEN RETURN NULL; END IF;
        END IF;
        jd := jd + pg_catalog.trunc((CASE WHEN unit >= 5 THEN amount - pg_catalog.trunc(amount) ELSE amount END) * 1000.0
          * seconds[unit] + CASE WHEN amount < 0 THEN -0.5 ELSE 0.5 END)::bigint;
      END IF;
      ymd := NULL;
      hms := NULL;
      raw := NULL;
    END IF;
  END LOOP;
  IF jd IS NULL THEN
    IF raw IS NOT NULL THEN RETURN NULL; END IF;
    jd := @schema@.julian_total(ymd, hms);
    -- A zone without a date: the moment counts, not what was written.
    IF hms[4] <> 0 THEN
      ymd := NULL;
      hms := NULL;
    END IF;
  END IF;
  IF jd IS NULL OR jd NOT BETWEEN 0 AND 464269060799999 THEN RETURN NULL; END IF;
  ymd := @schema@.date_of(jd, ymd);
  hms := @schema@.time_of(jd, ymd, hms, NULL);
  RETURN ARRAY[jd, ymd[1], ymd[2], ymd[3], hms[1], hms[2], hms[3]];
END $$;

-- function: is_number_text
-- about: Whether a text is a number as a whole, with spaces around it or none.
CREATE OR REPLACE FUNCTION @schema@.is_number_text(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT value COLLATE "C" ~ '^[ \x09-\x0d]*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[ \x09-\x0d]*$' $$;

-- function: julian_total
-- about: The milliseconds of a date, or of 2000-01-01 without one, at a time of day in its zone.
CREATE OR REPLACE FUNCTION @schema@.julian_total(ymd int[], hms double precision[]) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result bigint := @schema@.julian_milliseconds(coalesce(ymd[1], 2000), coalesce(ymd[2], 1), coalesce(ymd[3], 1));
BEGIN
  IF hms IS NULL THEN RETURN result; END IF;
  RETURN result + hms[1]::bigint * 3600000 + hms[2]::bigint * 60000 + pg_catalog.trunc(hms[3] * 1000 + 0.5::double precision)::bigint
    - coalesce(hms[4]::bigint, 0) * 60000;
END $$;

-- function: date_of
-- about: The date that is known, or that of the milliseconds, or 2000-01-01.
CREATE OR REPLACE FUNCTION @schema@.date_of(milliseconds bigint, ymd int[]) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF ymd IS NOT NULL THEN RETURN ymd; END IF;
  IF milliseconds IS NULL THEN RETURN ARRAY[2000, 1, 1]; END IF;
  RETURN @schema@.julian_date(milliseconds);
END $$;

-- function: time_of
-- about: The time of day that is known, or that of the milliseconds.
CREATE OR REPLACE FUNCTION @schema@.time_of(milliseconds bigint, ymd int[], hms double precision[], raw double precision)
RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  moment bigint := milliseconds;
  seconds double precision;
  whole int;
BEGIN
  IF hms IS NOT NULL THEN RETURN hms; END IF;
  IF moment IS NULL THEN
    IF raw IS NOT NULL THEN RETURN NULL; END IF;
    moment := @schema@.julian_total(ymd, hms);
  END IF;
  seconds := ((moment + 43200000) % 86400000) / 1000.0::double precision;
  whole := pg_catalog.trunc(seconds)::int;
  seconds := seconds - whole;
  RETURN ARRAY[whole / 3600, whole % 3600 / 60, seconds + (whole % 3600 % 60), 0];
END $$;

-- function: moment_text
-- about: A moment by the directives of strftime(); NULL for one that SQLite does not have.
CREATE OR REPLACE FUNCTION @schema@.moment_text(moment double precision[], pattern text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  jd bigint := moment[1]::bigint;
  result text := '';
  rest text := pattern;
  found int;
  days int;
  piece text;
BEGIN
  LOOP
    found := pg_catalog.strpos(rest, '%');
    EXIT WHEN found = 0;
    result := result || pg_catalog.left(rest, found - 1);
    CASE pg_catalog.substr(rest, found + 1, 1)
      WHEN 'd' THEN piece := pg_catalog.lpad(moment[4]::int::text, 2, '0');
      WHEN 'f' THEN piece := pg_catalog.lpad(@schema@.float_text(least(moment[7], 59.999::double precision), 'f', 3, false, false), 6, '0');
      WHEN 'H' THEN piece := pg_catalog.lpad(moment[5]::int::text, 2, '0');
      WHEN 'W', 'j' THEN
        days := ((jd - @schema@.julian_total(ARRAY[moment[2]::int, 1, 1], ARRAY[moment[5], moment[6], moment[7], 0])
          + 43200000) / 86400000)::int;
        IF pg_catalog.substr(rest, found + 1, 1) = 'j' THEN
          piece := @schema@.padded(days + 1, 3);
        ELSE
          piece := @schema@.padded((days + 7 - ((jd + 43200000) / 86400000 % 7)::int) / 7, 2);
        END IF;
      WHEN 'J' THEN piece := @schema@.float_text(jd / 86400000.0::double precision, 'g', 16, false, false);
      WHEN 'm' THEN piece := pg_catalog.lpad(moment[3]::int::text, 2, '0');
      WHEN 'M' THEN piece := pg_catalog.lpad(moment[6]::int::text, 2, '0');
      WHEN 's' THEN piece := (jd / 1000 - 210866760000)::text;
      WHEN 'S' THEN piece := pg_catalog.lpad(pg_catalog.trunc(moment[7])::int::text, 2, '0');
      WHEN 'w' THEN piece := ((jd + 129600000) / 86400000 % 7)::text;
      WHEN 'Y' THEN piece := @schema@.padded(moment[2]::int, 4);
      WHEN '%' THEN piece := '%';
      ELSE RETURN NULL;
    END CASE;
    result := result || piece;
    rest := pg_catalog.substr(rest, found + 2);
  END LOOP;
  RETURN result || rest;
END $$;

-- function: padded
-- about: A whole number with zeros up to a width that the sign counts for.
CREATE OR REPLACE FUNCTION @schema@.padded(value int, width int) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text := pg_catalog.abs(value)::text;
  room int := width - CASE WHEN value < 0 THEN 1 ELSE 0 END;
BEGIN
  RETURN CASE WHEN value < 0 THEN '-' ELSE '' END || pg_catalog.repeat('0', room - pg_catalog.length(digits)) || digits;
END $$;

-- function: moment_date
-- about: The date of a moment as date() writes it.
CREATE OR REPLACE FUNCTION @schema@.moment_date(moment double precision[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE WHEN moment[2] < 0 THEN '-' ELSE '' END || @schema@.padded(pg_catalog.abs(moment[2])::int, 4) || '-'
    || pg_catalog.lpad(moment[3]::int::text, 2, '0') || '-' || pg_catalog.lpad(moment[4]::int::text, 2, '0');
END $$;

-- function: date_text
-- about: SQLite's date().
-- difference: 'localtime' and 'utc' are errors, as they depend on the time zone of a process; so is 'now' that time_value() has not replaced.
CREATE OR REPLACE FUNCTION @schema@.date_text(value jsonb, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  moment double precision[] := @schema@.moment(value, modifiers);
BEGIN RETURN @schema@.moment_date(moment); END $$;
CREATE OR REPLACE FUNCTION @schema@.date_text(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.date_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.date_text(value bigint, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.date_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.date_text(value double precision, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.date_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.date_text(value numeric, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.date_text(@schema@.to_any(value), VARIADIC modifiers) $$;

-- function: time_text
-- about: SQLite's time().
-- difference: 'localtime' and 'utc' are errors, as they depend on the time zone of a process; so is 'now' that time_value() has not replaced.
CREATE OR REPLACE FUNCTION @schema@.time_text(value jsonb, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  moment double precision[] := @schema@.moment(value, modifiers);
BEGIN RETURN @schema@.moment_text(moment, '%H:%M:%S'); END $$;
CREATE OR REPLACE FUNCTION @schema@.time_text(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.time_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.time_text(value bigint, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.time_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.time_text(value double precision, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.time_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.time_text(value numeric, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.time_text(@schema@.to_any(value), VARIADIC modifiers) $$;

-- function: datetime_text
-- about: SQLite's datetime().
-- difference: 'localtime' and 'utc' are errors, as they depend on the time zone of a process; so is 'now' that time_value() has not replaced.
CREATE OR REPLACE FUNCTION @schema@.datetime_text(value jsonb, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  moment double precision[] := @schema@.moment(value, modifiers);
BEGIN RETURN @schema@.moment_date(moment) || ' ' || @schema@.moment_text(moment, '%H:%M:%S'); END $$;
CREATE OR REPLACE FUNCTION @schema@.datetime_text(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.datetime_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.datetime_text(value bigint, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.datetime_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.datetime_text(value double precision, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.datetime_text(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.datetime_text(value numeric, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.datetime_text(@schema@.to_any(value), VARIADIC modifiers) $$;

-- function: julianday
-- about: SQLite's julianday().
-- difference: 'localtime' and 'utc' are errors, as they depend on the time zone of a process; so is 'now' that time_value() has not replaced.
CREATE OR REPLACE FUNCTION @schema@.julianday(value jsonb, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  moment double precision[] := @schema@.moment(value, modifiers);
BEGIN RETURN moment[1]::bigint / 86400000.0::double precision; END $$;
CREATE OR REPLACE FUNCTION @schema@.julianday(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.julianday(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.julianday(value bigint, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.julianday(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.julianday(value double precision, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.julianday(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.julianday(value numeric, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.julianday(@schema@.to_any(value), VARIADIC modifiers) $$;

-- function: unixepoch
-- about: SQLite's unixepoch().
-- difference: 'localtime' and 'utc' are errors, as they depend on the time zone of a process; so is 'now' that time_value() has not replaced.
CREATE OR REPLACE FUNCTION @schema@.unixepoch(value jsonb, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  moment double precision[] := @schema@.moment(value, modifiers);
BEGIN RETURN moment[1]::bigint / 1000 - 210866760000; END $$;
CREATE OR REPLACE FUNCTION @schema@.unixepoch(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.unixepoch(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.unixepoch(value bigint, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.unixepoch(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.unixepoch(value double precision, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.unixepoch(@schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.unixepoch(value numeric, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.unixepoch(@schema@.to_any(value), VARIADIC modifiers) $$;

-- function: strftime
-- about: SQLite's strftime(), with the directives of version 3.40.
-- difference: 'localtime' and 'utc' are errors, as they depend on the time zone of a process; so is 'now' that time_value() has not replaced.
CREATE OR REPLACE FUNCTION @schema@.strftime(pattern text, value jsonb, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN @schema@.moment_text(@schema@.moment(value, modifiers), pattern);
END $$;
CREATE OR REPLACE FUNCTION @schema@.strftime(pattern text, value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.strftime(pattern, @schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.strftime(pattern text, value bigint, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.strftime(pattern, @schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.strftime(pattern text, value double precision, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.strftime(pattern, @schema@.to_any(value), VARIADIC modifiers) $$;
CREATE OR REPLACE FUNCTION @schema@.strftime(pattern text, value numeric, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.strftime(pattern, @schema@.to_any(value), VARIADIC modifiers) $$;
