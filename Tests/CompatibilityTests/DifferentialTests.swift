import Compatibility
import Foundation
import PostgresClient
import PostgresDDL
import SQLiteClient
import TestSupport
import Testing

/// Made-up arguments through SQLite itself and through the functions in a real Postgres: the same class and the
/// same value, doubles to the last bit, and an error where SQLite has one.
///
/// `OUTGROW_FUZZ_SEED` and `OUTGROW_FUZZ_COUNT` choose other rows and more of them; `make fuzz` sets them.
/// One after the other: hundreds of connections at once would time out.
@Suite("Compatibility functions against SQLite", .serialized)
struct DifferentialTests {
    static let seed =
        ProcessInfo.processInfo.environment["OUTGROW_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_240_229
    static let count = ProcessInfo.processInfo.environment["OUTGROW_FUZZ_COUNT"].flatMap(Int.init) ?? 400

    @Test(arguments: FuzzCases.all)
    func `give what SQLite gives`(_ fuzz: FuzzCase) async throws {
        var random = SplitMix64(seed: Self.seed ^ UInt64(truncatingIfNeeded: Self.stableHash(fuzz.name)))
        let database = try await InstalledFunctions.shared.database()
        let connection = try await database.connect()
        let sqlite = try SQLiteSide()
        var left = max(1, Int(Double(Self.count) * fuzz.share))
        var differences: [String] = []
        while left > 0, differences.count < 10 {
            let rows = (0..<min(left, 2000)).map { _ in fuzz.makeRow(&random) }
            left -= rows.count
            let wanted = try rows.map { try sqlite.result(of: fuzz, $0) }
            let found = try await connection.run { connection in
                try PostgresSide.results(of: fuzz, rows, connection)
            }
            for (row, pair) in zip(rows, zip(wanted, found)) where pair.0 != pair.1 {
                differences.append("\(row): SQLite \(pair.0), Postgres \(pair.1)")
            }
        }
        await connection.close()
        #expect(
            differences.isEmpty,
            "seed \(Self.seed): \(fuzz.postgres)\n\(differences.prefix(10).joined(separator: "\n"))")
    }

    /// A name gets the same rows whatever other cases there are.
    private static func stableHash(_ text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}

/// One database with every function, for all tests of the process.
actor InstalledFunctions {
    static let shared = InstalledFunctions()
    private var making: Task<TestDatabase, any Error>?

    func database() async throws -> TestDatabase {
        if let making { return try await making.value }
        let task = Task {
            let database = try await EphemeralPostgres.shared.emptyDatabase()
            let names = Set(CompatibilityCatalog.standard.functions.map(\.name))
            try await database.execute(
                (PostgresDDL.installCompatibility(names) + [PostgresSide.spelling]).joined(separator: "\n"))
            return database
        }
        making = task
        return try await task.value
    }
}

/// Asks SQLite.
struct SQLiteSide {
    private let connection: SQLiteConnection

    init() throws {
        connection = try SQLiteConnection.inMemory()
        try connection.execute(
            "CREATE TABLE affinity(numeric_ NUMERIC, integer_ INTEGER, real_ REAL, text_ TEXT)")
    }

    func result(of fuzz: FuzzCase, _ row: [FuzzValue]) throws -> String {
        var values: [FuzzValue] = []
        var marks = ""
        var rows: [String] = []
        for value in row {
            guard case .list(let elements) = value else {
                values.append(value)
                continue
            }
            for element in elements {
                values.append(element)
                marks += ", ?\(values.count)"
                rows.append("(?\(values.count))")
            }
        }
        let expression = fuzz.sqlite.replacing("*", with: marks)
            .replacing("#", with: rows.joined(separator: ", "))
        let isStatement = expression.hasPrefix("INSERT")
        let text = fuzz.types.contains(where: \.isList) ? expression : fuzz.sqlite
        let statement = try connection.prepare(isStatement ? text : "SELECT \(text)")
        defer { statement.finalize() }
        for (position, value) in values.enumerated() { try value.bind(to: statement, at: position + 1) }
        do {
            guard try statement.step() else { return "no row" }
            return Self.value(of: statement).canonical
        } catch {
            return "error"
        }
    }

