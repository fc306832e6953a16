internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Every value comes back equal, whichever way it goes in.
enum ValueChecks {
    static let all: [ConformanceCheck] = edges + documents + nulls + random + meaning

    private static let edges: [ConformanceCheck] =
        ValueSamples.integers.map { roundTrip("integer", $0.0, $0.1) }
        + ValueSamples.reals.map { roundTrip("real", $0.0, $0.1) }
        + ValueSamples.booleans.map { roundTrip("boolean", $0.0, $0.1) }
        + ValueSamples.texts.map { roundTrip("text", $0.0, $0.1) }
        + ValueSamples.bytes.map { roundTrip("bytes", $0.0, $0.1) }
        + ValueSamples.dates.map { roundTrip("date", $0.0, $0.1) }
        + ValueSamples.uuids.map { roundTrip("UUID", $0.0, $0.1) }
        + ValueSamples.decimals.map { roundTrip("decimal", $0.0, $0.1) }

    private static func roundTrip<Value: SQLConvertible & Equatable>(
        _ type: String, _ title: String, _ value: Value
    ) -> ConformanceCheck {
        ConformanceCheck(.values, "the \(type) value comes back equal: \(title)") { trial in
            try await trial.comesBack(value)
        }
    }

    private static let documents: [ConformanceCheck] = ValueSamples.documents.map { title, text in
        ConformanceCheck(.values, "the JSON value comes back equal: \(title)") { trial in
            try await trial.comesBack(try JSON(text: text))
        }
    }

    private static let nulls: [ConformanceCheck] = [
        null(of: Int64.self), null(of: Double.self), null(of: Bool.self), null(of: String.self),
        null(of: [UInt8].self), null(of: Date.self), null(of: UUID.self), null(of: Decimal.self),
        null(of: JSON.self),
    ]

