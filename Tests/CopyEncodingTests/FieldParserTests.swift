import PostgresClient
import TestSupport
import Testing

@testable import CopyEncoding

@Suite("Field parsers")
struct FieldParserTests {
    private func view<Result>(_ text: String, _ body: (ByteView) -> Result) -> Result {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { unsafe body(ByteView($0)) }
    }

    /// Text, microseconds of the wall clock since 2000-01-01, zone, whether Postgres prints it so.
    static let dateTimes: [(String, Int64, DateTime.Zone, Bool)] = [
        ("2000-01-01 00:00:00", 0, .none, true),
        ("2000-01-01", 0, .none, false),
        ("2000-01-01 00:00", 0, .none, false),
        ("2000-01-01T00:00:01", 1_000_000, .none, false),
        ("2000-01-01 00:00:00.5", 500_000, .none, true),
        ("2000-01-01 00:00:00.50", 500_000, .none, false),
        ("2000-01-01 00:00:00.000001", 1, .none, true),
        ("2000-01-01 00:00:00.000001000", 1, .none, false),
        ("1999-12-31 23:59:59.999999", -1, .none, true),
        ("2000-01-02T00:00:00Z", 86_400_000_000, .utc, false),
        ("2000-01-01 00:00:00+00:00", 0, .utc, false),
        ("2000-01-01 00:00:00 -00:00", 0, .utc, false),
        ("2000-01-01 00:00:00 +02:30", 0, .offset(9000), false),
        ("2000-01-01 00:00:00-0130", 0, .offset(-5400), false),
        ("2000-01-01T00:00+05", 0, .offset(18_000), false),
        ("2000-02-29 12:00:00", 5_140_800_000_000, .none, true),
        ("0001-01-01 00:00:00", -63_082_281_600_000_000, .none, true),
        ("9999-12-31 23:59:59", 252_455_615_999_000_000, .none, true),
    ]

    @Test(arguments: dateTimes)
    func `reads a date-time`(_ text: String, _ wallClock: Int64, _ zone: DateTime.Zone, _ isForm: Bool) throws
    {
        let parsed = try #require(view(text, FieldParsers.dateTime))
        #expect(parsed.wallClock == wallClock)
        #expect(parsed.zone == zone)
        #expect(parsed.isPostgresForm == isForm)
    }

    @Test(arguments: [
        "", "2000", "2000-01-01 ", "2000-01-01T", "2000-1-1", "2000-02-30", "1900-02-29", "2001-02-29",
        "2000-00-10",
        "2000-13-01", "2000-04-31", "2000-01-00", "0000-01-01", "2000-01-01 24:00:00", "2000-01-01 00:60:00",
        "2000-01-01 00:00:60", "2000-01-01 0:00:00", "2000-01-01 00:00:0", "2000-01-01 00:00:00.",
        "2000-01-01 00:00:00.1234567", "2000-01-01 00:00:00,5", "2000-01-01t00:00:00", "2000-01-01 00:00:00z",
        "2000-01-01 00:00:00 ", "2000-01-01 00:00:00 Z", "2000-01-01 00:00:00+", "2000-01-01 00:00:00+1",
        "2000-01-01 00:00:00+16:00", "2000-01-01 00:00:00+01:60", "2000-01-01 00:00:00+01-30",
        "2000-01-01 00:00:00  +01:00", "2000-01-01Z", " 2000-01-01", "12000-01-01", "2000/01/01",
        "2000-01-01 00:00:00Z0",
        "20000101", "2000-01-01  00:00:00", "-001-01-01", "2000-01-01 +1:00:00", "infinity",
    ])
    func `refuses what is no date-time`(_ text: String) {
        #expect(view(text, FieldParsers.dateTime) == nil)
    }

    @Test func `counts days as Postgres does`() {
        for (text, days) in [
            ("2000-01-01", 0), ("1970-01-01", -10_957), ("2024-02-29", 8825), ("0001-01-01", -730_119),
        ] {
            #expect(view(text, FieldParsers.date) == Int32(days), "\(text)")
        }
        for text in ["2023-02-29", "2000-01-01 ", "2000-01-01 00:00:00", "", "2000-01-0", "abcd-ef-gh"] {
            #expect(view(text, FieldParsers.date) == nil, "\(text)")
        }
    }

    @Test func `reads a time of day`() {
        let cases: [(String, Int64, Bool)] = [
            ("00:00:00", 0, true), ("23:59:59.999999", 86_399_999_999, true),
            ("12:34", 45_240_000_000, false),
            ("00:00:01.10", 1_100_000, false), ("00:00:01.1", 1_100_000, true),
        ]
        for (text, microseconds, isForm) in cases {
            let clock = view(text, FieldParsers.time)
            #expect(clock?.microseconds == microseconds, "\(text)")
            #expect(clock?.isPostgresForm == isForm, "\(text)")
        }
        for text in [
            "", "24:00", "1:00", "12:34:56Z", "12:34:56 ", "12:60", "12:00:60", "12:00:00.", "12", "12:",
        ] {
            #expect(view(text, FieldParsers.time) == nil, "\(text)")
        }
    }

    @Test func `reads a UUID in its usual forms`() {
        let forms: [(String, Bool)] = [
            ("01234567-89ab-cdef-fedc-ba9876543210", true), ("0123456789abcdeffedcba9876543210", false),
            ("01234567-89AB-cdef-fedc-ba9876543210", false),
            ("{01234567-89ab-cdef-fedc-ba9876543210}", false),
            ("{0123456789ABCDEFFEDCBA9876543210}", false),
        ]
        for (text, isForm) in forms {
            let uuid = view(text, FieldParsers.uuid)
            #expect(uuid?.high == 0x0123_4567_89AB_CDEF && uuid?.low == 0xFEDC_BA98_7654_3210, "\(text)")
            #expect(uuid?.isPostgresForm == isForm, "\(text)")
        }
        for text in [
            "", "01234567-89ab-cdef-fedc-ba987654321", "0123456789abcdef-fedc-ba9876543210----",
            "g1234567-89ab-cdef-fedc-ba9876543210", "(0123456789abcdeffedcba9876543210)",
            "{0123456789abcdeffedcba9876543210", "0123456-789ab-cdef-fedc-ba9876543210",
            "01234567-89ab-cdef-fedc-ba987654321 ", "@123456789abcdeffedcba9876543210",
        ] {
            #expect(view(text, FieldParsers.uuid) == nil, "\(text)")
        }
    }
}

@Suite("Addresses")
struct AddressTests {
    @Test func `what is printed is what Postgres prints, and reads as the same address`() async throws {
        let seed: UInt64 = 44
        var generator = SplitMix64(seed: seed)
        let texts = (0..<5000).map { _ in CodecSamples.address(&generator) }
        let printed = try texts.map { text in
            let utf8 = Array(text.utf8)
            let address = try #require(
                unsafe utf8.withUnsafeBytes { unsafe IPAddress(ByteView($0)) }, "\(text)")
            return address.description
        }
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let list = texts.map { "('\($0)'::inet)" }.joined(separator: ",")
        let expected = try await connection.run { connection in
            try connection.query("SELECT host(column1) FROM (VALUES \(list)) AS t").rows.map { $0[0] ?? "" }
        }
        await connection.close()
        let differing = printed.indices.filter { printed[$0] != expected[$0] }
        #expect(
            differing.isEmpty,
            "seed \(seed): \(differing.prefix(3).map { (texts[$0], printed[$0], expected[$0]) })")
    }
}
