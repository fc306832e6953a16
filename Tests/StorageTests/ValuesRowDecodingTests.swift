internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import OutgrowStorage

/// What both backends must answer alike, asked through them.
@Suite struct ValuesRowDecodingTests {
    struct Pet: Codable, Equatable {
        enum Kind: String, Codable { case cat, dog }
        var kind: Kind
        var age: UInt64
    }

    struct Person: Codable, Equatable {
        enum Mood: String, Codable { case good, bad }
        enum Level: Int, SQLConvertible, Codable { case low = 1, high = 2 }

        var id: Int64
        var firstName: String
        var born: Date?
        var isAdmin: Bool
        var height: Double
        var ratio: Float?
        var small: Int16?
        var big: UInt64
        var token: UUID
        var balance: Decimal
        var photo: Data
        var raw: [UInt8]
        var tags: [String]?
        var pets: [Pet]
        var settings: JSON
        var mood: Mood
        var level: Level
        var note: String?
        var missing: String?
    }

    private static func storages() async throws -> [any Storage] {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        return [
            try await SQLiteStorage.inMemory(), try await PostgresStorage.open(database.conninfo, .init()),
        ]
    }

    private func onBoth(_ body: @Sendable (any Storage) async throws -> Void) async throws {
        for storage in try await Self.storages() {
            do {
                try await body(storage)
            } catch {
                Issue.record("\(storage.dialect): \(error)")
            }
            await storage.shutdown()
        }
    }

    private let person = Person(
        id: 7, firstName: "Ada", born: InstantText.date(microseconds: -4_861_728_000_123_456), isAdmin: true,
        height: 1.65,
        ratio: nil, small: -3, big: 12, token: UUID(), balance: Decimal(string: "12.50") ?? 0,
        photo: Data([0, 1, 255]),
        raw: [7, 8], tags: ["a", "é"], pets: [Pet(kind: .cat, age: 18_000_000_000_000_000_000)],
        settings: ["x": [1, 2.5, nil]], mood: .good, level: .high, note: nil, missing: nil)

    private static let query: SQL =
        """
        SELECT id, first_name, born, is_admin, height, ratio, small, big, token, balance, photo, raw, tags, pets, settings,
        mood, level, note FROM person ORDER BY id
        """

    private static func fill(_ tx: Transaction, with person: Person) throws {
        try tx.execute(
            """
            CREATE TABLE person (id \(SQL.identityKey), first_name TEXT, born \(SQL.columnType(.date)),
            is_admin \(SQL.columnType(.boolean)), height \(SQL.columnType(.real)), ratio \(SQL.columnType(.real)),
            small \(SQL.columnType(.integer)), big \(SQL.columnType(.integer)), token \(SQL.columnType(.uuid)),
            balance \(SQL.columnType(.decimal)), photo \(SQL.columnType(.bytes)), raw \(SQL.columnType(.bytes)),
            tags \(SQL.columnType(.json)), pets \(SQL.columnType(.json)), settings \(SQL.columnType(.json)),
            mood TEXT, level \(SQL.columnType(.integer)), note TEXT)
            """)
        try tx.execute(
            SQL.insert(
                into: "person",
                [
                    "id": person.id, "first_name": person.firstName, "born": person.born,
                    "is_admin": person.isAdmin,
                    "height": person.height, "ratio": person.ratio, "small": person.small,
                    "big": Int64(person.big),
                    "token": person.token, "balance": person.balance, "photo": person.photo,
                    "raw": person.raw,
                    "tags": try JSON(encoding: person.tags), "pets": try JSON(encoding: person.pets),
                    "settings": person.settings, "mood": person.mood.rawValue, "level": person.level,
                    "note": person.note,
                ]))
    }

    @Test func `a row becomes a struct on both`() async throws {
        let person = person
        try await onBoth { storage in
            let found = try await storage.write { tx in
                try Self.fill(tx, with: person)
                try tx.execute("INSERT INTO person (id, first_name) VALUES (8, 'incomplete')")
                return [
                    try tx.one("\(Self.query) LIMIT 1", decoding: Person.self),
                    try tx.first(Self.query, decoding: Person.self),
                ]
            }
            #expect(found == [person, person])
            var streamed: [Person] = []
            for try await one in storage.stream("\(Self.query) LIMIT 1", decoding: Person.self) {
                streamed.append(one)
            }
            #expect(streamed == [person])
        }
    }

    struct Tiny: Decodable { var id: Int8 }
    struct Broken: Decodable { var id: [Pet] }

