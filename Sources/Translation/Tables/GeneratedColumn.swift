import SQLiteSyntax
import Schema

/// A generated column's expression in the type that the declared type and the expression agree on.
struct GeneratedColumn: Sendable {
    let table: TableDraft
    let position: Int
    let options: PlanOptions

    typealias Translation = (expression: TargetExpression, type: PostgresType)

    func translated() throws(Untranslatable) -> Translation {
        let column = table.columns[position]
        guard let expression = column.definition.generated?.expression else {
            throw Untranslatable("it has no expression")
        }
        let translation = ExpressionTranslation(table: table, options: options, inlinesGenerated: true)
        return try converted(try translation.value(expression), for: column, translation)
    }

    /// What the column's affinity makes of the value.
    private func converted(
        _ value: Typed, for column: ColumnDraft, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Translation {
        switch (column.affinity, value.kind) {
        case (_, .truth) where column.firstChoice.codec == .boolean: return (value.sql, .boolean)
        case (.text, .truth):
            return (.cast(ExpressionTranslation.zeroOrOne(value.sql), .text), .text)
        case (.real, .truth):
            return (.cast(ExpressionTranslation.zeroOrOne(value.sql), .doublePrecision), .doublePrecision)
        case (_, .truth): return (.cast(ExpressionTranslation.zeroOrOne(value.sql), .bigint), .bigint)
        case (.text, .integer): return (.cast(value.sql, .text), .text)
        case (.real, .integer), (.real, .decimal):
            return (.cast(value.sql, .doublePrecision), .doublePrecision)
        case (_, .integer): return (value.sql, .bigint)
        case (.text, .real), (.text, .decimal): return (try translation.text(value), .text)
        case (.text, .any) where !value.mayHoldBlobs: return (try translation.text(value), .text)
        case (_, .real) where value.literal == nil: return (value.sql, .doublePrecision)
        case (_, .real): return (.cast(value.sql, .doublePrecision), .doublePrecision)
        case (_, .decimal): return (value.sql, .numeric(nil))
        case (.text, .text), (.blob, .text): return (value.sql, .text)
        case (_, .bytes): return (value.sql, .bytea)
        case (_, .date), (_, .time), (_, .timestamp), (_, .timestamptz), (_, .uuid), (_, .json):
            guard column.firstChoice.codec.type.kind == value.kind else { break }
            return (value.sql, column.firstChoice.codec.type)
        case (_, .text), (_, .any), (_, .mixed):
            if let result = try settled(value, for: column, translation) { return result }
        default: break
        }
        throw Untranslatable("the column's declared type would convert \(value.kind.words)")
    }

    /// The functions that refuse a value of another class.
    static let expecting: Set<String> = ["expect_integer", "expect_real", "expect_number"]

    /// A value of any class in a column whose values are all of one: a later one of another class is refused.
    private func settled(
        _ value: Typed, for column: ColumnDraft, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Translation? {
        let observed = column.observed ?? ColumnObservation()
        guard observed.texts == 0, observed.blobs == 0, !value.mayHoldBlobs else { return nil }
        switch column.affinity {
        case .real:
            return (try translation.expecting("expect_real", value), .doublePrecision)
        case .integer where observed.reals == 0:
            return (try translation.expecting("expect_integer", value), .bigint)
        case .integer, .numeric:
            return (try translation.expecting("expect_number", value), .numeric(nil))
        default: return nil
        }
    }
}

extension ExpressionTranslation {
    /// What a column with a numeric affinity makes of a value, refused by `function` where it is of another class.
    func expecting(_ function: String, _ value: Typed) throws(Untranslatable) -> TargetExpression {
        try compatibility(function, [compatibility("apply_numeric_affinity", [try dynamic(value)])])
    }
}
