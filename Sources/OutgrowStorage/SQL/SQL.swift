/// SQL text with its values beside it.
///
/// Made by interpolation: a value becomes a parameter and never a part of the text, so nothing that a value holds can
/// change what the statement does.
///
/// ```swift
/// let query: SQL = "SELECT id FROM person WHERE name = \(name) AND id IN \(list: ids)"
/// ```
///
/// | interpolation | becomes |
/// |---|---|
/// | `\(value)` | a parameter; `nil` is NULL |
/// | `\(list: values)` | after `IN` or `NOT IN`: one parameter for the whole list, whatever its length |
/// | `\(identifier: name)` | a quoted name |
/// | `\(otherSQL)` | that SQL with its values |
/// | `\(sqlite: a, postgres: b)` | the one that fits the backend |
/// | `\(parameter: 1)` | a placeholder for `execute(_:forEach:)` of ``Transaction`` |
/// | `\(unsafe: text)` | the text as it is |
///
/// A `String` cannot become SQL unless a label says `unsafe`.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// One placeholder and the text behind it, up to the next.
    struct Part: Sendable {
        var parameter: Parameter
        var tail: String
    }

    /// What one placeholder stands for.
    enum Parameter: Sendable {
        case value(SQLValue)
        /// A whole list, on its way as one parameter.
        case list([SQLValue], SQLType)
    }

    enum Piece: Sendable {
        case text(String)
        case parameter(Parameter)
        case fragment(sqlite: SQL, postgres: SQL)
    }

    /// The text up to the first placeholder, the same for both dialects unless there are `pieces`.
    ///
    /// Never put together with the rest unless somebody asks: what stands between two values is a literal of the
    /// program, which costs no memory, and a statement that was run before is known by its literals.
    private(set) var head: String
    private(set) var parts: [Part]
    /// All there is, once something depends on the dialect; `head` and `parts` are empty then.
    private(set) var pieces: [Piece]

    public init(stringLiteral value: String) {
        head = value
        parts = []
        pieces = []
    }

    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

    /// Takes text that the program made itself. Never pass it what came from outside: it is run as it is.
    public init(unsafe text: String) { self.init(stringLiteral: text) }

    private init(parameterCount: Int) {
        head = ""
        parts = []
        pieces = []
        if parameterCount > 1 { parts.reserveCapacity(parameterCount) }
    }
}

extension SQL {
    /// Collects the parts of an interpolated ``SQL``.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql = SQL(parameterCount: interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { sql.append(text: literal) }

        /// Binds a value.
        @inlinable public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value) {
            append(value.sqlValue)
        }

        /// Binds a value, or NULL.
        @inlinable public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value?) {
            append(value?.sqlValue ?? .null(Value.sqlType))
        }

        /// Binds a value that is already one.
        public mutating func appendInterpolation(_ value: SQLValue) { sql.append(value) }

        @usableFromInline mutating func append(_ value: SQLValue) { sql.append(value) }

        /// Inserts other SQL with its values.
        public mutating func appendInterpolation(_ other: SQL) { sql.append(other) }

        /// Binds a whole list; stands after `IN` or `NOT IN`.
        ///
        /// The statement's text does not depend on how many values there are, so it is compiled once. An empty
        /// list is allowed: nothing is in it. The values have one type, and none is NULL.
        public mutating func appendInterpolation<Values: Collection>(list values: Values)
        where Values.Element: SQLEncodable {
            sql.append(list: values.map(\.sqlValue), of: Values.Element.sqlType)
        }

        /// Inserts a quoted name of a table or column.
        public mutating func appendInterpolation(identifier name: String) {
            sql.append(text: SQL.quoted(name))
        }

        /// Inserts the SQL that fits the backend.
        public mutating func appendInterpolation(sqlite: SQL, postgres: SQL) {
            sql.append(sqlite: sqlite, postgres: postgres)
        }

        /// Inserts the placeholder of value `number` (from 1) of each row.
        public mutating func appendInterpolation(parameter number: Int) {
            sql.append(text: "$\(number)")
        }

        /// Inserts text as it is. Never pass it what came from outside.
        public mutating func appendInterpolation(unsafe text: String) { sql.append(text: text) }
    }
}

// Building. Most statements are a few texts with values between, and stay so; the first part that depends on the dialect
// turns them into pieces.
extension SQL {
    fileprivate mutating func append(text more: String) {
        guard pieces.isEmpty else { return pieces.append(.text(more)) }
        if parts.isEmpty {
            head.extend(with: more)
        } else {
            parts[parts.count - 1].tail.extend(with: more)
        }
    }

    fileprivate mutating func append(_ value: SQLValue) {
        guard pieces.isEmpty else { return pieces.append(.parameter(.value(value))) }
        let part = Part(parameter: .value(value), tail: "")
        // A literal is made at once, while an empty array looks how much it has to grow.
        if parts.capacity == 0 { parts = [part] } else { parts.append(part) }
    }

    fileprivate mutating func append(_ other: SQL) {
        if pieces.isEmpty, other.pieces.isEmpty {
            append(text: other.head)
            parts += other.parts
        } else {
            becomePieces(asPieces + other.asPieces)
        }
    }

    fileprivate mutating func append(list values: [SQLValue], of type: SQLType) {
        becomePieces(asPieces + [.parameter(.list(values, type))])
    }

    fileprivate mutating func append(sqlite: SQL, postgres: SQL) {
        becomePieces(asPieces + [.fragment(sqlite: sqlite, postgres: postgres)])
    }

    private mutating func becomePieces(_ all: [Piece]) {
        pieces = all
        (head, parts) = ("", [])
    }

    /// Cuts the statement at its placeholders.
    var asPieces: [Piece] {
        guard pieces.isEmpty else { return pieces }
        return [.text(head)] + parts.flatMap { [.parameter($0.parameter), .text($0.tail)] }
    }

    // Literals cost nothing, and most statements have a few values.
    static func placeholder(_ number: Int) -> String {
        switch number {
        case 1: "$1"
        case 2: "$2"
        case 3: "$3"
        case 4: "$4"
        case 5: "$5"
        case 6: "$6"
        case 7: "$7"
        case 8: "$8"
        default: "$\(number)"
        }
    }

    /// `name` in double quotes, as both engines read it.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension String {
    /// Appends; where there was nothing, no text is copied.
    @inline(__always) mutating func extend(with more: String) {
        if isEmpty { self = more } else { self += more }
    }
}
