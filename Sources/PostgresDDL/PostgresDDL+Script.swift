package import Schema

extension PostgresDDL {
    /// Returns the whole schema for `psql -f`, in one transaction.
    ///
    /// - Parameter identities: where identity columns must stand, by target table; empty for a schema
    /// without rows.
    package static func script(
        for target: TargetSchema, identities: [(table: String, identity: IdentityPlan)] = []
    ) -> String {
        let ddl = PostgresDDL(for: target)
        var sections = [header, "-- pre-data\n\n" + ddl.preData(of: target).joined(separator: "\n\n")]
        let after =
            ddl.postData(of: target) + identities.map { ddl.setSequencePosition($0.identity, of: $0.table) }
        if !after.isEmpty { sections.append("-- post-data\n\n" + after.joined(separator: "\n")) }
        if !target.views.isEmpty { sections.append("-- views") }
        sections += target.views.map(ddl.createView)
        if !target.triggers.isEmpty { sections.append("-- triggers") }
        sections += target.triggers.map { ddl.createTrigger($0).joined(separator: "\n") }
        return (sections + ["COMMIT;"]).joined(separator: "\n\n") + "\n"
    }

    /// The schema and its tables: what must stand before rows arrive.
    package func preData(of target: TargetSchema) -> [String] {
        [createSchema()] + installFunctions(of: target) + target.tables.map(createTable)
    }

    /// The compatibility functions that anything of the schema calls, before all that calls them.
    package func installFunctions(of target: TargetSchema) -> [String] {
        let names = target.compatibilityFunctions
        guard !names.isEmpty else { return [] }
        let schema = target.compatibilitySchema
        var statements = Self.installCompatibility(names, into: schema, for: target.compatibilityRole)
        // What stands in a body is looked up by whoever runs it.
        if target.compatibilityRole == nil, !statements.isEmpty {
            statements.append("GRANT USAGE ON SCHEMA \(Self.identifier(schema)) TO PUBLIC;")
        }
        return statements
    }

    /// Keys, checks and indexes table by table, then foreign keys: what is cheaper after the rows.
    package func postData(of target: TargetSchema) -> [String] {
        target.tables.flatMap { postData(of: $0, in: target) } + target.foreignKeys.map { addForeignKey($0) }
    }

    /// One table's keys, checks and indexes.
    package func postData(of table: TargetTable, in target: TargetSchema) -> [String] {
        let keys = [addPrimaryKey(of: table)].compactMap(\.self) + addUniques(of: table)
        let indexes = target.indexes.filter { $0.table == table.name }.map(createIndex)
        return keys + addChecks(of: table) + indexes
    }

    private static let header = """
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        SET client_min_messages = warning;
        SELECT pg_catalog.set_config('search_path', '', false);

        BEGIN;
        """
}
