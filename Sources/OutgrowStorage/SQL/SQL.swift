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
    /// A value and where its placeholder begins in the text, in UTF-8 bytes.
    struct Binding: Sendable {
        var offset: Int
        var parameter: Parameter
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

    /// The text with its placeholders `$1`…, the same for both dialects unless there are `pieces`.
    private(set) var text: String
    private(set) var bindings: [Binding]
    /// All there is, once something depends on the dialect; `text` and `bindings` are empty then.
    private(set) var pieces: [Piece]

    public init(stringLiteral value: String) {
        text = value
        bindings = []
        pieces = []
    }

    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

    /// Takes text that the program made itself. Never pass it what came from outside: it is run as it is.
    public init(unsafe text: String) { self.init(stringLiteral: text) }

    private init(capacity: Int, bindingCount: Int) {
        text = ""
        text.reserveCapacity(capacity)
        bindings = []
        pieces = []
        if bindingCount > 0 { bindings.reserveCapacity(bindingCount) }
    }
}

extension SQL {
    /// Collects the parts of an interpolated ``SQL``.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql = SQL(capacity: literalCapacity + 3 * interpolationCount, bindingCount: interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { sql.append(text: literal) }

        /// Binds a value.
        public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value) {
            sql.append(value.sqlValue)
        }

        /// Binds a value, or NULL.
        public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value?) {
            sql.append(value?.sqlValue ?? .null(Value.sqlType))
        }

        /// Binds a value that is already one.
        public mutating func appendInterpolation(_ value: SQLValue) { sql.append(value) }

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

// Building. Most statements are one text and a few values, and stay so; the first part that depends on the dialect
// turns them into pieces.
extension SQL {
    fileprivate mutating func append(text more: String) {
        if pieces.isEmpty { text += more } else { pieces.append(.text(more)) }
    }

    fileprivate mutating func append(_ value: SQLValue) {
        guard pieces.isEmpty else { return pieces.append(.parameter(.value(value))) }
        bindings.append(Binding(offset: text.utf8.count, parameter: .value(value)))
        text += SQL.placeholder(bindings.count)
    }

    fileprivate mutating func append(_ other: SQL) {
        if pieces.isEmpty, other.pieces.isEmpty, other.bindings.isEmpty {
            text += other.text
        } else {
            pieces = asPieces + other.asPieces
            (text, bindings) = ("", [])
        }
    }

    fileprivate mutating func append(list values: [SQLValue], of type: SQLType) {
        pieces = asPieces + [.parameter(.list(values, type))]
        (text, bindings) = ("", [])
    }

    fileprivate mutating func append(sqlite: SQL, postgres: SQL) {
        pieces = asPieces + [.fragment(sqlite: sqlite, postgres: postgres)]
        (text, bindings) = ("", [])
    }

    /// Cuts the text at its placeholders.
    var asPieces: [Piece] {
        guard pieces.isEmpty else { return pieces }
        var result: [Piece] = []
        var start = text.utf8.startIndex
        for (index, binding) in bindings.enumerated() {
            let place = text.utf8.index(text.utf8.startIndex, offsetBy: binding.offset)
            result.append(.text(String(text[start..<place])))
            result.append(.parameter(binding.parameter))
            start = text.utf8.index(place, offsetBy: SQL.placeholder(index + 1).utf8.count)
        }
        return result + [.text(String(text[start...]))]
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
