import Compatibility
import Foundation
import PostgresClient
import PostgresDDL
import TestSupport
import Testing

@Suite("The catalog of compatibility functions")
struct CatalogTests {
    static let catalog = CompatibilityCatalog.standard

    /// Name, arguments, result and volatility of everything, as the catalog says and as Postgres says.
    @Test func `says what Postgres says after installing it`() async throws {
        let database = try await InstalledFunctions.shared.database()
        let connection = try await database.connect()
        let sql = """
            SELECT proname || '(' || pg_catalog.array_to_string(ARRAY(
              SELECT pg_catalog.format_type(t, NULL) FROM unnest(proargtypes) AS t), ', ') || ') '
              || provolatile::text || ' ' || pg_catalog.pg_get_function_result(oid)
            FROM pg_catalog.pg_proc WHERE pronamespace = 'sqlite'::regnamespace
            """
        let installed = try await connection.run { connection in
            try connection.query(sql).rows.compactMap { $0[0] }
        }
        await connection.close()
        let described = Self.catalog.functions.flatMap { function in
            function.overloads.map { overload in
                let types = overload.argumentTypes.map { $0.replacing(/\bint\b/, with: "integer") }
                let result = overload.result.replacing(/\bint\b/, with: "integer").replacing(
                    "TABLE (", with: "TABLE(")
                return
                    "\(function.name)(\(types.joined(separator: ", "))) \(overload.volatility.rawValue.prefix(1)) \(result)"
            }
        }
        #expect(Set(installed) == Set(described))
        #expect(installed.count == described.count)
    }

    @Test func `has one entry for a name, with a sentence`() {
        let names = Self.catalog.functions.map(\.name)
        #expect(Set(names).count == names.count)
        for function in Self.catalog.functions {
            #expect(!function.overloads.isEmpty, "\(function.name)")
            #expect(function.summary.hasSuffix("."), "\(function.name): \(function.summary)")
            #expect(
                function.dependencies.allSatisfy { Self.catalog.function(named: $0) != nil },
                "\(function.name) calls \(function.dependencies)")
        }
    }

    /// Only what it calls comes along, whatever the schema is called.
    @Test func `installs each function alone, in an order that works`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        for function in Self.catalog.functions {
            let statements = PostgresDDL.installCompatibility([function.name], into: "Sq\"x", for: nil)
            let count = try await connection.run { connection in
                _ = try connection.execute(statements.joined(separator: "\n"))
                let result = try connection.query(
                    "SELECT count(DISTINCT proname) FROM pg_proc WHERE pronamespace = '\"Sq\"\"x\"'::regnamespace"
                )
                _ = try connection.execute("SET client_min_messages = error; DROP SCHEMA \"Sq\"\"x\" CASCADE")
                return result[0, 0]
            }
            #expect(count == "\(Self.catalog.closure(of: [function.name]).count)", "\(function.name)")
        }
        await connection.close()
    }

    @Test func `is quiet about names that it does not have`() {
        #expect(PostgresDDL.installCompatibility(["no_such_function"]).isEmpty)
        #expect(Self.catalog.function(named: "no_such_function") == nil)
    }

    /// A builtin is found by its schema, or a function of the user's with the same name would be called.
    @Test func `qualifies every call inside`() throws {
        let words: Set<Substring> = [
            "coalesce", "nullif", "greatest", "least", "case", "in", "values", "and", "or", "not", "when",
            "then",
            "else", "as", "array", "exists", "any", "all", "from", "where", "select", "table", "with", "by",
            "if",
            "elsif", "loop", "while", "between", "using", "over", "filter", "returns", "numeric", "bit",
            "row",
        ]
        for function in Self.catalog.functions {
            for statement in Self.catalog.statements(for: [function.name], quotedSchema: "s") {
                guard let body = statement.split(separator: "$$", maxSplits: 1).dropFirst().first else {
                    continue
                }
                let code = body.replacing(/--[^\n]*/, with: "").replacing(/'(?:[^']|'')*'/, with: "''")
                let calls = code.matches(of: /(?:^|[^\w.])([a-z_][a-z0-9_]*)\(/).map(\.output.1)
                #expect(calls.allSatisfy { words.contains($0) }, "\(function.name): \(calls)")
            }
        }
    }
}

@Suite("The reference of compatibility functions")
struct ReferenceTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/reference/compatibility-functions.md")

    /// `GOLDEN=update` writes it.
    @Test func `is the catalog`() throws {
        let page = CompatibilityReference.page(of: .standard)
        if ProcessInfo.processInfo.environment["GOLDEN"] == "update" {
            try page.write(to: Self.path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.path, encoding: .utf8) == page)
    }
}
