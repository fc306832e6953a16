import Diagnostics
import PostgresClient
import SQLiteClient
import Schema
import TestSupport
import Testing

@testable import CopyEncoding

/// The encoder and the decoder against a real server, which is the judge of both.
@Suite("Round trip through Postgres")
struct PostgresRoundTripTests {
    static let key = HashKey(first: 3, second: 4)

    @Test func `every codec's values come back with the meaning of the source`() async throws {
        let seed: UInt64 = 41
        var generator = SplitMix64(seed: seed)
        let rows = (0..<3000).map { index in [.integer(Int64(index))] + CodecSamples.row(&generator) }
        let codecs = [.integer] + CodecSamples.codecs
        let copied = try await copy(rows, codecs)
        let result = try await copied.connection.run { connection in
            let source = try SourceRows(rows)
            let statement = try source.statement()
            var hasher = SourceRowHasher(codecs: codecs, key: Self.key)
            var decoder = CopyRowDecoder(types: codecs.map(\.type), key: Self.key)
            var differing: [String] = []
            var count = 0
            try connection.copyOut("COPY (SELECT * FROM copied ORDER BY c0) TO STDOUT (FORMAT binary)") {
                message in
                try decoder.readRows(in: message) { row in
                    guard try statement.step() else { throw OutgrowError.defect("more rows than were sent") }
                    count += 1
                    let expected = try hasher.canonicalBytes(statement.value(at:))
                    if try row.canonicalBytes() != expected {
                        differing.append(
                            try hasher.describe(columns: Array(codecs.indices), statement.value(at:)))
                    }
                }
            }
            return (count, differing, decoder.isFinished)
        }
        #expect(result.0 == rows.count && result.2)
        #expect(result.1.isEmpty, "seed \(seed): \(result.1.first ?? "")")
        await copied.connection.close()
    }

    /// A text and what the codec made of it; the server parses the text itself and compares.
    static let judged: [(given: ValueCodec, codec: ValueCodec, expected: String, value: String)] = [
        (.text, .timestamp, "t::timestamp", "v"),
        (.text, .timestampWithTimeZone(assumedOffset: 7200), "t::timestamptz", "v"),
        (.text, .date, "t::date", "v"), (.text, .time, "t::time", "v"), (.text, .uuid, "t::uuid", "v"),
        (.text, .json, "t::jsonb", "v"),
        (.double, .numeric(nil), "t", "v::float8"), (.textFromNumbers, .double, "t::float8", "v"),
        (.textFromNumbers, .numeric(nil), "t::numeric", "v"),
        (.textFromNumbers, .integer, "t::bigint", "v"),
        (.integer, .narrowInteger(.two), "t", "v"), (.integer, .narrowInteger(.four), "t", "v"),
        (.text, .varchar(7), "t", "v"), (.text, .booleanFromWords, "t::boolean", "v"),
        (.integer, .timestampFromEpoch(.seconds), "to_timestamp(t)", "v"),
        (.integer, .timestampFromEpoch(.milliseconds), "t", "extract(epoch FROM v) * 1000"),
        (.integer, .timestampFromEpoch(.microseconds), "t", "extract(epoch FROM v) * 1000000"),
        (.text, .timeFromDateTime, "t::timestamp::time", "v"),
        (.integer, .intervalFromMicroseconds, "t", "extract(epoch FROM v) * 1000000"),
        (.text, .intervalFromDateTime, "t::timestamp - 'epoch'::timestamp", "v"),
        (.text, .inet, "t::inet", "v"), (.text, .jsonAsWritten, "t::json::text", "v::text"),
    ]

    @Test(arguments: judged)
    func `Postgres reads the same value from the text`(
        _ given: ValueCodec, _ codec: ValueCodec, _ expression: String, _ value: String
    ) async throws {
        let seed: UInt64 = 42
        var generator = SplitMix64(seed: seed)
        let rows = (0..<10_000).map { _ in
            let value = Self.value(codec, given, &generator)
            return [value, value]
        }
        let copied = try await copy(rows, [given, codec], names: ["t", "v"])
        let (checked, differing) = try await copied.connection.run { connection in
            try connection.execute("SET TIME ZONE INTERVAL '+02:00' HOUR TO MINUTE")
            let result = try connection.query(
                """
                SELECT count(*), count(*) FILTER (WHERE \(expression) <> \(value)),
                    min(t::text) FILTER (WHERE \(expression) <> \(value)) FROM copied
                """)
            return (result[0, 0], "\(result[0, 1] ?? "") differ: \(result[0, 2] ?? "none")")
        }
        #expect(checked == "10000")
        #expect(differing == "0 differ: none", "seed \(seed)")
        await copied.connection.close()
    }

    private static func value(
        _ codec: ValueCodec, _ given: ValueCodec, _ generator: inout SplitMix64
    ) -> SourceValue {
        switch (given, codec) {
        case (.text, _): CodecSamples.value(codec, &generator)
        case (.integer, _): CodecSamples.value(codec, &generator)
        case (_, .integer): .integer(CodecSamples.whole(&generator))
        default: .real(CodecSamples.finite(&generator))
        }
    }

