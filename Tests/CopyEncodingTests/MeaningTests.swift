import SQLiteClient
import Schema
import Testing

@testable import CopyEncoding

/// What verification must tell apart, and what it must not.
@Suite("Meaning of values")
struct MeaningTests {
    static let different: [(ValueCodec, SourceValue, SourceValue)] = [
        (.double, .real(0), .real(-0.0)), (.double, .real(1), .real(1.0.nextUp)), (.text, .null, .text("")),
        (.text, .text("a"), .text("a ")), (.bytes, .blob([1, 2]), .blob([1, 3])), (.bytes, .blob([]), .null),
        (.integer, .integer(.max), .integer(.max - 1)), (.numeric(nil), .real(0.1), .real(0.01)),
        (.numeric(nil), .integer(10), .integer(100)), (.numeric(nil), .integer(5), .integer(-5)),
        (.timestamp, .text("2024-01-01 00:00:00.000001"), .text("2024-01-01 00:00:00.000002")),
        (
            .timestampWithTimeZone(assumedOffset: nil), .text("2024-01-01 00:00:00Z"),
            .text("2024-01-01 00:00:00+00:01")
        ),
        (.json, .text("[1,2]"), .text("[2,1]")), (.json, .text("null"), .null),
        (.textFromNumbers, .integer(1), .real(1)), (.boolean, .integer(0), .integer(1)),
        (.text, .text([UInt8](repeating: 97, count: 5000)), .text([UInt8](repeating: 97, count: 5001))),
    ]

    @Test(arguments: different)
    func `different values have different hashes`(
        _ codec: ValueCodec, _ one: SourceValue, _ other: SourceValue
    ) throws {
        let hashes = try hashes([[one], [other]], [codec])
        #expect(hashes[0] != hashes[1])
    }

    static let equal: [(ValueCodec, SourceValue, SourceValue)] = [
        (.integer, .integer(1), .real(1)), (.double, .integer(1), .real(1)),
        (.numeric(nil), .integer(100), .real(100)),
        (.timestamp, .text("2024-01-01"), .text("2024-01-01T00:00:00Z")),
        (
            .timestampWithTimeZone(assumedOffset: 3600), .text("2024-01-01 01:00:00"),
            .text("2024-01-01 02:30+02:30")
        ),
        (.time, .text("12:30"), .text("12:30:00.000")),
        (.uuid, .text("{01234567-89AB-cdef-fedc-ba9876543210}"), .text("0123456789abcdeffedcba9876543210")),
        (.json, .text(#"{"a":1,"b":[1.0]}"#), .text(#"{ "b" : [1], "a" : 1 }"#)),
        (.bytesFromText, .text("ab"), .blob([0x61, 0x62])),
    ]

    @Test(arguments: equal)
    func `equal values have the same hash`(
        _ codec: ValueCodec, _ one: SourceValue, _ other: SourceValue
    ) throws {
        let hashes = try hashes([[one], [other]], [codec])
        #expect(hashes[0] == hashes[1])
    }

    @Test func `no border between two columns can move unseen`() throws {
        let rows: [[SourceValue]] = [
            [.text("a"), .text("bc")], [.text("ab"), .text("c")], [.text("abc"), .text("")],
            [.null, .text("abc")],
            [.text("bc"), .text("a")],
        ]
        #expect(Set(try hashes(rows, [.text, .text])).count == rows.count)
    }

    private func hashes(_ rows: [[SourceValue]], _ codecs: [ValueCodec]) throws -> [UInt128] {
        let source = try SourceRows(rows)
        let statement = try source.statement()
        var hasher = SourceRowHasher(codecs: codecs, key: HashKey(first: 5, second: 6))
        var hashes: [UInt128] = []
        while try statement.step() { hashes.append(try hasher.hash(statement.value(at:))) }
        return hashes
    }
}
