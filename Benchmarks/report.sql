-- The table that `make bench` prints, from metric (round, contender, name, value).

-- Ratios are taken within a round: what disturbed the round disturbed both sides.
CREATE TEMP VIEW span AS
SELECT round, iif(name = 'wall', contender, 'moved') AS what, sum(value) AS seconds
FROM metric
WHERE name = 'wall' OR contender = 'outgrow' AND name IN ('phase create', 'phase copy', 'phase finish')
GROUP BY 1, 2;

CREATE TEMP TABLE goal (place INTEGER PRIMARY KEY, label TEXT, above TEXT, below TEXT, wanted TEXT);
INSERT INTO goal (label, above, below, wanted) VALUES
    ('copy + finish ÷ floor', 'moved', 'floor', 'at most 1.3'),
    ('outgrow migrate ÷ floor', 'outgrow', 'floor', 'at most 2'),
    ('pgloader ÷ outgrow migrate', 'pgloader', 'outgrow', 'at least 2.5');

INSERT INTO metric (round, contender, name, value)
SELECT one.round, 'ratio', label, one.seconds / other.seconds
FROM goal
JOIN span AS one ON one.what = above
JOIN span AS other ON other.what = below AND other.round = one.round;

CREATE TEMP VIEW summary AS
SELECT contender, name, count(*) AS rounds, min(value) AS low, max(value) AS high,
    avg(CASE WHEN place IN ((total + 1) / 2, (total + 2) / 2) THEN value END) AS median
FROM (
    SELECT *, row_number() OVER (PARTITION BY contender, name ORDER BY value) AS place,
        count(*) OVER (PARTITION BY contender, name) AS total
    FROM metric
)
GROUP BY contender, name;

CREATE TEMP TABLE line (place INTEGER PRIMARY KEY, contender TEXT, label TEXT);
INSERT INTO line (contender, label) VALUES
    ('scan', 'SQLite scan'), ('floor', 'floor'), ('outgrow', 'outgrow migrate'), ('pgloader', 'pgloader');

SELECT printf('%-24s%16s%22s%10s', '', 'wall, s', 'CPU, s (median)', 'peak');
SELECT printf('%-24s%8s%8s%11s%11s%10s', '', 'least', 'median', 'client', 'server', 'MB');
SELECT text FROM (
    SELECT line.place, 0 AS phase, printf('%-24s%8.2f%8.2f%11.2f%11.2f%10.0f', label, wall.low, wall.median,
        client.median, server.median, peak.median) AS text
    FROM line
    JOIN summary AS wall ON wall.contender = line.contender AND wall.name = 'wall'
    JOIN summary AS client ON client.contender = line.contender AND client.name = 'client'
    JOIN summary AS server ON server.contender = line.contender AND server.name = 'server'
    JOIN summary AS peak ON peak.contender = line.contender AND peak.name = 'peak'
    UNION ALL
    SELECT line.place, min(metric.rowid), printf('  %-22s%8.2f%8.2f', substr(summary.name, 7), low, median)
    FROM line JOIN summary USING (contender) JOIN metric USING (contender, name)
    WHERE summary.name LIKE 'phase %'
    GROUP BY line.place, summary.name
)
ORDER BY place, phase;

SELECT '';
SELECT printf('%-28s%8s%18s%20s', 'ratio', 'median', 'least to most', 'wanted');
SELECT printf('%-!28s%8.2f%18s%20s', label, median, printf('%.2f to %.2f', low, high), wanted)
FROM goal JOIN summary ON contender = 'ratio' AND name = label
ORDER BY place;