    @Test func `JSON texts have the same bytes exactly when jsonb calls them equal`() async throws {
        let seed: UInt64 = 43
        var generator = SplitMix64(seed: seed)
        var rows: [[SourceValue]] = []
        var expected: [String] = []
        var reader = JSONReader()
        func bytes(_ text: String) -> [UInt8] {
            let utf8 = Array(text.utf8)
            let isRead = unsafe utf8.withUnsafeBytes { unsafe reader.read(ByteView($0)) }
            return isRead ? unsafe Array(reader.value.raw) : []
        }
        for index in 0..<20_000 {
            let one = CodecSamples.json(&generator, depth: 2)
            let other = CodecSamples.json(&generator, depth: 2)
            rows.append([.integer(Int64(index)), .text(one), .text(other)])
            expected.append(bytes(one) == bytes(other) ? "t" : "f")
        }
        #expect(expected.contains("t"))
        let copied = try await copy(rows, [.integer, .text, .text])
        let found = try await copied.connection.run { connection in
            try connection.query("SELECT c1::jsonb = c2::jsonb FROM copied ORDER BY c0").rows.map {
                $0[0] ?? ""
            }
        }
        let differing = expected.indices.filter { expected[$0] != found[$0] }
        #expect(differing.isEmpty, "seed \(seed): \(differing.prefix(3).map { rows[$0].map(\.literal) })")
        await copied.connection.close()
    }

    @Test func `JSON at the limits of the reader is within those of jsonb`() async throws {
        let nested = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        let digits = String(repeating: "7", count: 131_072)
        let texts = [
            "1e131071", "-9.9e131071", digits, "1e-16383", "0." + digits.prefix(16_383), "0e100000", nested,
        ]
        let codecs: [ValueCodec] = [.json]
        let rows = texts.map { [SourceValue.text($0)] }
        let copied = try await copy(rows, codecs)
        let sums = try await copied.connection.run { connection in
            let source = try SourceRows(rows)
            let statement = try source.statement()
            var hasher = SourceRowHasher(codecs: codecs, key: Self.key)
            var sums = (source: RowSum(), target: RowSum())
            while try statement.step() { sums.source.add(try hasher.hash(statement.value(at:))) }
            var decoder = CopyRowDecoder(types: [.jsonb], key: Self.key)
            try connection.copyOut("COPY copied TO STDOUT (FORMAT binary)") { message in
                try decoder.add(message, to: &sums.target)
            }
            return sums
        }
        #expect(sums.source == sums.target)
        await copied.connection.close()
    }

    @Test func `what no source value is gets bytes of its own`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let types: [PostgresType] = [
            .timestamp, .timestamptz, .date, .numeric(nil), .numeric(nil), .doublePrecision, .text,
        ]
        let described = try await connection.run { connection in
            var decoder = CopyRowDecoder(types: types, key: Self.key)
            var text = ""
            try connection.copyOut(
                """
                COPY (SELECT 'infinity'::timestamp, '-infinity'::timestamptz, 'infinity'::date, 'NaN'::numeric,
                    '-Infinity'::numeric, 'NaN'::float8, NULL) TO STDOUT (FORMAT binary)
                """
            ) { message in
                try decoder.readRows(in: message) { row in
                    text += try row.describe(columns: Array(types.indices))
                }
            }
            return text
        }
        #expect(described == "Infinity, -Infinity, Infinity, NaN, -Infinity, nan, NULL")
        await connection.close()
    }

    @Test func `a column of another type than planned is an error that names it`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let message: String? = try await connection.run { connection in
            var decoder = CopyRowDecoder(types: [.bigint, .bigint], key: Self.key)
            var sum = RowSum()
            do {
                try connection.copyOut("COPY (SELECT 1::bigint, 1::integer) TO STDOUT (FORMAT binary)") {
                    message in
                    try decoder.add(message, to: &sum)
                }
            } catch let error as OutgrowError {
                return error.summary
            }
            return nil
        }
        #expect(message == "Field number 2 has 4 bytes that are no value of type bigint.")
        await connection.close()
    }

    private struct Copied {
        var connection: PostgresConnection
    }

    /// Sends rows from SQLite into a new table `copied`.
    private func copy(
        _ rows: [[SourceValue]], _ codecs: [ValueCodec], names: [String]? = nil
    ) async throws -> Copied {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let columns = codecs.indices.map { "\(names?[$0] ?? "c\($0)") \(codecs[$0].type.name)" }
        let rowCount = try await connection.run { connection in
            try connection.execute("CREATE TABLE copied (\(columns.joined(separator: ", ")))")
            let source = try SourceRows(rows)
            let statement = try source.statement()
            var encoder = CopyRowEncoder(codecs: codecs)
            try connection.copyIn("COPY copied FROM STDIN (FORMAT binary)")
            try encoder.beginStream { try connection.putCopyData($0) }
            while try statement.step() {
                try encoder.encodeRow(statement.value(at:)) { try connection.putCopyData($0) }
            }
            try encoder.endStream { try connection.putCopyData($0) }
            try encoder.withBytes { try connection.putCopyData($0) }
            return try connection.endCopy()
        }
        #expect(rowCount == rows.count)
        return Copied(connection: connection)
    }
}