    @Test func `what does not fit is an error of the kind type on both`() async throws {
        try await onBoth { storage in
            for query in [
                "SELECT 300 AS id", "SELECT NULL AS id", "SELECT 'x' AS id", "SELECT 1 AS other",
                "SELECT 1 AS id, 2 AS id",
            ] as [SQL] {
                let error = await #expect(throws: StorageError.self) {
                    try await storage.read { tx in _ = try tx.rows(query, decoding: Tiny.self) }
                }
                #expect(error?.kind == .type, "\(storage.dialect) \(query)")
            }
            let error = await #expect(throws: StorageError.self) {
                try await storage.read { tx in
                    _ = try tx.rows("SELECT '[{\"kind\":\"cow\"}]' AS id", decoding: Broken.self)
                }
            }
            #expect(error?.kind == .type)
            #expect(error?.description.contains("cow") == false)
            let none = try await storage.read { tx in
                try tx.first("SELECT 1 AS id WHERE FALSE", decoding: Tiny.self) == nil
            }
            #expect(none)
        }
    }

    @Test(arguments: [
        ("firstName", "first_name"), ("id", "id"), ("userID", "user_id"),
        ("urlOfHTTPServer", "url_of_http_server"),
        ("already_snake", "already_snake"), ("A", "a"), ("x1Y", "x1_y"), ("", ""),
    ])
    func `a key in snake case`(_ key: String, _ column: String) {
        #expect(RowLayout.snakeCase(key) == column)
    }

    @Test func `JSON is itself Codable`() throws {
        let json = try JSON(
            text: #"{"a":[1,2.5,null,true,"x",{"b":[]}],"big":12345678901234567890123456789.5}"#)
        struct Holder: Codable, Equatable { var json: JSON }
        let text = try JSON(encoding: Holder(json: json))
        #expect(text["json"] == json)
        #expect(try text.decode(Holder.self) == Holder(json: json))
    }

    /// The helpers once more, with values that are bound and read by the backends.
    @Test func `helpers with bound values answer alike on both`() async throws {
        let moment = InstantText.date(microseconds: 1_795_447_200_123_456)
        try await onBoth { storage in
            try await storage.write { tx in
                func one<Value: SQLDecodable & Equatable>(_ expression: SQL, _ expected: Value) throws {
                    #expect(
                        try tx.one("SELECT \(expression)", as: Value.self) == expected,
                        "\(storage.dialect) \(expression)")
                }
                let at: SQL = "\(moment)"
                try one(SQL.adding(seconds: "\(60)", to: at), moment.addingTimeInterval(60))
                try one(SQL.adding(days: "\(-2)", to: at), moment.addingTimeInterval(-172_800))
                try one(SQL.start(of: .day, in: at), InstantText.date(microseconds: 1_795_392_000_000_000))
                try one(SQL.part(.hour, of: at), 15)
                try one(SQL.seconds(from: at, to: SQL.adding(seconds: "\(90)", to: at)), 90.0)
                try one("\(SQL.now) > \(moment.addingTimeInterval(-1e9))", true)
                try one("\(SQL.now) < \(Date().addingTimeInterval(600))", true)
                try one(SQL.like("\("Ada")", "a%", ignoringCase: true), true)
                try one(SQL.contains("\("100%")", "0%"), true)
                try one(SQL.foldingCase("\("ADA É")"), "ada É")
                try one(SQL.position(of: "\("b")", in: "\("abc")"), 2)
                try one(SQL.hex("\([10, 11] as [UInt8])"), "0A0B")
                try one(SQL.greatest("\(1.5)", "\(2.5)"), 2.5)
                try one(SQL.greatest(at, SQL.adding(seconds: "1", to: at)), moment.addingTimeInterval(1))
                try one(SQL.least("\(3)", "\(nil as Int?)"), nil as Int?)
                try one(SQL.randomInteger(in: 5..<6), 5)
                try one("\(SQL.randomReal) < 1.0", true)
                let json: JSON = ["a": ["x", 2, 2.5, true]]
                try one(try SQL.json("\(json)", "a", 0, as: .text), "x")
                try one(try SQL.json("\(json)", "a", 1, as: .integer), 2)
                try one(try SQL.json("\(json)", "a", 2, as: .real), 2.5)
                try one(try SQL.json("\(json)", "a", 3, as: .boolean), true)
                try one(try SQL.json("\(json)", "a", as: .json), ["x", 2, 2.5, true] as JSON)
                try one(try SQL.json("\(json)", "b", as: .text), nil as String?)
            }
        }
    }

    @Test func `a portable storage refuses, and lets pass`() async throws {
        try await onBoth { storage in try await Self.checkPortable(storage) }
    }

    private static func checkPortable<Base: Storage>(_ base: Base) async throws {
        let storage = PortableStorage(base)
        let error = await #expect(throws: StorageError.self) {
            try await storage.write { tx in _ = try tx.one("SELECT now()", as: Date.self) }
        }
        #expect(error?.kind == .notPortable)
        let feeding = await #expect(throws: StorageError.self) {
            try await storage.write { tx in
                _ = try tx.execute("INSERT OR IGNORE INTO t VALUES (\(parameter: 1))", forEach: [1])
            }
        }
        #expect(feeding?.kind == .notPortable)
        await #expect(throws: StorageError.self) {
            for try await _ in storage.stream("SELECT 1::int", as: Int.self) {}
        }
        #expect(try await storage.read { tx in try tx.one("SELECT \(SQL.now) IS NOT NULL", as: Bool.self) })
        #expect(try await storage.read { tx in try tx.one("SELECT 1", as: Int.self) } == 1)
    }
}
