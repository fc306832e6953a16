extension PortabilityRule {
    /// Every rule; `PortabilityTests` runs an example of each on both engines and sees them differ.
    static let all = parameters + schemas + writing + dates + texts + json + expressions + statements

    private static let parameters = [
        PortabilityRule(
            "? and :name placeholders", Pattern.words("?", "?| *", "?& *", ": *", "@ *"),
            "Postgres reads $1 alone as a placeholder.", fix: "Interpolate the value: \\(value)."),
        PortabilityRule(
            "[name] and `name`", Pattern.words("[", "`"), "Postgres quotes names by double quotes alone.",
            fix: "Write \"name\" or \\(identifier: name)."),
        PortabilityRule(
            "ANY(array)", Pattern.functions("any"), "SQLite has no arrays.", fix: "Write IN \\(list: values)."
        ),
        PortabilityRule(
            "x'…', E'…' and B'…'",
            [
                .test { tokens in
                    zip(tokens, tokens.dropFirst()).contains { word, string in
                        string == .string && ["x", "e", "b", "n"].contains { word.is($0) }
                    }
                }
            ],
            "A string with a letter in front means bytes on one engine and something else, or nothing, on the other.",
            fix: "Interpolate the value: \\(bytes)."),
        PortabilityRule(
            "$$ strings", Pattern.words("$"), "SQLite has no dollar quotes.",
            fix: "Write '…' with quotes doubled."),
    ]

    private static let writing = [
        PortabilityRule(
            "INSERT OR …, UPDATE OR …, REPLACE INTO", Pattern.words("insert or", "update or", "replace into"),
            "Postgres does not have it; and REPLACE deletes the row that is in the way, with all that hangs on it.",
            fix: "Write ON CONFLICT (column) DO UPDATE SET … or DO NOTHING, or use SQL.upsert."),
        PortabilityRule(
            "ON CONFLICT DO UPDATE", Pattern.words("on conflict do update"),
            "Postgres must be told which columns conflict.", fix: "Write ON CONFLICT (column) DO UPDATE."),
        PortabilityRule(
            "INSERT … SELECT … ON CONFLICT without WHERE", [.test(hasUpsertWithoutWhere)],
            "SQLite takes ON for the condition of a join.", fix: "Write WHERE TRUE in front of ON CONFLICT."),
        PortabilityRule(
            "ON CONSTRAINT", Pattern.words("conflict on constraint"),
            "SQLite does not know constraints by name.",
            fix: "Write ON CONFLICT (column)."),
        PortabilityRule(
            "last_insert_rowid(), changes()",
            Pattern.functions(
                "last_insert_rowid", "changes", "total_changes", "lastval", "currval", "nextval"),
            "The other engine does not have it.",
            fix: "Write RETURNING id; execute(_:) returns the number of changed rows."),
        PortabilityRule(
            "rowid, ctid", Pattern.words("rowid", "_rowid_", "ctid", "xmin"),
            "A row has no such column on the other engine.",
            fix: "Declare a primary key and name it."),
        PortabilityRule(
            "FOR UPDATE", Pattern.words("for update", "for share", "for no key", "skip locked"),
            "SQLite has no row locks.",
            fix: "Write \\(SQL.forUpdate) or \\(SQL.forUpdateSkippingLocked)."),
        PortabilityRule(
            "UPDATE … FROM ONLY, DELETE … USING, MERGE",
            [.test { tokens in (tokens.first?.is("delete") ?? false) && tokens.contains { $0.is("using") } }]
                + Pattern.statements("merge"), "SQLite does not have it.", fix: "Write WHERE … IN (SELECT …)."
        ),
    ]

    private static let dates = [
        PortabilityRule(
            "now(), CURRENT_TIMESTAMP",
            Pattern.functions("now", "statement_timestamp", "clock_timestamp", "transaction_timestamp")
                + Pattern.words(
                    "current_timestamp", "current_date", "current_time", "localtimestamp", "localtime"),
            "The engines differ in its form, in its zone, and in whether it stands still within a transaction.",
            fix: "Write \\(SQL.now), or interpolate a Date."),
        PortabilityRule(
            "datetime(), strftime(), date()",
            Pattern.functions("datetime", "strftime", "julianday", "unixepoch", "date", "time", "timediff"),
            "Postgres does not have it.",
            fix: "Use SQL.now, SQL.adding(seconds:to:), SQL.start(of:in:) or SQL.part(_:of:)."),
        PortabilityRule(
            "interval, extract(), date_trunc()",
            Pattern.functions(
                "extract", "date_trunc", "date_part", "to_char", "to_timestamp", "age", "make_interval",
                "date_bin")
                + [
                    .test { tokens in
                        zip(tokens, tokens.dropFirst()).contains { $0.is("interval") && $1 == .string }
                    }
                ], "SQLite does not have it.",
            fix: "Use SQL.adding(seconds:to:), SQL.start(of:in:) or SQL.part(_:of:)."),
    ]

    private static let texts = [
        PortabilityRule(
            "LIKE", Pattern.words("like", "ilike"),
            "SQLite's LIKE ignores the case of A to Z and has no escape sign; Postgres' does neither.",
            fix: "Use SQL.like, SQL.contains or SQL.hasPrefix."),
        PortabilityRule(
            "GLOB, MATCH, REGEXP, SIMILAR TO, ~",
            Pattern.words("glob", "regexp", "similar to", "~*", "!~", "!~*")
                + [
                    .test { tokens in
                        zip(tokens, tokens.dropFirst()).contains {
                            $0.endsExpression && ($1.is("~") || $1.is("match"))
                        }
                    }
                ], "Only one of the engines has it.",
            fix: "Use SQL.like, or write each engine's form by \\(sqlite:postgres:)."),
        PortabilityRule(
            "COLLATE", Pattern.words("collate"), "The engines have no collation of the same name.",
            fix: "Use SQL.byteOrder or SQL.foldingCase."),
        PortabilityRule(
            "group_concat(), string_agg()", Pattern.functions("group_concat", "string_agg", "array_agg"),
            "Only one of the engines has it.", fix: "Use SQL.joined(_:separator:)."),
        PortabilityRule(
            "instr(), strpos(), position()", Pattern.functions("instr", "strpos", "position", "charindex"),
            "Only one of the engines has it.", fix: "Use SQL.position(of:in:)."),
        PortabilityRule(
            "substr() from the end",
            [
                .test { tokens in
                    tokens.indices.contains { start in
                        guard tokens[start].is("substr") || tokens[start].is("substring"),
                            start + 1 < tokens.count
                        else {
                            return false
                        }
                        return arguments(of: tokens, at: start + 1).dropFirst().first?.first?.is("-") ?? false
                    }
                }
            ], "A negative start counts from the end on SQLite, and in front of the text on Postgres.",
            fix: "Write substr(text, length(text) - n + 1)."),
        PortabilityRule(
            "printf(), format(), concat(), left(), quote(), hex(), encode()",
            Pattern.functions(
                "printf", "format", "concat", "concat_ws", "left", "right", "quote", "quote_literal", "hex",
                "unhex", "encode",
                "decode", "char", "chr", "unicode", "ascii", "lpad", "rpad", "reverse", "repeat",
                "split_part", "initcap",
                "regexp_replace", "regexp_matches"),
            "Only one of the engines has it, or it does something else there.",
            fix: "Use || and substr(), SQL.hex(_:), or do it in Swift."),
    ]

    private static let json = [
        PortabilityRule(
            "json_extract() and other JSON functions",
            [
                .functions(prefix: "json_"), .functions(prefix: "jsonb_"), .function("json"),
                .function("to_jsonb"),
            ]
                + Pattern.words("#>", "#>>", "@>", "<@"), "Only one of the engines has it.",
            fix: "Use SQL.json(_:_:as:), or read the column as JSON."),
        PortabilityRule(
            "->>", Pattern.words("->>"),
            "SQLite gives numbers and 1 for true where Postgres gives their texts.",
            fix: "Use SQL.json(_:_:as:)."),
    ]

    private static let expressions = [
        PortabilityRule("::", Pattern.words("::"), "SQLite does not have it.", fix: "Write CAST(… AS …)."),
        PortabilityRule("==", Pattern.words("=="), "Postgres does not have it.", fix: "Write =."),
        PortabilityRule(
            "IS with a value", [.test(hasIsWithValue)],
            "Postgres compares by IS with NULL, TRUE and FALSE alone.",
            fix: "Write = where neither side is NULL, else a = b OR (a IS NULL AND b IS NULL)."),
        PortabilityRule(
            "ifnull(), nvl(), iif()", Pattern.functions("ifnull", "nvl", "iif", "if", "likely", "unlikely"),
            "Postgres does not have it.", fix: "Write coalesce(a, b), or CASE WHEN … THEN … ELSE … END."),
        PortabilityRule(
            "greatest(), least(), max(a, b), min(a, b)",
            Pattern.functions("greatest", "least")
                + [
                    .test { tokens in
                        tokens.indices.dropLast().contains { index in
                            (tokens[index].is("max") || tokens[index].is("min")) && tokens[index + 1].is("(")
                                && arguments(of: tokens, at: index + 1).count > 1
                        }
                    }
                ], "Only one of the engines has it, and they differ in what NULL does.",
            fix: "Use SQL.greatest or SQL.least."),
        PortabilityRule(
            "random()",
            Pattern.functions("random", "randomblob", "zeroblob", "gen_random_uuid", "uuid_generate_v4"),
            "SQLite gives an integer, Postgres a number from 0 to 1.",
            fix: "Use SQL.randomReal or SQL.randomInteger(in:); interpolate a UUID()."),
        PortabilityRule(
            "typeof()", Pattern.functions("typeof", "pg_typeof"),
            "Only one of the engines has it, and they have other types.",
            fix: "Ask for the type in Swift."),
        PortabilityRule(
            "total()", Pattern.functions("total"), "Postgres does not have it.",
            fix: "Write coalesce(sum(…), 0)."),
        PortabilityRule(
            "LIMIT a, b and LIMIT -1", [.test(hasLimitWithComma)] + Pattern.words("limit -", "limit all"),
            "Only one of the engines has it.", fix: "Write LIMIT count OFFSET start, or no LIMIT."),
        PortabilityRule(
            "OFFSET without LIMIT, FETCH FIRST",
            Pattern.words("fetch first", "fetch next")
                + [
                    .test { tokens in
                        !tokens.contains { $0.is("limit") }
                            && zip(tokens, tokens.dropFirst()).contains {
                                $0.is("offset") && ($1 == .number || $1 == .parameter)
                            }
                    }
                ], "SQLite has OFFSET behind LIMIT alone.", fix: "Write LIMIT count OFFSET start."),
        PortabilityRule(
            "DISTINCT ON, LATERAL", Pattern.words("distinct on", "lateral"), "SQLite does not have it.",
            fix: "Write a window function: row_number() OVER (PARTITION BY …)."),
        PortabilityRule(
            "generate_series(), unnest()", Pattern.functions("generate_series", "unnest"),
            "SQLite does not have it.",
            fix: "Write WITH RECURSIVE, or insert the rows by bulkInsert."),
        PortabilityRule(
            "INDEXED BY, NOT INDEXED", Pattern.words("indexed by", "not indexed"),
            "Postgres does not have it.",
            fix: "Leave the choice to the planner."),
    ]

    private static let statements = [
        PortabilityRule(
            "BEGIN, COMMIT, ROLLBACK, SAVEPOINT",
            Pattern.statements(
                "begin", "commit", "rollback", "end", "abort", "savepoint", "release", "start"),
            "The library has to know where transactions begin and end.",
            fix: "Use write, read and savepoint; throw an error to roll back."),
        PortabilityRule(
            "PRAGMA, VACUUM, ATTACH, SET, COPY, …",
            Pattern.statements(
                "pragma", "vacuum", "attach", "detach", "reindex", "set", "reset", "show", "copy", "listen",
                "notify", "lock",
                "truncate", "explain", "grant", "revoke", "comment", "do", "call", "cluster", "refresh",
                "discard"),
            "Only one of the engines has it, or it means something else there.",
            fix: "Write each engine's form by \\(sqlite:postgres:), or configure the storage."),
        PortabilityRule(
            "sqlite_master, pg_catalog, information_schema",
            [
                .test { tokens in
                    tokens.contains {
                        guard case .word(let word) = $0 else { return false }
                        return word.hasPrefix("sqlite_") || word.hasPrefix("pg_")
                            || word == "information_schema"
                    }
                }
            ], "Each engine has its own catalog.", fix: "Write each engine's query by \\(sqlite:postgres:)."),
    ]

    private static let schemas = [
        PortabilityRule(
            "AUTOINCREMENT, SERIAL, IDENTITY",
            Pattern.words("autoincrement", "serial", "bigserial", "smallserial", "as identity"),
            "Only one of the engines has it.", fix: "Write id \\(SQL.identityKey)."),
        PortabilityRule(
            "WITHOUT ROWID, STRICT", Pattern.words("without rowid", ") strict", ", strict"),
            "Postgres does not have it.",
            fix: "Write it by \\(sqlite: \"STRICT\", postgres: \"\")."),
        PortabilityRule(
            "CREATE VIRTUAL TABLE, TYPE, EXTENSION, FUNCTION, SEQUENCE, TRIGGER",
            Pattern.words(
                "create virtual", "create type", "create extension", "create function", "create sequence",
                "create schema",
                "create materialized", "create trigger", "create domain", "create policy"),
            "Only one of the engines has it.",
            fix: "Put it into the migrations of that engine."),
        PortabilityRule(
            "ALTER COLUMN, ADD CONSTRAINT", Pattern.words("alter column", "add constraint", "concurrently"),
            "SQLite does not have it.",
            fix: "Put it into Postgres' migrations, and rebuild the table on SQLite."),
        PortabilityRule(
            "blob, bytea, timestamptz, jsonb, … as a type",
            [
                .test { tokens in
                    (tokens.first?.is("create") ?? false) && tokens.contains(where: isTypeOfOneEngine)
                }
            ],
            "The other engine does not know the type, or stores something else in it.",
            fix: "Write \\(SQL.columnType(.bytes)) and the like."),
    ]
}

