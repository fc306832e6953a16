import SQLiteSyntax
import Schema

/// A query of SQLite in Postgres' form, with what is known of its columns.
///
/// What cannot be vouched for is refused with the reason; what SQLite itself leaves open is done in one of the
/// ways that SQLite may do it, and remarked.
struct QueryTranslation: Sendable {
    var environment: QueryEnvironment

    init(environment: QueryEnvironment) { self.environment = environment }

    func translated(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        guard let with = query.with else { return try body(of: query) }
        var common = CommonTables(environment: environment)
        try common.add(with, usedBy: query)
        var inner = self
        inner.environment = common.environment
        var result = try inner.body(of: query)
        result.query.with = common.tables + result.query.with
        result.query.isRecursive = common.isRecursive || result.query.isRecursive
        return result
    }

    private func body(of query: Query) throws(Untranslatable) -> TranslatedQuery {
        if query.compounds.isEmpty, case .select(let select) = query.first {
            return try SelectTranslation(
                select, orderBy: query.orderBy, limit: Limit(query), environment: environment
            ).translated()
        }
        return try CompoundTranslation(environment: environment).translated(query)
    }

    /// One part of a compound.
    func core(_ core: QueryCore) throws(Untranslatable) -> TranslatedQuery {
        switch core {
        case .select(let select): try SelectTranslation(select, environment: environment).translated()
        case .values(let rows): try values(rows)
        }
    }

    /// `VALUES`: columns are called `column1`, `column2`, … on both.
    private func values(_ rows: [[Expression]]) throws(Untranslatable) -> TranslatedQuery {
        let scope = SelectScope(items: [], environment: environment)
        let translation = environment.expressions(in: scope)
        let width = rows.first?.count ?? 0
        guard width > 0, rows.allSatisfy({ $0.count == width }) else {
            throw Untranslatable("the rows of VALUES are of different widths")
        }
        var cells = Array(repeating: [TargetExpression](repeating: .null, count: width), count: rows.count)
        var columns: [TranslatedQuery.Column] = []
        for position in 0..<width {
            var values: [Typed] = []
            for row in rows { values.append(try translation.value(row[position])) }
            let value = try Unification(translation).unify(values)
            for row in rows.indices { cells[row][position] = value.expressions[row] }
            let name = "column\(position + 1)"
            columns.append(TranslatedQuery.Column(name: name, output: name, value: value.result))
            columns[position].value.sql = .column(name)
        }
        return TranslatedQuery(query: TargetQuery(.values(cells)), columns: columns)
    }
}

/// Brings values of one column, from several places, to one type.
struct Unification {
    let translation: ExpressionTranslation

    init(_ translation: ExpressionTranslation) { self.translation = translation }

    /// - Returns: each value in the common type, and what is known of the column.
    func unify(_ values: [Typed]) throws(Untranslatable) -> (expressions: [TargetExpression], result: Typed) {
        var (expressions, result) = try translation.unified(values)
        for position in expressions.indices
        where needsCast(values[position], expressions[position], result.kind) {
            expressions[position] = .cast(expressions[position], result.type)
        }
        if values.count == 1 { result.magnitude = values[0].magnitude }
        result.sql = expressions[0]
        result.isNarrow = false
        if result.numberClass != .ofKind { result.numberClass = .lost }
        result.affinity = values[0].affinity
        result.collation = values.lazy.compactMap(\.collation).first
        return (expressions, result)
    }

    private func needsCast(_ value: Typed, _ expression: TargetExpression, _ kind: Typed.Kind) -> Bool {
        if value.kind == .null { return true }
        if case .cast = expression { return false }
        if case .conditional = expression, value.kind != kind { return false }
        return value.literal != nil || value.isNarrow || value.kind != kind
    }
}
