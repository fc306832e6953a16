import SQLiteSyntax
import Schema

/// What a query may read beside its own FROM clause.
struct QueryEnvironment: Sendable {
    let relations: Relations
    let options: PlanOptions
    /// Of the query and of those around it; the last one of a name counts.
    var commonTables: [CommonRelation] = []
    /// The names of the query around it.
    var outer: (any NameScope)?
    /// Of the queries around it: an alias of Postgres is never used twice in one chain of queries, so a
    /// qualified column means the same at every depth.
    var takenAliases: Set<String> = []
    var depth = 0

    /// Deeper queries are refused: the recursion must fit any thread's stack.
    private static let depthLimit = 24

    init(relations: Relations, options: PlanOptions, outer: (any NameScope)? = nil) {
        self.relations = relations
        self.options = options
        self.outer = outer
    }

    /// The environment of a query inside of this one.
    func inner(within scope: (any NameScope)?, aliases: Set<String> = []) throws(Untranslatable) -> Self {
        guard depth < Self.depthLimit else { throw Untranslatable("its queries are nested too deeply") }
        var result = self
        result.outer = scope
        result.takenAliases.formUnion(aliases)
        result.depth += 1
        return result
    }

    /// The translation of expressions that see `scope`.
    func expressions(in scope: any NameScope) -> ExpressionTranslation {
        ExpressionTranslation(
            scope: scope, options: options,
            settings: .query(allowsCompatibility: options.usesCompatibility))
    }

    func commonTable(named name: String) -> CommonRelation? {
        commonTables.last { SQLiteName.equal($0.name, name) }
    }
}

/// A common table expression as queries see it.
struct CommonRelation: Sendable {
    var name: String
    /// Its name in Postgres.
    var target: String
    var columns: [TranslatedQuery.Column]
}

/// The tables and views of the target, by their names in SQLite.
struct Relations: Sendable {
    /// By folded name.
    private var tables: [String: TableDraft] = [:]
    private var views: [String: ViewDraft] = [:]
    /// What is in the source and not in the target, with the reason.
    private var missing: [String: String] = [:]

    enum Found: Sendable {
        case table(TableDraft)
        case view(ViewDraft)
    }

    init(tables: [TableDraft]) {
        for table in tables { self.tables[SQLiteName.folded(table.name)] = table }
    }

    mutating func add(_ view: ViewDraft) { views[SQLiteName.folded(view.name)] = view }

    /// - Parameter reason: such as "is left out".
    mutating func miss(_ name: String, because reason: String) {
        missing[SQLiteName.folded(name)] = reason
    }

    func relation(named name: String) throws(Untranslatable) -> Found {
        let folded = SQLiteName.folded(name)
        if let table = tables[folded] { return .table(table) }
        if let view = views[folded] { return .view(view) }
        if let reason = missing[folded] { throw Untranslatable("it reads \(name), which \(reason)") }
        throw Untranslatable("there is no table or view \(name)")
    }
}

/// A view on its way to Postgres: its name there and what is known of its columns.
struct ViewDraft: Sendable {
    var name: String
    var target: String
    var columns: [TranslatedQuery.Column]
}
