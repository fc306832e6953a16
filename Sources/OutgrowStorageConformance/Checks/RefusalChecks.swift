internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What one engine cannot hold both refuse, with the same kind of error.
enum RefusalChecks {
    static let all: [ConformanceCheck] = [
        refused("NaN", Double.nan),
        refused("a signaling NaN", Double.signalingNaN),
        refused("U+0000", "\0"),
        refused("U+0000 inside of a text", "before\0after"),
        refused("a date before year 1", Date(timeIntervalSince1970: -62_135_596_801)),
        refused("a date after year 9999", Date(timeIntervalSince1970: 253_402_300_800)),
        refused("a date that rounds to year 10000", Date(timeIntervalSince1970: 253_402_300_799.999_99)),
        refused("the distant past", Date(timeIntervalSinceReferenceDate: -1e30)),
        refused("an infinite date", Date(timeIntervalSinceReferenceDate: .infinity)),
        refused("a date that is no number", Date(timeIntervalSinceReferenceDate: .nan)),
        refused("a decimal that is no number", Decimal.nan),
        ConformanceCheck(.values, "U+0000 in JSON is refused") { trial in
            try await requireError(.unsupportedValue) {
                let json = try JSON(text: #"{"a":"\u0000"}"#)
                _ = try await trial.storage.read { tx in try tx.one("SELECT \(json)", as: JSON.self) }
            }
        },
        ConformanceCheck(.values, "text that is no JSON is refused") { trial in
            for text in ["", "{", "{'a':1}", "[1,]", "nul", "1 2", "\"a"] {
                try await requireError(.type) { _ = try JSON(text: text) }
            }
            _ = trial
        },
    ]

    private static func refused<Value: SQLConvertible>(_ title: String, _ value: Value) -> ConformanceCheck {
        ConformanceCheck(.values, "\(title) is refused as a value that not both engines can hold") { trial in
            try await trial.schema("CREATE TABLE sample (v \(SQL.columnType(Value.sqlType)))")
            let ways: [(String, @Sendable (Transaction) throws -> Void)] = [
                ("a value", { try $0.execute("INSERT INTO sample VALUES (\(value))") }),
                ("a query", { _ = try $0.rows("SELECT v FROM sample WHERE v = \(value)", as: Value.self) }),
                (
                    "a list",
                    {
                        _ = try $0.rows("SELECT v FROM sample WHERE v IN \(list: [value])", as: Value.self)
                    }
                ),
                (
                    "a row of values",
                    {
                        try $0.execute("INSERT INTO sample VALUES (\(parameter: 1))", forEach: [value])
                    }
                ),
                ("many rows", { try $0.bulkInsert(into: "sample", columns: ["v"], rows: [value]) }),
            ]
            for (_, way) in ways {
                try await requireError(.unsupportedValue) { try await trial.storage.write(.write, way) }
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM sample"), 0, "rows")
        }
    }
}
