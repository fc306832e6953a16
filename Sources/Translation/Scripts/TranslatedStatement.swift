package import SQLiteSyntax
package import Schema

/// A statement of people's own SQL, and what it becomes in Postgres.
package struct TranslatedStatement: Sendable {
    package enum Form: Sendable {
        case query(TargetQuery)
        case change(TargetAction)
        /// Why there is none, without capital and full stop.
        case none(String)
    }
    package var piece: Script.Piece
    package var form: Form
    /// What each parameter was written as; in Postgres they are `$1`, `$2`, …
    package var parameters: [String]
    /// What SQLite leaves open, or Postgres does in another way.
    package var remarks: [QueryRemark] = []
}

extension Translator {
    /// Translates each statement of a script, whose tables and views are those of `source`.
    ///
    /// Pure, like `plan`: nothing in a script makes it fail.
    package static func statements(
        of script: Script, for source: SourceSchema, options: PlanOptions
    ) -> [TranslatedStatement] {
        var builder = PlanBuilder(source: source, options: options)
        _ = builder.build()
        let translation = ScriptTranslation(
            relations: builder.relations, effects: builder.effects, options: options)
        return script.pieces.map(translation.translated)
    }
}

/// Statements that stand alone.
struct ScriptTranslation: Sendable {
    let relations: Relations
    let effects: ChangeEffects
    let options: PlanOptions

    func translated(_ piece: Script.Piece) -> TranslatedStatement {
        var result = TranslatedStatement(piece: piece, form: .none(""), parameters: [])
        do {
            _ = try piece.statement()
            let (sql, parameters) = try piece.numbered()
            result.parameters = parameters
            let statement = try Parser.parseAnyStatement(sql)
            result.form = try form(of: statement)
            if case .query(let query) = result.form { result.remarks = query.allRemarks }
        } catch let error as SyntaxError {
            result.form = .none("SQLite does not read it: \(error)")
        } catch let error as Untranslatable {
            result.form = .none(error.reason)
        } catch {
            result.form = .none("\(error)")
        }
        return result
    }

    private func form(of statement: Statement) throws(Untranslatable) -> TranslatedStatement.Form {
        var environment = QueryEnvironment(relations: relations, options: options)
        environment.outer = ParameterScope(
            hints: ParameterHints(statement), tables: statement.tableNames.sorted(), relations: relations,
            options: options, environment: environment)
        let changes = ChangeTranslation(environment: environment, effects: effects)
        switch statement {
        case .query(let query):
            let translated = try QueryTranslation(environment: environment).translated(query)
            return .query(try readable(translated, environment))
        case .insert(let insert):
            guard insert.returning.isEmpty else { throw Untranslatable("RETURNING is not translated yet") }
            return try change(changes.insert(insert))
        case .update(let update):
            guard update.returning.isEmpty else { throw Untranslatable("RETURNING is not translated yet") }
            return try change(changes.update(update))
        case .delete(let delete):
            guard delete.returning.isEmpty else { throw Untranslatable("RETURNING is not translated yet") }
            return try change(changes.delete(delete))
        case .schema: throw Untranslatable("it defines a part of the schema, which outgrow carries itself")
        case .other(let keyword, _):
            throw Untranslatable("\(keyword) is SQLite's own, or means something else")
        }
    }

    /// The encoding of values of any class is none that an application reads: they become text.
    private func readable(
        _ query: TranslatedQuery, _ environment: QueryEnvironment
    ) throws(Untranslatable) -> TranslatedQuery {
        guard query.columns.contains(where: { $0.value.kind == .any }) else { return query }
        let expressions = environment.expressions(in: SelectScope(items: [], environment: environment))
        var result = try query.converted { (_, value) throws(Untranslatable) in
            value.kind == .any ? try expressions.asText(value) : value.asOutput
        }
        result.query.remarks += query.columns.filter { $0.value.kind == .any }.map {
            .severalClasses($0.name)
        }
        return result
    }

    private func change(_ actions: [TargetAction]) throws(Untranslatable) -> TranslatedStatement.Form {
        guard actions.count == 1 else { throw Untranslatable("it takes several statements of Postgres") }
        if case .forEach = actions[0] {
            throw Untranslatable("it takes a loop of several statements in Postgres")
        }
        return .change(actions[0])
    }
}

extension TranslatedStatement.Form {
    fileprivate static func query(_ translated: TranslatedQuery) -> Self { .query(translated.query) }
}

extension Statement {
    /// The tables that it names, folded.
    var tableNames: Set<String> {
        switch self {
        case .query(let query): return query.tableNames
        case .insert(let insert): return [SQLiteName.folded(insert.table.name)]
        case .update(let update): return [SQLiteName.folded(update.table.name)]
        case .delete(let delete): return [SQLiteName.folded(delete.table.name)]
        case .schema, .other: return []
        }
    }
}
