-- printf() and format().

-- function: printf
-- about: SQLite's printf(): all flags, widths and conversions; the arguments are values of any class.
-- difference: %c of an empty text is empty, as Postgres has no zero byte; a character that a precision cuts is left out; the last digit of %f, %e and %g follows SQLite 3.40 on x86-64.
CREATE OR REPLACE FUNCTION @schema@.printf(pattern text, VARIADIC arguments jsonb[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  -- One conversion: flags, width, precision, length and the letter, or a single percent sign at the end.
  shape constant text := '%([-+ #!0,]*)(\*|[0-9]+)?(?:\.(\*|-?[0-9]*))?(l{0,2})(.?)';
  rest text := pattern;
  result text := '';
  parts text[];
  found int;
  next_argument int := 1;
  count int := coalesce(pg_catalog.array_length(arguments, 1), 0);
  flags text;
  width bigint;
  places bigint;
  argument jsonb;
  has_field boolean := false;
BEGIN
  IF pattern IS NULL THEN RETURN NULL; END IF;
  LOOP
    found := pg_catalog.strpos(rest, '%');
    EXIT WHEN found = 0;
    result := result || pg_catalog.left(rest, found - 1);
    rest := pg_catalog.substr(rest, found);
    parts := pg_catalog.regexp_match(rest, '^(' || shape || ')');
    flags := parts[2];
    places := NULL;
    width := 0;
    IF parts[3] = '*' THEN
      width := @schema@.int32(CASE WHEN next_argument <= count THEN @schema@.to_integer(arguments[next_argument]) END);
      next_argument := next_argument + 1;
      IF width < 0 THEN
        flags := flags || '-';
        width := CASE WHEN width = -2147483648 THEN 0 ELSE -width END;
      END IF;
    ELSIF parts[3] <> '' THEN
      width := pg_catalog.right(parts[3], 18)::bigint & 2147483647;
    END IF;
    IF parts[4] = '*' THEN
      places := @schema@.int32(CASE WHEN next_argument <= count THEN @schema@.to_integer(arguments[next_argument]) END);
      next_argument := next_argument + 1;
      IF places < 0 THEN places := CASE WHEN places = -2147483648 THEN NULL ELSE -places END; END IF;
    ELSIF parts[4] IS NOT NULL THEN
      places := CASE WHEN parts[4] IN ('', '-') THEN 0 ELSE pg_catalog.abs(pg_catalog.right(parts[4], 18)::bigint) & 2147483647 END;
    END IF;
    IF parts[6] = '' THEN
      -- The pattern ends inside of a conversion; a bare percent sign stands for itself.
      IF parts[1] = '%' THEN result := result || '%'; END IF;
      RETURN CASE WHEN has_field OR result <> '' THEN result END;
    END IF;
    IF parts[6] IN ('%', 'n', 'd', 'i', 'u', 'x', 'X', 'o', 'c', 's', 'z', 'q', 'Q', 'w', 'e', 'E', 'f', 'g', 'G', 'p', 'r')
    THEN
      IF parts[6] NOT IN ('%', 'n') THEN
        argument := CASE WHEN next_argument <= count THEN arguments[next_argument] END;
        next_argument := next_argument + 1;
      END IF;
      has_field := true;
      result := result || @schema@.printf_field(
        parts[6], flags, width, places, argument, next_argument - 1 <= count);
    ELSE
      -- An unknown letter ends the work.
      RETURN CASE WHEN has_field OR result <> '' THEN result END;
    END IF;
    rest := pg_catalog.substr(rest, pg_catalog.length(parts[1]) + 1);
  END LOOP;
  -- SQLite gives NULL where nothing was ever to be written.
  RETURN CASE WHEN has_field OR result || rest <> '' THEN result || rest END;
END $$;

-- function: format
-- about: SQLite's format(), which is printf().
-- difference: As of printf.
CREATE OR REPLACE FUNCTION @schema@.format(pattern text, VARIADIC arguments jsonb[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.printf(pattern, VARIADIC arguments) $$;

-- function: int32
-- about: An integer cut to its low 32 bits, with their sign; of NULL 0.
CREATE OR REPLACE FUNCTION @schema@.int32(value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(((value & 4294967295) # 2147483648) - 2147483648, 0) $$;

-- function: printf_field
-- about: One conversion of printf().
CREATE OR REPLACE FUNCTION @schema@.printf_field(
  letter text, flags text, width bigint, places bigint, argument jsonb, is_given boolean
) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result text;
  is_left boolean := pg_catalog.strpos(flags, '-') > 0;
  has_zeros boolean := pg_catalog.strpos(flags, '0') > 0;
BEGIN
  CASE
    WHEN letter = '%' THEN result := '%';
    WHEN letter = 'n' THEN RETURN '';
    WHEN letter IN ('d', 'i', 'u', 'x', 'X', 'o', 'p', 'r') THEN
      result := @schema@.printf_integer(letter, flags, width, places, @schema@.to_integer(argument));
    WHEN letter IN ('e', 'E', 'f', 'g', 'G') THEN
      result := @schema@.printf_real(letter, flags, width, places, @schema@.to_real(argument));
    WHEN letter = 'c' THEN
      result := coalesce(pg_catalog.left(@schema@.to_text(argument), 1), '');
      IF places > 1 THEN result := result || pg_catalog.repeat(result, places::int - 1); END IF;
    WHEN letter IN ('s', 'z') THEN
      result := coalesce(@schema@.to_text(argument), '');
      IF places IS NOT NULL THEN result := @schema@.printf_cut(result, flags, places); END IF;
    ELSE
      result := @schema@.printf_quoted(letter, flags, places, @schema@.to_text(argument));
  END CASE;
  -- The width counts bytes unless the flag ! is there, for what is text; what is quoted counts characters then too.
  IF letter IN ('s', 'z', 'q', 'Q', 'w') AND pg_catalog.strpos(flags, '!') = 0 THEN
    width := width - (pg_catalog.octet_length(result) - pg_catalog.length(result));
  END IF;
  IF pg_catalog.length(result) >= width THEN RETURN result; END IF;
  IF is_left THEN RETURN result || pg_catalog.repeat(' ', width::int - pg_catalog.length(result)); END IF;
  RETURN pg_catalog.repeat(' ', width::int - pg_catalog.length(result)) || result;
END $$;

-- function: printf_sign
-- about: What stands before a number that is not negative: the last of the flags + and space.
CREATE OR REPLACE FUNCTION @schema@.printf_sign(flags text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN pg_catalog.right(pg_catalog.regexp_replace(flags, '[^+ ]', '', 'g'), 1); END $$;

-- function: printf_cut
-- about: A text cut to so many bytes, or characters with the flag !.
CREATE OR REPLACE FUNCTION @schema@.printf_cut(value text, flags text, places bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bytes bytea;
BEGIN
  IF pg_catalog.strpos(flags, '!') > 0 THEN RETURN pg_catalog.left(value, places::int); END IF;
  IF pg_catalog.octet_length(value) <= places THEN RETURN value; END IF;
  bytes := pg_catalog.substr(pg_catalog.convert_to(value, 'UTF8'), 1, places::int + 1);
  -- The byte after the cut goes on with a character whose start must go too.
  WHILE places > 0 AND pg_catalog.get_byte(bytes, places::int) & 192 = 128 LOOP places := places - 1; END LOOP;
  RETURN pg_catalog.convert_from(pg_catalog.substr(bytes, 1, places::int), 'UTF8');
END $$;

-- function: printf_quoted
-- about: The conversions %q, %Q and %w.
CREATE OR REPLACE FUNCTION @schema@.printf_quoted(letter text, flags text, places bigint, argument text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  mark text := CASE WHEN letter = 'w' THEN '"' ELSE '''' END;
  result text := coalesce(argument, CASE WHEN letter = 'Q' THEN 'NULL' ELSE '(NULL)' END);
BEGIN
  IF places IS NOT NULL THEN result := @schema@.printf_cut(result, flags, places); END IF;
  result := pg_catalog.replace(result, mark, mark || mark);
  IF letter = 'Q' AND argument IS NOT NULL THEN result := mark || result || mark; END IF;
  RETURN result;
END $$;

-- function: printf_integer
-- about: The conversions %d, %i, %u, %x, %X and %o.
CREATE OR REPLACE FUNCTION @schema@.printf_integer(
  letter text, flags text, width bigint, places bigint, argument bigint
) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  value bigint := coalesce(argument, 0);
  number numeric := value;
  sign_ text := '';
  digits text;
  base int;
  wanted bigint := coalesce(places, 0);
  start text := '';
BEGIN
  IF letter IN ('d', 'i') THEN
    IF value < 0 THEN
      sign_ := '-';
      number := -number;
    ELSE
      sign_ := @schema@.printf_sign(flags);
    END IF;
  ELSIF value < 0 THEN
    number := number + 18446744073709551616;
  END IF;
  IF letter = 'r' THEN
    digits := number::text;
    digits := digits || CASE WHEN pg_catalog.right(digits, 2) IN ('11', '12', '13') OR pg_catalog.right(digits, 1) NOT IN ('1', '2', '3')
      THEN 'th' ELSE (ARRAY['st', 'nd', 'rd'])[pg_catalog.right(digits, 1)::int] END;
  ELSIF letter IN ('x', 'X', 'p') THEN
    digits := pg_catalog.to_hex(value);
    IF letter <> 'x' THEN digits := pg_catalog.upper(digits COLLATE "C"); END IF;
  ELSIF letter = 'o' THEN
    digits := '';
    WHILE number > 0 OR digits = '' LOOP
      digits := (number % 8)::int::text || digits;
      number := pg_catalog.div(number, 8);
    END LOOP;
  ELSE
    digits := number::text;
  END IF;
  IF pg_catalog.strpos(flags, '0') > 0 AND pg_catalog.strpos(flags, '-') = 0 AND wanted < width - pg_catalog.length(sign_) THEN
    wanted := width - pg_catalog.length(sign_);
  ELSIF pg_catalog.strpos(flags, '0') > 0 AND wanted < width - pg_catalog.length(sign_) THEN
    wanted := width - pg_catalog.length(sign_);
  END IF;
  IF pg_catalog.length(digits) < wanted THEN digits := pg_catalog.repeat('0', wanted::int - pg_catalog.length(digits)) || digits; END IF;
  IF pg_catalog.strpos(flags, ',') > 0 AND letter IN ('d', 'i', 'u') THEN
    digits := pg_catalog.reverse(pg_catalog.regexp_replace(pg_catalog.reverse(digits), '([0-9]{3})(?=[0-9])', '\1,', 'g'));
  END IF;
  IF pg_catalog.strpos(flags, '#') > 0 AND value <> 0 THEN
    start := CASE letter WHEN 'x' THEN '0x' WHEN 'X' THEN '0X' WHEN 'o' THEN '0' ELSE '' END;
  END IF;
  RETURN sign_ || start || digits;
END $$;

-- function: printf_real
-- about: The conversions %e, %E, %f, %g and %G.
CREATE OR REPLACE FUNCTION @schema@.printf_real(
  letter text, flags text, width bigint, places bigint, argument double precision
) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  value double precision := coalesce(argument, 0);
  sign_ text := CASE WHEN value < 0 THEN '-' ELSE @schema@.printf_sign(flags) END;
  result text;
BEGIN
  result := @schema@.float_text(pg_catalog.abs(value), pg_catalog.lower(letter COLLATE "C"), coalesce(places, 6)::int,
    pg_catalog.strpos(flags, '#') > 0, pg_catalog.strpos(flags, '!') > 0);
  IF letter IN ('E', 'G') AND result <> 'Inf' THEN result := pg_catalog.upper(result COLLATE "C"); END IF;
  IF pg_catalog.strpos(flags, '0') > 0 AND pg_catalog.strpos(flags, '-') = 0 AND result <> 'Inf'
    AND pg_catalog.length(sign_) + pg_catalog.length(result) < width
  THEN result := pg_catalog.repeat('0', width::int - pg_catalog.length(sign_) - pg_catalog.length(result)) || result;
  END IF;
  RETURN sign_ || result;
END $$;
