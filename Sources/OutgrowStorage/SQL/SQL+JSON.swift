/// A step into a JSON value: the name of a member or the index of an element, written as a literal.
public enum JSONStep: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// The member of an object with this name.
    case member(String)
    /// The element of an array at this index, counted from 0.
    case element(Int)

    public init(stringLiteral name: String) { self = .member(name) }
    public init(integerLiteral index: Int) { self = .element(index) }
}

extension SQL {
    /// A part of a JSON column as an ordinary value; NULL when there is none or it is of another kind.
    ///
    /// | `type` | found |
    /// |---|---|
    /// | `.text` | strings |
    /// | `.integer` | numbers without a point, within the range of `Int64` |
    /// | `.real` | numbers, within the range of `Double` |
    /// | `.boolean` | `true` and `false` |
    /// | `.json` | anything, `null` among it |
    ///
    /// ```swift
    /// try tx.rows("SELECT id FROM item WHERE \(SQL.json("data", "size", 0, as: .integer)) > 3", as:
    /// Int64.self)
    /// ```
    ///
    /// https://sqlite.org/json1.html, https://www.postgresql.org/docs/current/functions-json.html
    ///
    /// - Throws: ``StorageError/Kind/misuse`` for another type, a negative index, and a name with a quotation
    /// mark, a
    ///   backslash or a control character, which SQLite does not find.
    public static func json(_ column: SQL, _ steps: JSONStep..., as type: SQLType) throws -> SQL {
        let path = try "$" + steps.map(sqliteStep).joined()
        let part: SQL = steps.reduce("(\(column))::jsonb") { postgresStep($1, of: $0) }
        return switch type {
        case .text: jsonText(column, path, part)
        case .integer: jsonInteger(column, path, part)
        case .real: jsonReal(column, path, part)
        case .boolean: jsonBoolean(column, path, part)
        case .json: fragment(sqlite: "((\(column)) -> \(path))", postgres: "(\(part))")
        default:
            throw StorageError(
                .misuse, "A part of a JSON value is asked for as \(type.rawValue), which JSON does not have.",
                fix:
                    "Ask for .text, .integer, .real, .boolean or .json, and convert the value in the program."
            )
        }
    }

    private static func jsonText(_ column: SQL, _ path: String, _ part: SQL) -> SQL {
        fragment(
            sqlite: "(CASE json_type(\(column), \(path)) WHEN 'text' THEN (\(column)) ->> \(path) END)",
            postgres: "(CASE jsonb_typeof(\(part)) WHEN 'string' THEN (\(part)) #>> '{}' END)")
    }

    private static func jsonInteger(_ column: SQL, _ path: String, _ part: SQL) -> SQL {
        fragment(
            // Of whole numbers that are too large SQLite makes reals.
            sqlite: """
                (CASE WHEN json_type(\(column), \(path)) = 'integer' \
                AND typeof((\(column)) ->> \(path)) = 'integer' THEN (\(column)) ->> \(path) END)
                """,
            postgres: """
                (CASE jsonb_typeof(\(part)) WHEN 'number' THEN CASE WHEN (\(part)) #>> '{}' NOT LIKE '%.%' \
                THEN CASE WHEN ((\(part)) #>> '{}')::numeric \
                BETWEEN -9223372036854775808 AND 9223372036854775807 \
                THEN ((\(part)) #>> '{}')::bigint END END END)
                """)
    }

    private static func jsonReal(_ column: SQL, _ path: String, _ part: SQL) -> SQL {
        fragment(
            sqlite: """
                (CASE WHEN json_type(\(column), \(path)) IN ('integer', 'real') \
                THEN CAST((\(column)) ->> \(path) AS REAL) END)
                """,
            postgres: """
                (CASE jsonb_typeof(\(part)) WHEN 'number' THEN ((\(part)) #>> '{}')::double precision END)
                """)
    }

    private static func jsonBoolean(_ column: SQL, _ path: String, _ part: SQL) -> SQL {
        fragment(
            sqlite: "(CASE json_type(\(column), \(path)) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)",
            postgres: "(CASE jsonb_typeof(\(part)) WHEN 'boolean' THEN ((\(part)) #>> '{}')::boolean END)")
    }

    private static func sqliteStep(_ step: JSONStep) throws -> String {
        switch step {
        case .element(let index) where index >= 0: return "[\(index)]"
        case .member(let name) where !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }):
            return ".\"\(name)\""
        case .element, .member:
            throw StorageError(
                .misuse, "A path into a JSON value has a step that SQLite cannot follow.",
                fix:
                    "Use indexes from 0, and names without quotation marks and backslashes; or read the whole value."
            )
        }
    }

    // On an object an index finds nothing, and on an array a name, as on SQLite; of a string that stands
    // alone, `-> 0` would be the string.
    private static func postgresStep(_ step: JSONStep, of value: SQL) -> SQL {
        switch step {
        case .member(let name): "((\(value)) -> \(name)::text)"
        case .element(let index):
            "jsonb_path_query_first(\(value), 'strict $[\(unsafe: String(index))]', '{}', TRUE)"
        }
    }
}
