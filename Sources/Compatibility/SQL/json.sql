-- JSON: documents are text, with their keys in order, their duplicates, and their numbers as written.
--
-- Inside, a document is minified and guarded: the backslashes of its strings are three characters that Unicode
-- keeps free of meaning, so that Postgres' own parser finds the pieces and decodes none.

-- function: json_guarded
-- about: A document, minified and guarded; an error when it is no JSON.
CREATE OR REPLACE FUNCTION @schema@.json_guarded(document text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text := document;
BEGIN
  -- The parser's own message would quote the document.
  PERFORM document::json;
  IF document ~ U&'[\FDD0-\FDD2]' THEN
    RAISE EXCEPTION 'a JSON text holds one of the noncharacters U+FDD0 to U+FDD2' USING ERRCODE = '22023';
  END IF;
  IF pg_catalog.strpos(result, '\') > 0 THEN
    result := pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(result, '\\', U&'\FDD1'), '\"', U&'\FDD0'), '\', U&'\FDD2');
  END IF;
  RETURN pg_catalog.regexp_replace(result, '("[^"]*")|[ \t\n\r]+', '\1', 'g');
END $$;

-- function: json_plain
-- about: A guarded piece as it was written.
CREATE OR REPLACE FUNCTION @schema@.json_plain(piece text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(piece, U&'\FDD2', '\'), U&'\FDD0', '\"'), U&'\FDD1', '\\') $$;

-- function: json_string
-- about: The text that a guarded string stands for, quotes and all.
CREATE OR REPLACE FUNCTION @schema@.json_string(piece text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  zero int := pg_catalog.strpos(piece, U&'\FDD2' || 'u0000');
BEGIN
  -- SQLite ends the text at a zero character.
  IF zero > 0 THEN RETURN @schema@.json_string(pg_catalog.left(piece, zero - 1) || '"'); END IF;
  IF piece !~ U&'[\FDD0-\FDD2]' THEN RETURN pg_catalog.substr(piece, 2, pg_catalog.length(piece) - 2); END IF;
  RETURN @schema@.json_plain(piece)::jsonb #>> '{}';
END $$;

-- function: json_value
-- about: A guarded piece as SQLite gives it: a number, a text, 1 or 0 for true or false, NULL for null, else its JSON.
CREATE OR REPLACE FUNCTION @schema@.json_value(piece text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE pg_catalog.left(piece, 1)
    WHEN '"' THEN RETURN pg_catalog.to_jsonb(@schema@.json_string(piece));
    WHEN 't' THEN RETURN '1'::jsonb;
    WHEN 'f' THEN RETURN '0'::jsonb;
    WHEN 'n' THEN RETURN NULL;
    WHEN '{', '[' THEN RETURN pg_catalog.to_jsonb(@schema@.json_plain(piece));
    ELSE RETURN @schema@.to_any(@schema@.to_number(piece));
  END CASE;
END $$;

-- function: json_name_of_type
-- about: What json_type() says of a piece.
CREATE OR REPLACE FUNCTION @schema@.json_name_of_type(piece text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE pg_catalog.left(piece, 1) WHEN '"' THEN 'text' WHEN 't' THEN 'true' WHEN 'f' THEN 'false' WHEN 'n' THEN 'null'
    WHEN '{' THEN 'object' WHEN '[' THEN 'array' ELSE
    CASE WHEN piece IS NULL THEN NULL WHEN piece ~ '[.eE]' THEN 'real' ELSE 'integer' END END $$;

-- function: json_pieces
-- about: The elements of an array or the members of an object in their order, with the names as written.
CREATE OR REPLACE FUNCTION @schema@.json_pieces(piece text) RETURNS TABLE (place bigint, name text, content text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.left(piece, 1) = '{' THEN
    RETURN QUERY SELECT e.ordinality, e.key, e.value::text FROM pg_catalog.json_each(piece::json) WITH ORDINALITY AS e;
  ELSIF pg_catalog.left(piece, 1) = '[' THEN
    RETURN QUERY SELECT e.ordinality, NULL::text, e.value::text
      FROM pg_catalog.json_array_elements(piece::json) WITH ORDINALITY AS e;
  END IF;
END $$;

-- function: json_path_error
-- about: Ends with SQLite's error of a path.
CREATE OR REPLACE FUNCTION @schema@.json_path_error(rest text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN RAISE EXCEPTION 'JSON path error near ''%''', rest USING ERRCODE = '22023'; END $$;

-- function: json_step
-- about: The first step of a path: what kind it is, its name or its index from the start, and the rest; NULL when nothing can be there.
CREATE OR REPLACE FUNCTION @schema@.json_step(piece text, path text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := path;
  parts text[];
  count bigint;
  at numeric;
BEGIN
  IF pg_catalog.left(rest, 1) = '.' THEN
    IF pg_catalog.left(piece, 1) <> '{' THEN RETURN NULL; END IF;
    IF pg_catalog.substr(rest, 2, 1) = '"' THEN
      parts := pg_catalog.regexp_match(rest, '^\."([^"]*)"(.*)$');
    ELSE
      parts := pg_catalog.regexp_match(rest, '^\.([^.[]+)(.*)$');
    END IF;
    IF parts IS NULL THEN PERFORM @schema@.json_path_error(pg_catalog.substr(rest, 2)); END IF;
    RETURN ARRAY['.', parts[1], parts[2]];
  ELSIF pg_catalog.left(rest, 1) = '[' THEN
    parts := pg_catalog.regexp_match(rest, '^\[([0-9]+)\](.*)$');
    IF parts IS NULL THEN
      IF pg_catalog.substr(rest, 2, 1) <> '#' THEN PERFORM @schema@.json_path_error(rest); END IF;
      IF pg_catalog.left(piece, 1) <> '[' THEN RETURN NULL; END IF;
      count := pg_catalog.json_array_length(piece::json);
      parts := pg_catalog.regexp_match(rest, '^\[#(?:-([0-9]+))?(.)?(.*)$');
      at := count - coalesce(parts[1], '0')::numeric % 4294967296;
      IF at < 0 THEN RETURN NULL; END IF;
      IF parts[2] IS DISTINCT FROM ']' THEN PERFORM @schema@.json_path_error(rest); END IF;
      RETURN ARRAY['[', at::text, parts[3]];
    END IF;
    IF pg_catalog.left(piece, 1) <> '[' THEN RETURN NULL; END IF;
    RETURN ARRAY['[', (parts[1]::numeric % 4294967296)::text, parts[2]];
  END IF;
  PERFORM @schema@.json_path_error(rest);
  RETURN NULL;
END $$;

-- function: json_child
-- about: The piece that a step leads to; NULL when there is none.
CREATE OR REPLACE FUNCTION @schema@.json_child(piece text, step text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result text;
BEGIN
  IF step[1] = '[' THEN
    IF step[2]::numeric >= pg_catalog.json_array_length(piece::json) THEN RETURN NULL; END IF;
    RETURN (piece::json -> step[2]::int)::text;
  END IF;
  SELECT p.content INTO result FROM @schema@.json_pieces(piece) AS p
    WHERE @schema@.json_plain(p.name) = step[2] ORDER BY p.place LIMIT 1;
  RETURN result;
END $$;

-- function: json_find
-- about: The piece at a path, which starts with $; NULL when there is none.
CREATE OR REPLACE FUNCTION @schema@.json_find(piece text, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  current text := piece;
  rest text := pg_catalog.substr(path, 2);
  step text[];
BEGIN
  IF pg_catalog.left(path, 1) <> '$' THEN PERFORM @schema@.json_path_error(path); END IF;
  WHILE rest <> '' AND current IS NOT NULL LOOP
    step := @schema@.json_step(current, rest);
    IF step IS NULL THEN RETURN NULL; END IF;
    current := @schema@.json_child(current, step);
    rest := step[3];
  END LOOP;
  RETURN current;
END $$;

-- function: json
-- about: SQLite's json(): the document without spaces between its pieces; an error when it is no JSON.
-- difference: A document with one of the noncharacters U+FDD0 to U+FDD2 is an error, as is one nested so deep that Postgres refuses it.
CREATE OR REPLACE FUNCTION @schema@.json(document text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.json_plain(@schema@.json_guarded(document)); END $$;

-- function: json_valid
-- about: SQLite's json_valid(): 1 or 0; NULL of NULL.
-- difference: Of NULL it is NULL, as since SQLite 3.41 or so; older versions say 0.
CREATE OR REPLACE FUNCTION @schema@.json_valid(document text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  left_ text := document;
  before text;
BEGIN
  -- Strings become one character, other atoms a second, and then containers of them that too, from the inside
  -- outward. Neither can stand in JSON outside of a string.
  IF document ~ E'[\x01\x02]' THEN RETURN 0; END IF;
  left_ := pg_catalog.regexp_replace(document, '"(?:[^"\\\x01-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"', E'\x01', 'g');
  IF left_ ~ E'["\x02\x03]' THEN RETURN 0; END IF;
  left_ := pg_catalog.regexp_replace(left_, '-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![0-9.a-zA-Z+-])', E'\x02', 'g');
  IF left_ ~ E'[\x02a-zA-Z0-9][0-9]|\x02\x02' THEN RETURN 0; END IF;
  left_ := pg_catalog.regexp_replace(left_, '(?:true|false|null)(?![a-zA-Z0-9\x01\x02])', E'\x02', 'g');
  IF left_ ~ '[a-zA-Z0-9.+-]' THEN RETURN 0; END IF;
  left_ := pg_catalog.regexp_replace(left_, '([\x01\x02])[ \t\n\r]+(?=[\x01\x02])', '\1?', 'g');
  left_ := pg_catalog.regexp_replace(left_, '[ \t\n\r]+', '', 'g');
  LOOP
    before := left_;
    left_ := pg_catalog.regexp_replace(left_,
      '\[(?:[\x01\x02](?:,[\x01\x02])*)?\]|\{(?:\x01:[\x01\x02](?:,\x01:[\x01\x02])*)?\}', E'\x02', 'g');
    EXIT WHEN left_ = before;
  END LOOP;
  RETURN CASE WHEN left_ IN (E'\x01', E'\x02') THEN 1 ELSE 0 END;
END $$;

-- function: json_extract
-- about: SQLite's json_extract(): the value at a path, or a JSON array of the values at several.
-- difference: A string with half of a surrogate pair is an error, as Postgres has no such text.
CREATE OR REPLACE FUNCTION @schema@.json_extract(document text, path text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.json_value(@schema@.json_find(@schema@.json_guarded(document), path)); END $$;
CREATE OR REPLACE FUNCTION @schema@.json_extract(document text, VARIADIC paths text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  piece text := @schema@.json_guarded(document);
  path text;
  result text := '';
BEGIN
  FOREACH path IN ARRAY paths LOOP
    result := result || ',' || coalesce(@schema@.json_find(piece, path), 'null');
  END LOOP;
  RETURN pg_catalog.to_jsonb('[' || @schema@.json_plain(pg_catalog.substr(result, 2)) || ']');
END $$;

-- function: json_arrow_path
-- about: The path that stands on the right of -> and ->>, where a number or a name will do.
CREATE OR REPLACE FUNCTION @schema@.json_arrow_path(path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN pg_catalog.left(path, 1) = '$' THEN path WHEN path COLLATE "C" ~ '^[0-9]' THEN '$[' || path || ']'
    WHEN pg_catalog.left(path, 1) = '[' THEN '$' || path ELSE '$.' || path END $$;

-- function: json_arrow
-- about: SQLite's ->: the JSON at a path.
CREATE OR REPLACE FUNCTION @schema@.json_arrow(document text, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN @schema@.json_plain(@schema@.json_find(@schema@.json_guarded(document), @schema@.json_arrow_path(path)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.json_arrow(document text, place bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.json_arrow(document, place::text) $$;

-- function: json_arrow_text
-- about: SQLite's ->>: the value at a path.
-- difference: As of json_extract.
CREATE OR REPLACE FUNCTION @schema@.json_arrow_text(document text, path text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN @schema@.json_value(@schema@.json_find(@schema@.json_guarded(document), @schema@.json_arrow_path(path)));
END $$;
CREATE OR REPLACE FUNCTION @schema@.json_arrow_text(document text, place bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.json_arrow_text(document, place::text) $$;

-- function: json_type
-- about: SQLite's json_type(): null, true, false, integer, real, text, array or object.
CREATE OR REPLACE FUNCTION @schema@.json_type(document text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.json_name_of_type(@schema@.json_guarded(document)); END $$;
CREATE OR REPLACE FUNCTION @schema@.json_type(document text, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN @schema@.json_name_of_type(@schema@.json_find(@schema@.json_guarded(document), path)); END $$;

-- function: json_array_length
-- about: SQLite's json_array_length(): 0 of what is no array.
CREATE OR REPLACE FUNCTION @schema@.json_array_length(document text, path text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  piece text := @schema@.json_find(@schema@.json_guarded(document), path);
BEGIN
  RETURN CASE WHEN piece IS NULL THEN NULL WHEN pg_catalog.left(piece, 1) = '[' THEN pg_catalog.json_array_length(piece::json) ELSE 0 END;
END $$;
CREATE OR REPLACE FUNCTION @schema@.json_array_length(document text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.json_array_length(document, '$') $$;

-- function: json_raw
-- about: A JSON text as an argument that is put into other JSON as it is: what json() and its like give to json_array().
CREATE OR REPLACE FUNCTION @schema@.json_raw(document text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN pg_catalog.jsonb_build_object('j', document); END $$;

-- function: json_escaped
-- about: A text as a JSON string.
CREATE OR REPLACE FUNCTION @schema@.json_escaped(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN pg_catalog.to_json(value)::text; END $$;

-- function: json_quote
-- about: SQLite's json_quote(): a value as JSON; a blob is an error.
CREATE OR REPLACE FUNCTION @schema@.json_quote(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF value IS NULL THEN RETURN 'null'; END IF;
  IF pg_catalog.jsonb_typeof(value) = 'object' AND value ? 'j' THEN RETURN value ->> 'j'; END IF;
  CASE @schema@.type_of(value)
    WHEN 'text' THEN RETURN @schema@.json_escaped(@schema@.to_text(value));
    WHEN 'blob' THEN RAISE EXCEPTION 'JSON cannot hold BLOB values' USING ERRCODE = '22023';
    ELSE RETURN @schema@.to_text(value);
  END CASE;
END $$;

-- function: json_array
-- about: SQLite's json_array().
CREATE OR REPLACE FUNCTION @schema@.json_array(VARIADIC arguments jsonb[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  argument jsonb;
  result text := '';
BEGIN
  FOREACH argument IN ARRAY arguments LOOP
    result := result || ',' || @schema@.json_quote(argument);
  END LOOP;
  RETURN '[' || pg_catalog.substr(result, 2) || ']';
END $$;

-- function: json_object
-- about: SQLite's json_object(): the names must be texts.
CREATE OR REPLACE FUNCTION @schema@.json_object(VARIADIC arguments jsonb[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result text := '';
BEGIN
  IF coalesce(pg_catalog.array_length(arguments, 1), 0) % 2 = 1 THEN
    RAISE EXCEPTION 'json_object() requires an even number of arguments' USING ERRCODE = '22023';
  END IF;
  FOR at IN 1 .. coalesce(pg_catalog.array_length(arguments, 1), 0) / 2 LOOP
    IF @schema@.type_of(arguments[2 * at - 1]) <> 'text' THEN
      RAISE EXCEPTION 'json_object() labels must be TEXT' USING ERRCODE = '22023';
    END IF;
    result := result || ',' || @schema@.json_escaped(@schema@.to_text(arguments[2 * at - 1])) || ':'
      || @schema@.json_quote(arguments[2 * at]);
  END LOOP;
  RETURN '{' || pg_catalog.substr(result, 2) || '}';
END $$;

-- function: json_edited
-- about: A piece in which the value at a path is put, taken away when it is NULL: mode is insert, replace, set or remove.
CREATE OR REPLACE FUNCTION @schema@.json_edited(piece text, path text, value text, mode text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  step text[];
  child text;
  edited text;
  target bigint;
  result text;
BEGIN
  IF path = '' THEN RETURN CASE WHEN mode = 'insert' THEN piece ELSE value END; END IF;
  step := @schema@.json_step(piece, path);
  IF step IS NULL THEN RETURN piece; END IF;
  child := @schema@.json_child(piece, step);
  IF child IS NULL THEN
    IF mode IN ('replace', 'remove')
      OR step[1] = '[' AND step[2]::numeric <> pg_catalog.json_array_length(piece::json)
    THEN RETURN piece;
    END IF;
    -- What is missing on the way is made, when it can be made.
    edited := CASE WHEN step[3] = '' THEN value WHEN pg_catalog.left(step[3], 1) = '.' THEN
      @schema@.json_edited('{}', step[3], value, mode) WHEN pg_catalog.left(step[3], 3) = '[0]' THEN
      @schema@.json_edited('[]', step[3], value, mode) END;
    IF edited IS NULL OR edited IN ('{}', '[]') AND step[3] <> '' THEN RETURN piece; END IF;
    result := CASE WHEN step[1] = '.' THEN @schema@.json_guarded(@schema@.json_escaped(step[2])) || ':' ELSE '' END || edited;
    RETURN pg_catalog.left(piece, -1) || CASE WHEN pg_catalog.length(piece) > 2 THEN ',' ELSE '' END || result || pg_catalog.right(piece, 1);
  END IF;
  edited := @schema@.json_edited(child, step[3], value, mode);
  SELECT pg_catalog.min(p.place) INTO target FROM @schema@.json_pieces(piece) AS p
    WHERE CASE WHEN step[1] = '[' THEN p.place = step[2]::numeric + 1 ELSE @schema@.json_plain(p.name) = step[2] END;
  SELECT pg_catalog.string_agg(coalesce('"' || p.name || '":', '') ||
      CASE WHEN p.place = target THEN edited ELSE p.content END, ',' ORDER BY p.place)
    INTO result FROM @schema@.json_pieces(piece) AS p WHERE p.place <> target OR edited IS NOT NULL;
  RETURN pg_catalog.left(piece, 1) || coalesce(result, '') || pg_catalog.right(piece, 1);
END $$;

-- function: json_change
-- about: A document after the edits of json_insert(), json_replace() or json_set().
CREATE OR REPLACE FUNCTION @schema@.json_change(document text, arguments jsonb[], mode text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  piece text := @schema@.json_guarded(document);
  path text;
BEGIN
  IF document IS NULL THEN RETURN NULL; END IF;
  IF coalesce(pg_catalog.array_length(arguments, 1), 0) % 2 = 1 THEN
    RAISE EXCEPTION 'json_%() needs an odd number of arguments', mode USING ERRCODE = '22023';
  END IF;
  FOR at IN 1 .. coalesce(pg_catalog.array_length(arguments, 1), 0) / 2 LOOP
    path := @schema@.to_text(arguments[2 * at - 1]);
    CONTINUE WHEN path IS NULL;
    IF pg_catalog.left(path, 1) <> '$' THEN PERFORM @schema@.json_path_error(path); END IF;
    piece := @schema@.json_edited(piece, pg_catalog.substr(path, 2),
      @schema@.json_guarded(@schema@.json_quote(arguments[2 * at])), mode);
  END LOOP;
  RETURN @schema@.json_plain(piece);
END $$;

-- function: json_insert
-- about: SQLite's json_insert(): pairs of a path and a value.
-- difference: Edits are made one after the other, as SQLite does since 3.45; older versions pass over those inside of a value that an earlier pair has put. In place of the whole document ($) the value comes back as JSON text.
CREATE OR REPLACE FUNCTION @schema@.json_insert(document text, VARIADIC arguments jsonb[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.json_change(document, arguments, 'insert') $$;

-- function: json_replace
-- about: SQLite's json_replace(): pairs of a path and a value.
-- difference: Edits are made one after the other, as SQLite does since 3.45; older versions pass over those inside of a value that an earlier pair has put. In place of the whole document ($) the value comes back as JSON text.
CREATE OR REPLACE FUNCTION @schema@.json_replace(document text, VARIADIC arguments jsonb[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.json_change(document, arguments, 'replace') $$;

-- function: json_set
-- about: SQLite's json_set(): pairs of a path and a value.
-- difference: Edits are made one after the other, as SQLite does since 3.45; older versions pass over those inside of a value that an earlier pair has put. In place of the whole document ($) the value comes back as JSON text.
CREATE OR REPLACE FUNCTION @schema@.json_set(document text, VARIADIC arguments jsonb[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT @schema@.json_change(document, arguments, 'set') $$;

-- function: json_remove
-- about: SQLite's json_remove(): the document without what stands at the paths.
CREATE OR REPLACE FUNCTION @schema@.json_remove(document text, VARIADIC paths text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  piece text := @schema@.json_guarded(document);
  path text;
  is_gone boolean := false;
BEGIN
  FOREACH path IN ARRAY coalesce(paths, '{}') LOOP
    IF path IS NULL OR document IS NULL THEN RETURN NULL; END IF;
    IF pg_catalog.left(path, 1) <> '$' THEN PERFORM @schema@.json_path_error(path); END IF;
    IF path = '$' OR is_gone THEN
      -- The other paths are still read.
      PERFORM @schema@.json_find(piece, path);
      is_gone := true;
      CONTINUE;
    END IF;
    piece := @schema@.json_edited(piece, pg_catalog.substr(path, 2), NULL, 'remove');
  END LOOP;
  RETURN CASE WHEN NOT is_gone THEN @schema@.json_plain(piece) END;
END $$;

-- function: json_merged
-- about: A piece after a merge patch of RFC 7396.
CREATE OR REPLACE FUNCTION @schema@.json_merged(piece text, patch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  names text[] := '{}';
  contents text[] := '{}';
  member record;
  found int;
  result text := '';
BEGIN
  IF pg_catalog.left(patch, 1) <> '{' THEN RETURN patch; END IF;
  IF pg_catalog.left(piece, 1) = '{' THEN
    SELECT coalesce(pg_catalog.array_agg(p.name ORDER BY p.place), '{}'), coalesce(pg_catalog.array_agg(p.content ORDER BY p.place), '{}')
      INTO names, contents FROM @schema@.json_pieces(piece) AS p;
  END IF;
  FOR member IN SELECT p.name, p.content FROM @schema@.json_pieces(patch) AS p ORDER BY p.place LOOP
    found := pg_catalog.array_position(names, member.name);
    IF found IS NOT NULL THEN
      contents[found] := CASE WHEN member.content = 'null' THEN NULL
        ELSE @schema@.json_merged(coalesce(contents[found], 'null'), member.content) END;
    ELSIF member.content <> 'null' THEN
      names := names || member.name;
      contents := contents || @schema@.json_merged('null', member.content);
    END IF;
  END LOOP;
  FOR at IN 1 .. coalesce(pg_catalog.array_length(names, 1), 0) LOOP
    IF contents[at] IS NOT NULL THEN result := result || ',"' || names[at] || '":' || contents[at]; END IF;
  END LOOP;
  RETURN '{' || pg_catalog.substr(result, 2) || '}';
END $$;

-- function: json_patch
-- about: SQLite's json_patch(): a merge patch of RFC 7396.
-- difference: Where a name stands twice in one object the result may differ.
CREATE OR REPLACE FUNCTION @schema@.json_patch(document text, patch text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN @schema@.json_plain(@schema@.json_merged(@schema@.json_guarded(document), @schema@.json_guarded(patch)));
END $$;

-- function: json_path_name
-- about: A name as a step of a path: in quotes unless it is a letter with letters and digits.
CREATE OR REPLACE FUNCTION @schema@.json_path_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN name COLLATE "C" ~ '^[A-Za-z][A-Za-z0-9]*$' THEN '.' || name
    ELSE '."' || @schema@.json_plain(name) || '"' END $$;

-- function: json_size
-- about: How many nodes SQLite's parser makes of a piece: one for each value and each name.
CREATE OR REPLACE FUNCTION @schema@.json_size(piece text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF pg_catalog.left(piece, 1) NOT IN ('{', '[') THEN RETURN 1; END IF;
  RETURN 1 + coalesce((SELECT pg_catalog.sum(@schema@.json_size(p.content) + CASE WHEN p.name IS NULL THEN 0 ELSE 1 END)
    FROM @schema@.json_pieces(piece) AS p), 0);
END $$;

-- function: json_rows
-- about: The pieces of a piece as rows of json_each() or, with all below them, of json_tree().
CREATE OR REPLACE FUNCTION @schema@.json_rows(piece text, first bigint, full_path text, is_tree boolean)
RETURNS TABLE (key jsonb, value jsonb, type text, atom jsonb, id bigint, parent bigint, fullkey text, path text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  member record;
  next_ bigint := first + 1;
BEGIN
  FOR member IN SELECT p.place, p.name, p.content FROM @schema@.json_pieces(piece) AS p ORDER BY p.place LOOP
    IF member.name IS NOT NULL THEN next_ := next_ + 1; END IF;
    key := CASE WHEN member.name IS NULL THEN @schema@.to_any(member.place - 1)
      ELSE pg_catalog.to_jsonb(@schema@.json_string('"' || member.name || '"')) END;
    value := @schema@.json_value(member.content);
    type := @schema@.json_name_of_type(member.content);
    atom := CASE WHEN type IN ('array', 'object') THEN NULL ELSE value END;
    id := next_;
    parent := CASE WHEN is_tree THEN first END;
    path := full_path;
    fullkey := full_path || CASE WHEN member.name IS NULL THEN '[' || (member.place - 1) || ']'
      ELSE @schema@.json_path_name(member.name) END;
    RETURN NEXT;
    IF is_tree AND type IN ('array', 'object') THEN
      RETURN QUERY SELECT * FROM @schema@.json_rows(member.content, next_, fullkey, true);
    END IF;
    next_ := next_ + @schema@.json_size(member.content);
  END LOOP;
END $$;

-- function: json_start
-- about: The number of the node at a path, as SQLite's parser numbers them.
CREATE OR REPLACE FUNCTION @schema@.json_start(piece text, path text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  current text := piece;
  rest text := pg_catalog.substr(path, 2);
  step text[];
  result bigint := 0;
  target bigint;
BEGIN
  WHILE rest <> '' LOOP
    step := @schema@.json_step(current, rest);
    SELECT pg_catalog.min(p.place) INTO target FROM @schema@.json_pieces(current) AS p
      WHERE CASE WHEN step[1] = '[' THEN p.place = step[2]::numeric + 1 ELSE @schema@.json_plain(p.name) = step[2] END;
    result := result + 1 + CASE WHEN step[1] = '.' THEN 1 ELSE 0 END + coalesce((
      SELECT pg_catalog.sum(@schema@.json_size(p.content) + CASE WHEN p.name IS NULL THEN 0 ELSE 1 END)
      FROM @schema@.json_pieces(current) AS p WHERE p.place < target), 0);
    current := @schema@.json_child(current, step);
    rest := step[3];
  END LOOP;
  RETURN result;
END $$;

-- function: json_each
-- about: SQLite's json_each(): a row for each element or member.
CREATE OR REPLACE FUNCTION @schema@.json_each(document text, root text DEFAULT '$')
RETURNS TABLE (key jsonb, value jsonb, type text, atom jsonb, id bigint, parent bigint, fullkey text, path text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  guarded text := @schema@.json_guarded(document);
  piece text := @schema@.json_find(guarded, root);
BEGIN
  IF piece IS NULL THEN RETURN; END IF;
  IF pg_catalog.left(piece, 1) IN ('{', '[') THEN
    RETURN QUERY SELECT * FROM @schema@.json_rows(piece, @schema@.json_start(guarded, root), root, false);
  ELSE
    value := @schema@.json_value(piece);
    type := @schema@.json_name_of_type(piece);
    atom := value;
    id := @schema@.json_start(guarded, root);
    fullkey := root;
    path := root;
    RETURN NEXT;
  END IF;
END $$;

-- function: json_tree
-- about: SQLite's json_tree(): a row for the piece and for each piece below it.
-- difference: With a path, the columns key, parent and path of its first row are those of a whole document, and fullkey starts with the path as it was written.
CREATE OR REPLACE FUNCTION @schema@.json_tree(document text, root text DEFAULT '$')
RETURNS TABLE (key jsonb, value jsonb, type text, atom jsonb, id bigint, parent bigint, fullkey text, path text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  guarded text := @schema@.json_guarded(document);
  piece text := @schema@.json_find(guarded, root);
BEGIN
  IF piece IS NULL THEN RETURN; END IF;
  value := @schema@.json_value(piece);
  type := @schema@.json_name_of_type(piece);
  atom := CASE WHEN type IN ('array', 'object') THEN NULL ELSE value END;
  id := @schema@.json_start(guarded, root);
  fullkey := root;
  path := root;
  RETURN NEXT;
  RETURN QUERY SELECT * FROM @schema@.json_rows(piece, id, root, true);
END $$;

-- function: json_array_step
-- about: One step of json_group_array().
CREATE OR REPLACE FUNCTION @schema@.json_array_step(state text, value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN state IS NULL THEN '[' ELSE state || ',' END || @schema@.json_quote(value) $$;

-- function: json_array_result
-- about: The end of json_group_array().
CREATE OR REPLACE FUNCTION @schema@.json_array_result(state text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(state, '[') || ']' $$;

-- function: json_group_array
-- about: SQLite's json_group_array(): NULL counts too.
-- difference: SQLite takes the rows in the order in which it happens to read them; state an order inside the call.
-- returns: text
CREATE OR REPLACE AGGREGATE @schema@.json_group_array(value jsonb) (
  SFUNC = @schema@.json_array_step, STYPE = text, FINALFUNC = @schema@.json_array_result, PARALLEL = SAFE
);

-- function: json_object_step
-- about: One step of json_group_object().
CREATE OR REPLACE FUNCTION @schema@.json_object_step(state text, name text, value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN state IS NULL THEN '{' ELSE state || ',' END || coalesce(@schema@.json_escaped(name), '""')
    || ':' || @schema@.json_quote(value) $$;

-- function: json_object_result
-- about: The end of json_group_object().
CREATE OR REPLACE FUNCTION @schema@.json_object_result(state text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(state, '{') || '}' $$;

-- function: json_group_object
-- about: SQLite's json_group_object().
-- difference: SQLite takes the rows in the order in which it happens to read them; state an order inside the call.
-- returns: text
CREATE OR REPLACE AGGREGATE @schema@.json_group_object(name text, value jsonb) (
  SFUNC = @schema@.json_object_step, STYPE = text, FINALFUNC = @schema@.json_object_result, PARALLEL = SAFE
);
