package import Compatibility

/// Installs compatibility functions.
extension PostgresDDL {
    /// Returns the statements that install the functions `names`, with all that they call, into the schema
    /// `schema`; none when there is nothing to install.
    ///
    /// They may run again: a function that stands already is replaced.
    ///
    /// - Parameter role: may use the schema and run the functions afterwards; nil leaves it to Postgres, which lets
    ///   everybody run functions but only the owner use the schema.
    package static func installCompatibility(
        _ names: Set<String>, into schema: String = CompatibilityCatalog.defaultSchema,
        for role: String? = nil,
        from catalog: CompatibilityCatalog = .standard
    ) -> [String] {
        let functions = catalog.closure(of: names)
        guard !functions.isEmpty else { return [] }
        let quoted = identifier(schema)
        var statements = ["CREATE SCHEMA IF NOT EXISTS \(quoted);"]
        statements += catalog.statements(for: names, quotedSchema: quoted)
        if let role {
            let signatures = functions.flatMap { function in
                function.overloads.map { overload in
                    "\(qualified(schema, function.name))(\(overload.argumentTypes.joined(separator: ", ")))"
                }
            }
            statements.append("GRANT USAGE ON SCHEMA \(quoted) TO \(identifier(role));")
            statements.append(
                "GRANT EXECUTE ON FUNCTION \(signatures.joined(separator: ", ")) TO \(identifier(role));")
        }
        return statements
    }
}
