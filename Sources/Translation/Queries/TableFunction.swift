import SQLiteSyntax
import Schema

/// A table-valued function in FROM.
struct TableFunction: Sendable {
    let call: TargetExpression
    let columns: [TranslatedQuery.Column]

    /// By folded name: columns with their kinds.
    private static let jsonColumns: [(name: String, kind: Typed.Kind)] = [
        ("key", .any), ("value", .any), ("type", .text), ("atom", .any), ("id", .integer),
        ("parent", .integer), ("fullkey", .text), ("path", .text),
    ]

    /// Names that need no arguments to be functions.
    static func isFunction(_ name: String) -> Bool {
        let folded = SQLiteName.folded(name)
        return folded.hasPrefix("pragma_") || ["json_each", "json_tree", "generate_series"].contains(folded)
    }

    init(
        _ name: String, _ arguments: [Typed], _ translation: ExpressionTranslation
    ) throws(Untranslatable) {
        let folded = SQLiteName.folded(name)
        switch (folded, arguments.count) {
        case ("json_each", 1...2), ("json_tree", 1...2):
            var values: [TargetExpression] = []
            for argument in arguments { values.append(try Self.text(argument, translation)) }
            call = try translation.compatibility(folded, values)
            columns = Self.jsonColumns.map { column in
                TranslatedQuery.Column(
                    name: column.name, output: column.name, value: Typed(.column(column.name), column.kind))
            }
        case ("generate_series", 2...3):
            var values: [TargetExpression] = []
            for argument in arguments { values.append(try translation.integer(argument).asOutput.sql) }
            call = .call("generate_series", values)
            columns = [
                TranslatedQuery.Column(
                    name: "value", output: "value", value: Typed(.column("value"), .integer))
            ]
        default:
            throw Untranslatable(
                folded.hasPrefix("pragma_")
                    ? "it reads a PRAGMA of SQLite" : "\(name)() is no table in Postgres")
        }
    }

    private static func text(
        _ value: Typed, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> TargetExpression {
        let text = try translation.text(value)
        return value.literal == nil ? text : .cast(text, .text)
    }
}
