import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// Each view after those that it reads; what does not translate is a loss with its SQL.
    ///
    /// - Returns: the tables and views of the target, which triggers read.
    mutating func translateViews() -> Relations {
        var relations = Relations(tables: tables)
        noteMissing(in: &relations)
        var pending = source.views.map { ViewSource($0) }
        while let position = pending.firstIndex(where: { view in !pending.contains { view.needs($0) } }) {
            translate(pending.remove(at: position), &relations)
        }
        // What is left needs itself, in a circle: SQLite refuses such views when they are read.
        for view in pending {
            lose(view, Untranslatable("it reads itself through other views"), &relations)
        }
        return relations
    }

    private func noteMissing(in relations: inout Relations) {
        for table in source.tables where !options.includes(table.givenName) {
            relations.miss(table.name, because: "is left out")
        }
        for table in source.virtualTables {
            let name = table.definition.name
            relations.miss(name, because: fullText[SQLiteName.folded(name)]?.reason ?? FullTextFate.lost)
        }
    }

    private mutating func translate(_ view: ViewSource, _ relations: inout Relations) {
        do throws(Untranslatable) {
            let definition = try view.definition()
            var result = try QueryTranslation(
                environment: QueryEnvironment(relations: relations, options: options)
            ).translated(definition.query)
            if !definition.columns.isEmpty {
                guard definition.columns.count == result.columns.count else {
                    throw Untranslatable(
                        "it names \(definition.columns.count) columns and has \(result.columns.count)")
                }
                for (position, name) in ResultNames.unique(definition.columns).enumerated() {
                    result.columns[position].name = name
                }
            }
            var columns = ViewColumns(view: view.object, options: options)
            result = try columns.final(result)
            add(view, result, &relations)
            findings += columns.findings
            if columns.isOpen { openViews.append(view.object.name) }
        } catch {
            lose(view, error, &relations)
        }
    }

    private mutating func add(
        _ view: ViewSource, _ translated: TranslatedQuery, _ relations: inout Relations
    ) {
        var result = translated
        let name = names.view(view.object.name)
        let outputs = names.viewColumns(result.columns.map(\.name), of: view.object.name)
        for position in outputs.indices { result.columns[position].output = outputs[position] }
        target.views.append(
            TargetView(
                source: view.object.name, name: name,
                columns: result.columns.map { TargetView.Column(name: $0.output, type: $0.value.type) },
                query: result.query))
        relations.add(ViewDraft(name: view.object.name, target: name, columns: result.columns))
        var remarks: [QueryRemark] = []
        for remark in result.query.allRemarks where !remarks.contains(remark) { remarks.append(remark) }
        findings += remarks.map { $0.finding(of: view.object) }
    }

    private mutating func lose(_ view: ViewSource, _ error: Untranslatable, _ relations: inout Relations) {
        relations.miss(view.object.name, because: "is not carried")
        findings.append(
            Finding(
                "view-not-carried", .loss, at: Location(view.object.name),
                "The view is not carried because \(error.reason).",
                fix: "Write it for Postgres.", sql: view.object.sql))
    }
}

/// A view of the source with its parsed text.
private struct ViewSource {
    let object: SourceObject
    private let parsed: Result<CreateView, Untranslatable>
    private let tableNames: Set<String>

    init(_ object: SourceObject) {
        self.object = object
        let folded = SQLiteName.folded(object.name)
        do throws(SyntaxError) {
            guard case .createView(let definition, _) = try object.definition() else {
                parsed = .failure(Untranslatable("its text is no CREATE VIEW"))
                tableNames = []
                return
            }
            parsed = .success(definition)
            tableNames = definition.query.tableNames.subtracting([folded])
        } catch {
            parsed = .failure(Untranslatable("its text is not understood: \(error)"))
            tableNames = []
        }
    }

    func definition() throws(Untranslatable) -> CreateView { try parsed.get() }

    func needs(_ other: ViewSource) -> Bool { tableNames.contains(SQLiteName.folded(other.object.name)) }
}

extension QueryRemark {
    func finding(of view: SourceObject) -> Finding {
        switch self {
        case .bareColumn(let column):
            Finding(
                "view-bare-column", .loss, at: Location(view.name),
                "\(column) is neither grouped nor aggregated: SQLite shows the value of any row of the group, "
                    + "and the view shows that of the first.",
                fix: "Group by the column, or wrap it in min() or max().", sql: view.sql)
        case .representative(let column):
            Finding(
                "view-representative", .loss, at: Location(view.name),
                "Values of \(column) that are equal under its collation are written in several ways: which one "
                    + "of them shows is not stated by SQLite.",
                fix: "Show lower(\(column)), or store one spelling.", sql: view.sql)
        case .recursiveOrder(let table):
            Finding(
                "view-order-not-kept", .loss, at: Location(view.name),
                "The ORDER BY inside of \(table) decides in which order SQLite finds its rows; Postgres has "
                    + "no such order.",
                fix: "Sort the result by a path that the recursion builds.", sql: view.sql)
        case .severalClasses(let column):
            Finding(
                "view-column-as-text", .loss, at: Location(view.name, column: column),
                "The column holds values of several storage classes: it becomes text.",
                fix: "CAST it in the view to the type that it should have.", sql: view.sql)
        }
    }
}
