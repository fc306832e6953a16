internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Rows as `Decodable` values, by the names of their columns.
enum DecodingChecks {
    private struct Person: Decodable, Equatable, Sendable {
        enum Mood: String, Decodable { case good, bad }

        var id: Int64
        var firstName: String
        var born: Date?
        var isAdmin: Bool
        var height: Double
        var token: UUID
        var balance: Decimal
        var raw: [UInt8]
        var tags: [String]?
        var settings: JSON
        var mood: Mood
        var note: String?
    }

    private struct Number: Decodable, Equatable, Sendable { var n: Int }

    private static let ada = Person(
        id: 7, firstName: "Ada", born: Date(timeIntervalSince1970: -4_861_728_000.5), isAdmin: true,
        height: 1.65,
        token: ValueSamples.uuids[2].1, balance: Decimal(-1_234) / 100, raw: [0, 255], tags: ["a", "ü"],
        settings: ["theme": "dark", "sizes": [1, 2.5]], mood: .good, note: nil)

    private static func insert(_ person: Person, into tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO person VALUES (
                \(person.id), \(person.firstName), \(person.born), \(person.isAdmin), \(person.height), \(person.token),
                \(person.balance), \(person.raw), \(try person.tags.map { try JSON(encoding: $0) }), \(person.settings),
                \(person.mood.rawValue), \(person.note))
            """)
    }

    private static let table: SQL = """
        CREATE TABLE person (
            id bigint PRIMARY KEY, first_name text, born \(SQL.columnType(.date)), is_admin \(SQL.columnType(.boolean)),
            height \(SQL.columnType(.real)), token \(SQL.columnType(.uuid)), balance \(SQL.columnType(.decimal)),
            raw \(SQL.columnType(.bytes)), tags \(SQL.columnType(.json)), settings \(SQL.columnType(.json)),
            mood text, note text)
        """

    static let all: [ConformanceCheck] = [
        check("a row becomes a value by the names of its columns") { trial in
            let found = try await trial.storage.read { tx in
                try tx.one("SELECT * FROM person", decoding: Person.self)
            }
            try requireEqual(found, ada)
        },
        check("the order of the columns does not count, and neither do others") { trial in
            let found = try await trial.storage.read { tx in
                try tx.rows("SELECT \("x") AS other, id AS n FROM person", decoding: Number.self)
            }
            try requireEqual(found, [Number(n: 7)])
        },
        check("a missing column is nil where nil is allowed, and else a type error") { trial in
            struct Partial: Decodable, Equatable, Sendable {
                var id: Int
                var nothing: String?
            }
            let found = try await trial.storage.read { tx in
                try tx.first("SELECT id FROM person", decoding: Partial.self)
            }
            try requireEqual(found, Partial(id: 7, nothing: nil))
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in
                    try tx.rows("SELECT id FROM person", decoding: Number.self)
                }
            }
        },
        check("a column of another type is a type error") { trial in
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in
                    try tx.rows("SELECT first_name AS n FROM person", decoding: Number.self)
                }
            }
        },
        check("NULL is a type error where nil is not allowed") { trial in
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in
                    try tx.rows("SELECT \(Int?.none) AS n", decoding: Number.self)
                }
            }
        },
        check("a stream decodes its rows too") { trial in
            var found: [Int] = []
            for try await number in trial.storage.stream(
                counting(to: 50), decoding: Number.self, batchSize: 7)
            {
                found.append(number.n)
            }
            try requireEqual(found, Array(1...50))
        },
    ]

    private static func check(
        _ name: String, _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.rows, name) { trial in
            try await trial.schema(table)
            try await trial.storage.write { tx in try insert(ada, into: tx) }
            try await body(trial)
        }
    }
}
