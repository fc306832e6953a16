/// Why a text is not a statement of SQLite's SQL, and where.
package struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found and what was expected, without a full stop.
    package var message: String
    /// One-based.
    package var line: Int
    package var column: Int

    package init(_ message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    package var description: String { "\(message) at line \(line), column \(column)" }
}
