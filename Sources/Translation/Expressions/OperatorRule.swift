/// What is said of one operator, literal, aggregate or window function: a row of the reference page.
///
/// The translation itself is code; the example of every row is translated when the page is made and run in
/// both engines by the tests.
struct OperatorRule: Sendable {
    let syntax: String
    /// nil where nothing is translated.
    let example: String?
    let equality: Equality

    enum Equality: Sendable, Hashable {
        case exact
        case differs(String)
        case refused(String)
    }

    init(_ syntax: String, _ example: String?, _ equality: Equality = .exact) {
        self.syntax = syntax
        self.example = example
        self.equality = equality
    }

    static let operators: [OperatorRule] = [
        .init("`+` `-` `*` of integers", "i + k * 2", overflow),
        .init("`+` `-` `*` with a real", "r * i"),
        .init("… with NUMERIC columns", "n * 2"),
        .init("… with text", "t + 1"),
        .init("`/` of integers", "i / k"),
        .init("`/` with a real", "r / 2"),
        .init("`/` with NUMERIC columns", "n / 2"),
        .init("`%`", "i % k"),
        .init("`%` with a real", "r % 2"),
        .init("unary `-`, `+`, `~`", "~i"),
        .init("`&` `|`", "i & 3"),
        .init("`<<` `>>`", "i << 70"),
        .init("… by a column", "i << k"),
        .init("`||`", "t || i"),
        .init("… of reals", "r || 'x'"),
        .init("`=` `<>` `<` `<=` `>` `>=` in one class", "i >= r"),
        .init("… of text", "t < u"),
        .init("… with a number as text", "i = '7'"),
        .init("… of a TEXT and an INTEGER column", "t = i"),
        .init("… across classes", "i < 'x'"),
        .init("`COLLATE NOCASE`", "t = 'ABC' COLLATE NOCASE"),
        .init("`COLLATE RTRIM`", "t = 'x' COLLATE RTRIM"),
        .init("`COLLATE` with a collation of the application", nil, .refused("Postgres does not know it")),
        .init("`IS`, `IS NOT`, `IS [NOT] DISTINCT FROM`", "i IS k"),
        .init("`IS TRUE`, `IS FALSE`", "i IS TRUE"),
        .init("`ISNULL`, `NOTNULL`, `IS NULL`", "i NOTNULL"),
        .init("`BETWEEN`", "i BETWEEN 1 AND 5"),
        .init("`IN (…)`", "i IN (1, '2', 3)"),
        .init("`AND`, `OR`, `NOT`", "i AND NOT k"),
        .init("… of text", "t OR i"),
        .init("`LIKE` with a constant pattern", "t LIKE 'a%'", blobs),
        .init("`LIKE` with any pattern", "t LIKE u", blobs),
        .init("`GLOB` with a constant pattern", "t GLOB '[a-c]*'", blobs),
        .init("`GLOB` with any pattern", "t GLOB u", blobs),
        .init("`REGEXP`", nil, .refused("it is the application's own function")),
        .init(
            "`MATCH`", nil,
            .refused("it searches a full-text table, which Postgres does by `tsvector @@ tsquery`")),
        .init("`CASE`", "CASE i WHEN 1 THEN 'one' ELSE 'more' END"),
        .init("… with branches of several classes", "CASE WHEN i > 1 THEN i ELSE t END"),
        .init("`CAST` to INTEGER", "CAST(t AS INTEGER)"),
        .init("`CAST` to REAL", "CAST(t AS REAL)"),
        .init("`CAST` to NUMERIC", "CAST(t AS NUMERIC)"),
        .init(
            "`CAST` to TEXT", "CAST(r AS TEXT)",
            .differs("a blob in a column is reported: Postgres has no text for every blob")),
        .init("`CAST` to BLOB", "CAST(t AS BLOB)"),
        .init("`->`", "t -> '$.a'"),
        .init("`->>`", "t ->> 'a'"),
        .init("row values", "(i, t) < (2, 'b')"),
        .init("`TRUE`, `FALSE`", "i = TRUE"),
        .init("`\"x\"` that names no column", "t = \"x\""),
        .init("`CURRENT_DATE`, `CURRENT_TIME`, `CURRENT_TIMESTAMP`", "CURRENT_TIMESTAMP", statement),
        .init("`?`, `:name`", nil, .refused("the value is not known")),
    ]

    static let aggregates: [OperatorRule] = [
        .init("`count(*)`, `count(x)`, `count(DISTINCT x)`", "count(DISTINCT t)"),
        .init("`sum(x)`", "sum(i)", sums),
        .init("… of NUMERIC columns", "sum(n)", sums),
        .init("`total(x)`", "total(i)", sums),
        .init("`avg(x)`", "avg(i)", sums),
        .init("`min(x)`, `max(x)`", "max(t)"),
        .init("… under a collation", "max(u)"),
        .init("`group_concat(x)`", "group_concat(t, '-')", order),
        .init("`group_concat(DISTINCT x)`", "group_concat(DISTINCT t)", order),
        .init("`json_group_array(x)`", "json_group_array(i)", order),
        .init("`json_group_object(k, x)`", "json_group_object(t, i)", order),
        .init("`FILTER (WHERE …)`", "count(*) FILTER (WHERE i)"),
    ]

    static let windows: [OperatorRule] = [
        .init("`row_number()`", "row_number() OVER (ORDER BY i)"),
        .init("`rank()`, `dense_rank()`", "rank() OVER (PARTITION BY k ORDER BY t)"),
        .init("`percent_rank()`, `cume_dist()`", "percent_rank() OVER (ORDER BY i)"),
        .init("`ntile(n)`", "ntile(3) OVER (ORDER BY i)"),
        .init("`lag(x)`, `lead(x)`", "lag(i, 1, 0) OVER (ORDER BY i)"),
        .init("`first_value(x)`, `last_value(x)`, `nth_value(x, n)`", "first_value(t) OVER (ORDER BY i)"),
        .init(
            "aggregates `OVER`", "sum(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)", frames),
        .init(
            "`RANGE` with a number", "sum(i) OVER (ORDER BY i RANGE BETWEEN 2 PRECEDING AND CURRENT ROW)",
            frames),
        .init("`GROUPS`, `EXCLUDE`", "count(*) OVER (ORDER BY i GROUPS 1 PRECEDING EXCLUDE TIES)"),
    ]

    private static let overflow = Equality.differs(
        "where the present values could not overflow but later ones do, Postgres ends with an error and SQLite goes on with a REAL"
    )
    private static let blobs = Equality.differs("with a blob it is reported: SQLite's own builds differ")
    private static let statement = Equality.differs("the time is that of the statement's start")
    private static let sums = Equality.differs(
        "reals are added in the order in which Postgres reads the rows")
    private static let order = Equality.differs("the rows are taken by rowid where no order is stated")
    private static let frames = Equality.differs(
        "a frame without a row of the one before adds reals anew, so last bits may differ")
}