    private static func null<Value: SQLConvertible & Equatable>(of type: Value.Type) -> ConformanceCheck {
        ConformanceCheck(
            .values, "a NULL of type \(type.sqlType.rawValue) is nil, and refused where nil is not"
        ) { trial in
            try await trial.schema(
                "CREATE TABLE sample (id bigint PRIMARY KEY, v \(SQL.columnType(type.sqlType)))")
            try await trial.storage.write { tx in
                try tx.execute(
                    "INSERT INTO sample VALUES (1, \(Value?.none)), (2, \(SQLValue.null(type.sqlType)))")
                try tx.bulkInsert(into: "sample", columns: ["id", "v"], rows: [(3, Value?.none)])
            }
            try await trial.storage.read { tx in
                let found = try tx.rows("SELECT v FROM sample ORDER BY id", as: Value?.self)
                try requireEqual(found, [nil, nil, nil])
                try requireEqual(try tx.one("SELECT count(*) FROM sample WHERE v IS NULL", as: Int.self), 3)
            }
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in try tx.rows("SELECT v FROM sample", as: Value.self) }
            }
        }
    }

    // Random values.
    private static let random: [ConformanceCheck] = [
        randomly("integers") { Int64(bitPattern: $0.next()) >> Int64.random(in: 0..<63, using: &$0) },
        randomly("reals") { generator -> Double in
            let real = Double(bitPattern: generator.next())
            return real.isNaN || real.isZero ? 0.5 : real
        },
        randomly("texts") { $0.text() },
        randomly("byte strings") { generator -> [UInt8] in
            (0..<Int.random(in: 0..<64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
        },
        randomly("dates of four thousand years") { generator -> Date in
            // Sixty-fourths of a second, which `Date` and microseconds both hold exactly.
            let sixtyFourths =
                Int64.random(in: -60_000_000_000..<60_000_000_000, using: &generator) * 64
                + Int64.random(in: 0..<64, using: &generator)
            return Date(timeIntervalSinceReferenceDate: Double(sixtyFourths) / 64)
        },
        randomly("UUIDs") { $0.uuid() },
        randomly("decimals") { generator -> Decimal in
            let digits = Decimal(Int64(bitPattern: generator.next()))
            let exponent = Int.random(in: -30...30, using: &generator)
            return digits * Decimal(sign: .plus, exponent: exponent, significand: 1)
        },
    ]

    private static func randomly<Value: SQLConvertible & Equatable>(
        _ title: String, _ make: @escaping @Sendable (inout SeededGenerator) -> Value
    ) -> ConformanceCheck {
        ConformanceCheck(.values, "random \(title) come back equal") { trial in
            var generator = SeededGenerator(seed: trial.seed)
            let values = (0..<200).map { _ in make(&generator) }
            try await trial.schema(
                "CREATE TABLE sample (id bigint PRIMARY KEY, v \(SQL.columnType(Value.sqlType)))")
            try await trial.storage.write { tx in
                let half = values.count / 2
                try tx.execute(
                    "INSERT INTO sample VALUES (\(parameter: 1), \(parameter: 2))",
                    forEach: values.enumerated().prefix(half).map { ($0.offset, $0.element) })
                try tx.bulkInsert(
                    into: "sample", columns: ["id", "v"],
                    rows: values.enumerated().dropFirst(half).map { ($0.offset, $0.element) })
            }
            let found = try await trial.storage.read { tx in
                try tx.rows("SELECT v FROM sample ORDER BY id", as: Value.self)
            }
            for (index, pair) in zip(found, values).enumerated() {
                try requireEqual(pair.0, pair.1, "value \(index)")
            }
            try requireEqual(found.count, values.count, "the number of rows")
        }
    }
}

extension ValueChecks {
    fileprivate static let meaning: [ConformanceCheck] = [
        ConformanceCheck(.values, "a negative zero becomes zero") { trial in
            let found = try await trial.storage.read { tx in try tx.one("SELECT \(-0.0)", as: Double.self) }
            try require(found == 0 && found.sign == .plus, "plus zero", found: "\(found)")
        },
        ConformanceCheck(.values, "a date is rounded to the microsecond, once") { trial in
            let date = Date(timeIntervalSinceReferenceDate: 800_000_000.123_456_7)
            let once = try await trial.storage.read { tx in try tx.one("SELECT \(date)", as: Date.self) }
            let twice = try await trial.storage.read { tx in try tx.one("SELECT \(once)", as: Date.self) }
            let difference = abs(once.timeIntervalSince(date))
            try require(
                difference <= 0.000_000_7, "the nearest microsecond", found: "a difference of \(difference)")
            try requireEqual(twice, once, "the second time")
        },
        orders("integers", [Int64.min, -1, 0, 2, 10, .max]),
        orders("reals", [-Double.infinity, -1.5, 0, 0.25, 2, 10, 1e300, .infinity]),
        orders(
            "dates",
            [-62_135_596_800, -1, -0.5, 0, 0.25, 0.5, 999_999_999, 253_402_300_799].map {
                Date(timeIntervalSince1970: $0)
            }),
        orders("UUIDs", ValueSamples.uuids.map(\.1).sorted { $0.uuidString < $1.uuidString }),
        orders(
            "byte strings", [[], [0], [0, 0], [0, 1], [1], [127], [128], [255], [255, 0]] as [[UInt8]]),
        ConformanceCheck(.values, "Data is bytes") { trial in
            let value = Data([0, 1, 254, 255])
            let found = try await trial.storage.read { tx in
                try tx.one("SELECT \(value), \(value)", as: Data.self, [UInt8].self)
            }
            try requireEqual(found.0, value)
            try requireEqual(found.1, [0, 1, 254, 255])
        },
        ConformanceCheck(.values, "Int is Int64") { trial in
            let found = try await trial.storage.read { tx in
                try tx.one("SELECT \(Int.max), \(Int64.min)", as: Int64.self, Int.self)
            }
            try require(found == (Int64(Int.max), Int.min), "the same numbers", found: "\(found)")
        },
        ConformanceCheck(.values, "an enumeration of texts is stored as its raw value") { trial in
            try await trial.comesBack(Color.green)
            let text = try await trial.storage.read { tx in try tx.one("SELECT \(Color.red)", as: String.self)
            }
            try requireEqual(text, "red")
        },
        ConformanceCheck(.values, "an enumeration of integers is stored as its raw value") { trial in
            try await trial.comesBack(Level.high)
        },
        ConformanceCheck(.values, "a raw value that no case has is a type error") { trial in
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in try tx.one("SELECT \("mauve")", as: Color.self) }
            }
        },
        ConformanceCheck(.values, "twenty columns come back in their order") { trial in
            let found = try await trial.storage.read { tx in
                try tx.one(
                    "SELECT \(1), \("b"), \(true), \(4.5), \(5), \("f"), \(false), \(8.5), \(9), \("j")",
                    as: Int.self, String.self, Bool.self, Double.self, Int.self, String.self, Bool.self,
                    Double.self, Int.self, String.self)
            }
            try requireEqual("\(found)", #"(1, "b", true, 4.5, 5, "f", false, 8.5, 9, "j")"#)
        },
    ]

    private static func orders<Value: SQLConvertible & Equatable>(
        _ title: String, _ ascending: [Value]
    ) -> ConformanceCheck {
        ConformanceCheck(.values, "\(title) are ordered and compared by their meaning") { trial in
            try await trial.schema("CREATE TABLE sample (v \(SQL.columnType(Value.sqlType)))")
            _ = try await trial.storage.write { tx in
                try tx.bulkInsert(into: "sample", columns: ["v"], rows: ascending.reversed())
            }
            try await trial.storage.read { tx in
                try requireEqual(try tx.rows("SELECT v FROM sample ORDER BY v", as: Value.self), ascending)
                for (index, value) in ascending.enumerated() {
                    let count = try tx.one("SELECT count(*) FROM sample WHERE v < \(value)", as: Int.self)
                    try requireEqual(count, index, "values below \(value)")
                }
            }
        }
    }
}

