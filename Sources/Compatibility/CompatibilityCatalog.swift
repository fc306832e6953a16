/// All compatibility functions, read from the SQL files beside this one.
///
/// The files are the catalog: each function says in its header what it does and where it differs, and its
/// signatures say the rest. A test compares what is read here with what Postgres says after installing it.
package struct CompatibilityCatalog: Sendable {
    /// Stands in the files wherever the schema belongs.
    package static let placeholder = "@schema@"
    /// Where functions go unless somebody chooses another schema.
    package static let defaultSchema = "sqlite"

    /// What this build brings along.
    package static let standard = CompatibilityCatalog(files: EmbeddedFiles.all)

    /// In the order of the files.
    package let functions: [CompatibilityFunction]
    private let positions: [String: Int]

    init(files: [String]) {
        functions = files.flatMap { CompatibilityFile(text: $0).functions }
        positions = Dictionary(functions.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// nil when there is no such function.
    package func function(named name: String) -> CompatibilityFunction? {
        positions[name].map { functions[$0] }
    }

    /// Returns the statements that create the functions `names` and all that they call, in an order that works.
    ///
    /// Names that the catalog does not have are passed over. `schema` is quoted already.
    package func statements(for names: Set<String>, quotedSchema schema: String) -> [String] {
        overloads(for: names).map { overload in
            replacingPlaceholder(in: overload.statement, by: schema)
        }
    }

    /// The functions `names` and all that they call, in the order of the catalog.
    package func closure(of names: Set<String>) -> [CompatibilityFunction] {
        var found: Set<String> = []
        var open = names.filter { positions[$0] != nil }
        while let name = open.popFirst() {
            guard found.insert(name).inserted, let function = function(named: name) else { continue }
            open.formUnion(function.dependencies.subtracting(found))
        }
        return functions.filter { found.contains($0.name) }
    }

    private func overloads(for names: Set<String>) -> [CompatibilityFunction.Overload] {
        let needed = closure(of: names)
        let all = needed.flatMap(\.overloads)
        var queries: [CompatibilityFunction.Overload] = []
        var visited: Set<String> = []
        for function in needed { appendQueries(of: function, to: &queries, visited: &visited) }
        return all.filter { $0.form == .procedure } + queries + all.filter { $0.form == .aggregate }
    }

    /// Queries after the queries that they call; those of one function stay in the order of its file.
    private func appendQueries(
        of function: CompatibilityFunction, to result: inout [CompatibilityFunction.Overload],
        visited: inout Set<String>
    ) {
        guard visited.insert(function.name).inserted else { return }
        let queries = function.overloads.filter { $0.form == .query }
        for name in queries.reduce(into: Set<String>(), { $0.formUnion($1.calls) }).sorted() {
            guard let callee = self.function(named: name) else { continue }
            appendQueries(of: callee, to: &result, visited: &visited)
        }
        result += queries
    }

    private func replacingPlaceholder(in text: String, by schema: String) -> String {
        text.split(separator: Self.placeholder, omittingEmptySubsequences: false).joined(separator: schema)
    }
}
