-- Doubles and their decimals, digit for digit as SQLite's own arithmetic makes them.
--
-- SQLite reads and writes doubles with the 80-bit numbers of x86-64 and does not round correctly in every case.
-- These functions compute in exact numerics and round where it rounds.

-- function: extended
-- about: A positive number rounded to 64 significant bits, half to even.
CREATE OR REPLACE FUNCTION @schema@.extended(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  places int;
  bits int;
  scaled numeric;
  whole numeric;
  rest numeric;
BEGIN
  IF value = 0 THEN RETURN 0; END IF;
  -- An estimate of the binary logarithm, from the first digits, that is at most one off.
  IF value >= 1 THEN
    places := pg_catalog.length(pg_catalog.trunc(value)::text) - 15;
  ELSE
    places := -15 - (pg_catalog.length(value::text) - pg_catalog.length(pg_catalog.ltrim(value::text, '0.')) - 2);
  END IF;
  bits := pg_catalog.floor(pg_catalog.ln((value * @schema@.power_of_ten(-places))::double precision) / 0.6931471805599453
    + places * 3.321928094887362)::int;
  IF @schema@.power_of_two(bits) > value THEN
    bits := bits - 1;
  ELSIF @schema@.power_of_two(bits + 1) <= value THEN
    bits := bits + 1;
  END IF;
  scaled := value * @schema@.power_of_two(63 - bits);
  whole := pg_catalog.trunc(scaled);
  rest := scaled - whole;
  IF rest > 0.5 OR rest = 0.5 AND whole % 2 = 1 THEN whole := whole + 1; END IF;
  RETURN @schema@.trimmed(whole * @schema@.power_of_two(bits - 63));
END $$;

-- function: trimmed
-- about: A number without the zeros at the end of its fraction.
CREATE OR REPLACE FUNCTION @schema@.trimmed(value numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.scale(value) = 0 THEN RETURN value; END IF;
  RETURN pg_catalog.rtrim(pg_catalog.rtrim(value::text, '0'), '.')::numeric;
END $$;

-- function: power_of_two
-- about: Two to a whole power, exactly.
CREATE OR REPLACE FUNCTION @schema@.power_of_two(exponent int) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN exponent >= 0 THEN pg_catalog.trunc(pg_catalog.power(2::numeric, exponent::numeric))
    ELSE pg_catalog.trunc(pg_catalog.power(5::numeric, -exponent::numeric)) * ('1e' || exponent)::numeric END
$$;

-- function: power_of_ten
-- about: Ten to a whole power, exactly.
CREATE OR REPLACE FUNCTION @schema@.power_of_ten(exponent int) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ('1e' || exponent)::numeric $$;

-- function: exact_number
-- about: Exactly the number that a finite double holds, to its last digit.
CREATE OR REPLACE FUNCTION @schema@.exact_number(value double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bits bigint := ('x' || pg_catalog.encode(pg_catalog.float8send(value), 'hex'))::bit(64)::bigint;
  exponent int := ((bits >> 52) & 2047)::int;
  mantissa bigint := bits & 4503599627370495;
  number numeric;
BEGIN
  IF exponent = 0 THEN exponent := 1; ELSE mantissa := mantissa + 4503599627370496; END IF;
  number := @schema@.trimmed(mantissa * @schema@.power_of_two(exponent - 1075));
  RETURN CASE WHEN value < 0 THEN -number ELSE number END;
END $$;

-- function: float_value
-- about: The double that SQLite reads from the text of a number.
CREATE OR REPLACE FUNCTION @schema@.float_value(digits text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  limit_of_digits constant numeric := 922337203685477579;
  parts text[] := pg_catalog.regexp_match(digits, '^([-+]?)([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]+))?$');
  significand numeric := 0;
  exponent int := 0;
  taken int := 0;
  result numeric;
  step int;
  scale numeric := 1;
  base numeric := 10;
  sign double precision := CASE WHEN parts[1] = '-' THEN -1 ELSE 1 END;
BEGIN
  -- As many digits as fit below the limit; the others of the whole part count as places, those after it do not.
  parts[2] := pg_catalog.ltrim(parts[2], '0');
  significand := coalesce(nullif(pg_catalog.substr(parts[2], 1, 18), ''), '0')::numeric;
  taken := least(pg_catalog.length(parts[2]), 18);
  IF pg_catalog.length(parts[2]) > 18 AND significand < limit_of_digits - 1 THEN
    significand := significand * 10 + pg_catalog.substr(parts[2], 19, 1)::numeric;
    taken := 19;
  END IF;
  exponent := pg_catalog.length(parts[2]) - taken;
  FOR step IN 1 .. pg_catalog.length(parts[3]) LOOP
    EXIT WHEN significand >= limit_of_digits - 1;
    significand := significand * 10 + pg_catalog.substr(parts[3], step, 1)::numeric;
    exponent := exponent - 1;
  END LOOP;
  IF parts[4] IS NOT NULL THEN
    exponent := exponent + CASE WHEN pg_catalog.length(pg_catalog.ltrim(parts[4], '-+0')) > 5
      THEN CASE WHEN pg_catalog.left(parts[4], 1) = '-' THEN -10000 ELSE 10000 END ELSE parts[4]::int END;
  END IF;
  IF significand = 0 THEN RETURN 0 * sign; END IF;
  WHILE exponent > 0 AND significand < 922337203685477580 LOOP
    significand := significand * 10;
    exponent := exponent - 1;
  END LOOP;
  WHILE exponent < 0 AND significand % 10 = 0 LOOP
    significand := pg_catalog.div(significand, 10);
    exponent := exponent + 1;
  END LOOP;
  IF exponent = 0 THEN RETURN significand::bigint::double precision * sign; END IF;
  IF exponent >= 342 THEN RETURN 'Infinity'::double precision * sign; END IF;
  IF exponent <= -342 THEN RETURN 0 * sign; END IF;
  -- Ten to the exponent, by squaring.
  step := CASE WHEN pg_catalog.abs(exponent) > 307 THEN pg_catalog.abs(exponent) - 308 ELSE pg_catalog.abs(exponent) END;
  LOOP
    IF step & 1 = 1 THEN scale := @schema@.extended(scale * base); END IF;
    step := step >> 1;
    EXIT WHEN step = 0;
    base := @schema@.extended(base * base);
  END LOOP;
  result := CASE WHEN exponent > 0 THEN @schema@.extended(significand * scale)
    ELSE @schema@.extended_quotient(significand, scale) END;
  -- Rounded to a double before the rest of the exponent is applied.
  IF exponent > 307 THEN RETURN sign * @schema@.multiply(@schema@.to_real(result), 1e308::double precision); END IF;
  IF exponent < -307 THEN RETURN sign * @schema@.divide(@schema@.to_real(result), 1e308::double precision); END IF;
  RETURN sign * @schema@.to_real(result);
END $$;

-- function: extended_quotient
-- about: The quotient of two positive whole numbers, rounded to 64 significant bits.
CREATE OR REPLACE FUNCTION @schema@.extended_quotient(dividend numeric, divisor numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  -- So many bits that the quotient has more than 64; a last bit stands for what is left over.
  shift int := 70 + greatest(0, pg_catalog.ceil((pg_catalog.length(pg_catalog.trunc(divisor)::text) - pg_catalog.length(pg_catalog.trunc(dividend)::text) + 1) * 3.33)::int);
  scaled numeric := pg_catalog.trunc(dividend) * @schema@.power_of_two(shift);
  quotient numeric := pg_catalog.div(scaled, divisor) * 2;
BEGIN
  IF scaled % divisor <> 0 THEN quotient := quotient + 1; END IF;
  RETURN @schema@.trimmed(@schema@.extended(quotient) * @schema@.power_of_two(-shift - 1));
END $$;

-- function: float_text
-- about: A positive double in the form that %f, %e or %g gives it, without a sign.
CREATE OR REPLACE FUNCTION @schema@.float_text(
  value double precision, style text, places int, keeps_point boolean, is_precise boolean
) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  unit constant numeric := 9223372036854775808;
  hundred constant numeric := 10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104;
  number numeric;
  rounder numeric;
  scale numeric := 1;
  exponent int := 0;
  style_used text := style;
  cuts_zeros boolean;
  left_digits int := CASE WHEN is_precise THEN 26 ELSE 16 END;
  position_ int;
  digit int;
  result text := '';
  has_point boolean;
  binary_exponent int;
BEGIN
  IF value = 'Infinity' THEN RETURN 'Inf'; END IF;
  IF style = 'g' AND places > 0 THEN places := places - 1; END IF;
  rounder := (ARRAY[0.5, 0.05, 0.005, 0.0005, 0.00005, 0.000005, 0.0000005, 0.00000005, 0.000000005, 0.0000000005])
    [(places & 4095) % 10 + 1];
  rounder := @schema@.exact_number(rounder::double precision);
  FOR step IN 1 .. (places & 4095) / 10 LOOP
    rounder := @schema@.extended(rounder * @schema@.exact_number(1e-10));
  END LOOP;
  number := @schema@.exact_number(value);
  IF style = 'f' THEN
    binary_exponent := ((('x' || pg_catalog.encode(pg_catalog.float8send(value), 'hex'))::bit(64)::bigint >> 52) & 2047)::int - 1023;
    IF places + binary_exponent / 3 < 15 THEN
      rounder := @schema@.extended(rounder + @schema@.extended(number * @schema@.exact_number(3e-16)));
    END IF;
    number := @schema@.extended(number + rounder);
  END IF;
  IF number > 0 THEN
    WHILE number >= @schema@.extended(hundred * scale) AND exponent <= 350 LOOP
      scale := @schema@.extended(scale * hundred);
      exponent := exponent + 100;
    END LOOP;
    WHILE number >= @schema@.extended(1e10 * scale) AND exponent <= 350 LOOP
      scale := @schema@.extended(scale * 1e10);
      exponent := exponent + 10;
    END LOOP;
    WHILE number >= @schema@.extended(10 * scale) AND exponent <= 350 LOOP
      scale := @schema@.extended(scale * 10);
      exponent := exponent + 1;
    END LOOP;
    IF scale <> 1 THEN number := @schema@.extended_ratio(number, scale); END IF;
    WHILE number < 1e-8 LOOP
      number := @schema@.extended(number * 1e8);
      exponent := exponent - 8;
    END LOOP;
    WHILE number < 1 LOOP
      number := @schema@.extended(number * 10);
      exponent := exponent - 1;
    END LOOP;
    IF exponent > 350 THEN RETURN 'Inf'; END IF;
  END IF;
  IF style <> 'f' THEN
    number := @schema@.extended(number + rounder);
    IF number >= 10 THEN
      number := @schema@.extended(number * 0.1000000000000000055511151231257827021181583404541015625);
      exponent := exponent + 1;
    END IF;
  END IF;
  IF style = 'g' THEN
    cuts_zeros := NOT keeps_point;
    IF exponent < -4 OR exponent > places THEN
      style_used := 'e';
    ELSE
      places := places - exponent;
      style_used := 'f';
    END IF;
  ELSE
    cuts_zeros := is_precise;
  END IF;
  position_ := CASE WHEN style_used = 'e' THEN 0 ELSE exponent END;
  has_point := places > 0 OR keeps_point OR is_precise;
  -- From here on the number is whole, in units of the last bit of an 80-bit number between one and two.
  number := pg_catalog.trunc(number * unit);
  IF position_ < 0 THEN
    result := '0';
  ELSE
    WHILE position_ >= 0 LOOP
      IF left_digits <= 0 THEN
        result := result || '0';
      ELSE
        digit := pg_catalog.div(number, unit)::int;
        number := @schema@.next_digit(number - digit * unit);
        left_digits := left_digits - 1;
        result := result || digit;
      END IF;
      position_ := position_ - 1;
    END LOOP;
  END IF;
  IF has_point THEN result := result || '.'; END IF;
  position_ := position_ + 1;
  IF position_ < 0 THEN
    result := result || pg_catalog.repeat('0', -position_);
    places := places + position_;
  END IF;
  WHILE places > 0 LOOP
    IF left_digits <= 0 THEN
      result := result || pg_catalog.repeat('0', places);
      EXIT;
    END IF;
    digit := pg_catalog.div(number, unit)::int;
    number := @schema@.next_digit(number - digit * unit);
    left_digits := left_digits - 1;
    result := result || digit;
    places := places - 1;
  END LOOP;
  IF cuts_zeros AND has_point THEN
    result := pg_catalog.rtrim(result, '0');
    IF pg_catalog.right(result, 1) = '.' THEN
      result := CASE WHEN is_precise THEN result || '0' ELSE pg_catalog.left(result, -1) END;
    END IF;
  END IF;
  IF style_used = 'e' THEN
    result := result || 'e' || CASE WHEN exponent < 0 THEN '-' ELSE '+' END || pg_catalog.lpad(pg_catalog.abs(exponent)::text,
      greatest(2, pg_catalog.length(pg_catalog.abs(exponent)::text)), '0');
  END IF;
  RETURN result;
END $$;

-- function: extended_ratio
-- about: The quotient of two positive numbers, rounded to 64 significant bits.
CREATE OR REPLACE FUNCTION @schema@.extended_ratio(dividend numeric, divisor numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  places int := greatest(pg_catalog.scale(dividend), pg_catalog.scale(divisor));
BEGIN
  RETURN @schema@.extended_quotient(
    dividend * @schema@.power_of_ten(places), pg_catalog.trunc(divisor * @schema@.power_of_ten(places)));
END $$;

-- function: next_digit
-- about: What is left of a number after a digit, times ten, rounded as an 80-bit number is.
CREATE OR REPLACE FUNCTION @schema@.next_digit(rest numeric) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  unit constant numeric := 9223372036854775808;
  number numeric := rest * 10;
  step int := CASE WHEN number >= 8 * unit THEN 8 WHEN number >= 4 * unit THEN 4 WHEN number >= 2 * unit THEN 2
    ELSE 1 END;
  over int;
BEGIN
  IF step = 1 THEN RETURN number; END IF;
  over := (number % step)::int;
  IF over = 0 THEN RETURN number; END IF;
  IF over * 2 > step OR over * 2 = step AND pg_catalog.div(number, step) % 2 = 1 THEN RETURN number - over + step; END IF;
  RETURN number - over;
END $$;
