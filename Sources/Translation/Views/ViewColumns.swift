import Diagnostics
import SQLiteSyntax
import Schema

/// The types of a view's columns.
///
/// A column of Postgres has one type. Where the view's text leaves the class of a column open, what SQLite
/// itself gives for the data at hand decides; values of several classes become text, which is a loss.
struct ViewColumns: Sendable {
    let view: SourceObject
    let options: PlanOptions
    private(set) var findings: [Finding] = []
    /// Some column's class is open, and the view was not asked.
    private(set) var isOpen = false

    init(view: SourceObject, options: PlanOptions) {
        self.view = view
        self.options = options
    }

    mutating func final(_ query: TranslatedQuery) throws(Untranslatable) -> TranslatedQuery {
        let environment = QueryEnvironment(relations: Relations(tables: []), options: options)
        let translation = environment.expressions(in: SelectScope(items: [], environment: environment))
        var values: [Typed] = []
        var state = self
        let result = try query.converted { (position, value) throws(Untranslatable) in
            let column = try state.final(value, position, query.columns[position].name, translation)
            values.append(column)
            return column
        }
        self = state
        return result
    }

    private mutating func final(
        _ value: Typed, _ position: Int, _ name: String, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Typed {
        var result = value.asOutput
        switch value.kind {
        case .truth where value.affinity == nil:
            // A comparison is 0 or 1; a column of truth values stays what it is.
            result.sql = .cast(ExpressionTranslation.zeroOrOne(value.sql), .bigint)
            result.kind = .integer
            result.magnitude = 1
        case .any: result = try settled(value, position, name, translation)
        default: break
        }
        if result.kind == .null { result.kind = .text }
        guard result.kind == .text, !result.isBytewise, options.textCollation == .bytewise,
            !options.databaseCollationIsC
        else { return result }
        if case .collate = result.sql {} else { result.sql = .collate(result.sql, "C") }
        result.isBytewise = true
        return result
    }

    /// A column whose class the text leaves open.
    private mutating func settled(
        _ value: Typed, _ position: Int, _ name: String, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Typed {
        guard let observed = view.observed else {
            isOpen = true
            return try translation.asText(value)
        }
        let classes = observed.classes.indices.contains(position) ? observed.classes[position] : []
        var result = value
        result.numberClass = .ofKind
        if observed.isComplete, let decision = Self.decisions[classes] {
            result.sql = try translation.compatibility(decision.function, [value.sql])
            result.kind = decision.kind
            findings.append(
                Finding(
                    "view-column-by-values", .info, at: Location(view.name, column: name),
                    "The view's text leaves the class of the column open; by its present values it is "
                        + "\(decision.kind.words). A later value of another class would show as NULL.",
                    fix: "CAST the column in the view to make its type certain."))
            return result
        }
        if observed.isComplete, classes.isEmpty { return try translation.asText(value) }
        let reason =
            observed.isComplete
            ? "holds values of several storage classes"
            : "could not be looked at in the time that a view is given"
        findings.append(
            Finding(
                "view-column-as-text", .loss, at: Location(view.name, column: name),
                "The column \(reason): it becomes text.",
                fix: "CAST it in the view to the type that it should have.", sql: view.sql))
        return try translation.asText(value)
    }

    private static let decisions: [Set<ValueClass>: (function: String, kind: Typed.Kind)] = [
        [.integer]: ("from_any_integer", .integer), [.real]: ("from_any_real", .real),
        [.integer, .real]: ("from_any_number", .decimal), [.text]: ("from_any_text", .text),
        [.blob]: ("from_any_blob", .bytes),
    ]
}
