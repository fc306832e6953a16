-- What the floor has to do, read from a finished migration: lines of kind, table, statement.
-- psql variables: folder (where the server keeps the rows' files), jobs.
\pset fieldsep '\t'
SET search_path = pg_catalog;

-- The session settings of a migration's workers. Two workers that build two indexes keep two cores busy: parallel
-- workers inside one build were slower here, for the floor as for the tool.
SELECT 'session', format('SET %I = %L;', name, value)
FROM (VALUES
    (1, 'default_toast_compression', 'lz4'), (2, 'synchronous_commit', 'off'),
    (3, 'maintenance_work_mem', '256MB'), (4, 'max_parallel_maintenance_workers', '0')
) AS wanted (place, name, value)
JOIN pg_settings USING (name)
WHERE enumvals IS NULL OR value = ANY (enumvals)
ORDER BY place;

CREATE TEMP TABLE loaded AS
SELECT oid, relname AS name, format('public.%I', relname) AS quoted, pg_table_size(oid) AS bytes,
    ceil(pg_table_size(oid) / (32 * 1024 * 1024.0))::bigint AS parts
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r';

-- Files of 32 MB by ranges of the key, as a migration splits its tables. A table without
-- a key called id is one file.
CREATE FUNCTION pg_temp.limits(wanted regclass, OUT low bigint, OUT high bigint) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT min(id), max(id) FROM %s', wanted) INTO low, high;
EXCEPTION WHEN undefined_column OR datatype_mismatch THEN NULL;
END $$;
CREATE TEMP TABLE part AS
SELECT loaded.*, number, coalesce(low + (high - low + 1) * (number - 1) / parts, 0) AS first,
    coalesce(low + (high - low + 1) * number / parts - 1, 0) AS last,
    CASE WHEN low IS NULL THEN 1 ELSE parts END AS count, format('%s/%s.%s', :'folder', oid, number) AS file
FROM loaded, LATERAL pg_temp.limits(oid), LATERAL generate_series(1, parts) AS number
WHERE number = 1 OR low IS NOT NULL;

SELECT 'export', CASE
    WHEN count = 1 THEN format('COPY %s TO %L (FORMAT binary);', quoted, file)
    ELSE format('COPY (SELECT * FROM %s WHERE id BETWEEN %s AND %s ORDER BY id) TO %L (FORMAT binary);',
        quoted, first, last, file)
    END
FROM part;

-- The steps, largest first within their kind.
SELECT 'copy', name, format('COPY %s FROM %L (FORMAT binary)', quoted, file)
FROM part
ORDER BY bytes DESC, number;

-- What ANALYZE costs grows with the columns, not with the rows beyond its sample. It locks out
-- index builds of its table, so it comes before them, and not last, where it would run alone.
SELECT 'analyze', name, format('ANALYZE %s', quoted)
FROM loaded JOIN pg_class USING (oid)
ORDER BY relnatts * least(reltuples, 30000) DESC;

SELECT 'index', name, pg_get_indexdef(indexrelid)
FROM pg_index JOIN loaded ON loaded.oid = indrelid
ORDER BY pg_relation_size(indexrelid) DESC;

SELECT 'constrain', name, format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', quoted, conname,
    CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname)
FROM pg_constraint JOIN loaded ON loaded.oid = conrelid
WHERE contype IN ('p', 'u');

SELECT 'foreign', name,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', quoted, conname, pg_get_constraintdef(c.oid))
FROM pg_constraint AS c JOIN loaded ON loaded.oid = conrelid
WHERE contype = 'f'
ORDER BY bytes DESC;