private enum Color: String, SQLConvertible { case red, green }
private enum Level: Int, SQLConvertible { case low = -1, high = 7 }

extension Trial {
    /// Sends a value in by each way there is, and wants the same back by each way out.
    fileprivate func comesBack<Value: SQLConvertible & Equatable>(_ value: Value) async throws {
        try await schema("CREATE TABLE sample (id bigint PRIMARY KEY, v \(SQL.columnType(Value.sqlType)))")
        try await storage.write { tx in
            try tx.execute("INSERT INTO sample VALUES (1, \(value))")
            try tx.execute(
                "INSERT INTO sample VALUES (\(parameter: 1), \(parameter: 2))", forEach: [(2, value)])
            try tx.bulkInsert(into: "sample", columns: ["id", "v"], rows: [(3, value)])
            try tx.executeAll(["INSERT INTO sample VALUES (4, \(Optional(value)))"])
        }
        try await storage.read { tx in
            for (index, found) in try tx.rows("SELECT v FROM sample ORDER BY id", as: Value.self).enumerated()
            {
                try requireEqual(found, value, "way in number \(index + 1)")
            }
            try requireEqual(try tx.one("SELECT \(value)", as: Value.self), value, "without a table")
            let equal = try tx.one("SELECT count(*) FROM sample WHERE v = \(value)", as: Int.self)
            try requireEqual(equal, 4, "rows that equal the value")
        }
        for try await (id, found) in storage.stream("SELECT id, v FROM sample", as: Int.self, Value.self) {
            try requireEqual(found, value, "row \(id) of a stream")
        }
    }
}

extension SeededGenerator {
    mutating func text() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<40, using: &self) {
            let limit: UInt32 = [0x7F, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &self) ?? 0x7F
            if let scalar = Unicode.Scalar(UInt32.random(in: 1...limit, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }

    mutating func uuid() -> UUID {
        let (a, b) = (next(), next())
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (8 * index)) }
        return UUID(
            uuid: (
                byte(a, 0), byte(a, 1), byte(a, 2), byte(a, 3), byte(a, 4), byte(a, 5), byte(a, 6),
                byte(a, 7),
                byte(b, 0), byte(b, 1), byte(b, 2), byte(b, 3), byte(b, 4), byte(b, 5), byte(b, 6), byte(b, 7)
            ))
    }
}