// Tests that are more than a sequence of words.
extension PortabilityRule {
    private static func isTypeOfOneEngine(_ token: SQLTokens.Token) -> Bool {
        ["blob", "bytea", "datetime", "timestamptz", "jsonb", "nvarchar", "double", "citext", "inet"].contains
        { token.is($0) }
    }

    private static func hasUpsertWithoutWhere(_ tokens: [SQLTokens.Token]) -> Bool {
        guard let select = tokens.firstIndex(where: { $0.is("select") }),
            let conflict = tokens.indices.dropLast().first(where: {
                $0 > select && tokens[$0].is("on") && tokens[$0 + 1].is("conflict")
            })
        else { return false }
        let between = tokens[select..<conflict]
        return between.contains { $0.is("from") }
            && !between.contains { token in ["where", "group", "limit", "order"].contains { token.is($0) } }
    }

    private static func hasIsWithValue(_ tokens: [SQLTokens.Token]) -> Bool {
        tokens.indices.contains { index in
            guard tokens[index].is("is"), index + 1 < tokens.count else { return false }
            let isNot = tokens[index + 1].is("not")
            guard index + (isNot ? 2 : 1) < tokens.count else { return false }
            let next = tokens[index + (isNot ? 2 : 1)]
            return !["null", "true", "false", "distinct"].contains { next.is($0) }
        }
    }

    private static func hasLimitWithComma(_ tokens: [SQLTokens.Token]) -> Bool {
        tokens.indices.contains { index in
            tokens[index].is("limit") && index + 2 < tokens.count && tokens[index + 2].is(",")
                && (tokens[index + 1] == .number || tokens[index + 1] == .parameter)
        }
    }

    /// The arguments of a call whose opening parenthesis stands at `start`.
    private static func arguments(of tokens: [SQLTokens.Token], at start: Int) -> [[SQLTokens.Token]] {
        var arguments: [[SQLTokens.Token]] = [[]]
        var depth = 0
        for token in tokens[start...] {
            if token.is(")") { depth -= 1 }
            if depth == 0, token.is(")") { break }
            if depth == 1, token.is(",") {
                arguments.append([])
            } else if depth > 0 {
                arguments[arguments.count - 1].append(token)
            }
            if token.is("(") { depth += 1 }
        }
        return arguments
    }
}