    private static func value(of statement: SQLiteStatement) -> FuzzValue {
        let value = statement.value(at: 0)
        switch value.storageClass {
        case .null: return .null
        case .integer: return .integer(value.integer)
        case .real: return .real(value.real)
        case .text: return .text(String(decoding: unsafe Array(value.bytes), as: UTF8.self))
        case .blob: return unsafe .blob(Array(value.bytes))
        }
    }
}

extension FuzzType {
    var isList: Bool { self == .texts || self == .anys }
}

/// Asks Postgres, many rows in one statement.
enum PostgresSide {
    /// A result of any type in the spelling of `FuzzValue.canonical`.
    static let spelling = """
        CREATE SCHEMA fuzz;
        CREATE FUNCTION fuzz.spell(x bigint) RETURNS text LANGUAGE sql AS $$ SELECT coalesce('i' || x, 'n') $$;
        CREATE FUNCTION fuzz.spell(x boolean) RETURNS text LANGUAGE sql AS $$ SELECT coalesce('i' || x::int, 'n') $$;
        CREATE FUNCTION fuzz.spell(x text) RETURNS text LANGUAGE sql AS $$ SELECT coalesce('t' || x, 'n') $$;
        CREATE FUNCTION fuzz.spell(x bytea) RETURNS text LANGUAGE sql AS
          $$ SELECT coalesce('b' || encode(x, 'hex'), 'n') $$;
        CREATE FUNCTION fuzz.spell(x double precision) RETURNS text LANGUAGE sql AS
          $$ SELECT coalesce('r' || encode(float8send(CASE WHEN x = 0 THEN 0 ELSE x END), 'hex'), 'n') $$;
        CREATE FUNCTION fuzz.spell(x numeric) RETURNS text LANGUAGE sql AS
          $$ SELECT CASE WHEN x IS NULL THEN 'n' WHEN scale(x) = 0 THEN 'i' || x
             ELSE fuzz.spell(x::double precision) END $$;
        CREATE FUNCTION fuzz.spell(x jsonb) RETURNS text LANGUAGE sql AS
          $$ SELECT CASE jsonb_typeof(x) WHEN 'string' THEN 't' || (x #>> '{}')
             WHEN 'number' THEN fuzz.spell((x #>> '{}')::numeric)
             WHEN 'object' THEN CASE WHEN x ? 'b' THEN 'b' || (x ->> 'b')
               ELSE fuzz.spell((x ->> 'r')::double precision) END
             ELSE CASE WHEN x IS NULL THEN 'n' ELSE 'neither: ' || x::text END END $$;
        """

    static func results(
        of fuzz: FuzzCase, _ rows: [[FuzzValue]], _ connection: isolated PostgresConnection
    ) throws -> [String] {
        let columns = fuzz.types.indices.map { "a\($0 + 1)" }
        var expression = fuzz.postgres.replacing("@", with: "sqlite.")
        for (position, column) in columns.enumerated() {
            expression = expression.replacing("$\(position + 1)", with: column)
        }
        let parameters = zip(columns, fuzz.types).map { "\($0) \($1.name)" }.joined(separator: ", ")
        // An error of one row must not end the others.
        _ = try connection.execute(
            """
            CREATE OR REPLACE FUNCTION pg_temp.result(\(parameters)) RETURNS text LANGUAGE plpgsql AS $body$
            BEGIN RETURN fuzz.spell(\(expression)); EXCEPTION WHEN others THEN
              RETURN CASE WHEN SQLSTATE LIKE '42%' THEN 'error ' || SQLERRM ELSE 'error' END;
            END $body$
            """)
        let values = rows.enumerated().map { number, row in
            "(\(number), \(zip(row, fuzz.types).map { $0.literal(as: $1) }.joined(separator: ", ")))"
        }
        let list = columns.joined(separator: ", ")
        let result = try connection.query(
            """
            SELECT pg_temp.result(\(list)) FROM (VALUES \(values.joined(separator: ","))) AS v(n, \(list))
            ORDER BY n
            """)
        return (0..<result.rowCount).map { result[$0, 0] ?? "nothing" }
    }
}
