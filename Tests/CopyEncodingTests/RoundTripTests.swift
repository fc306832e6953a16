import Diagnostics
import SQLiteClient
import Schema
import TestSupport
import Testing

@testable import CopyEncoding

/// Encoder and decoder against each other and against the source's own meaning, without a server.
@Suite("Round trip without a server")
struct RoundTripTests {
    static let key = HashKey(first: 1, second: 2)

    @Test func `what is encoded decodes to the meaning of the source`() throws {
        let seed: UInt64 = 31
        var generator = SplitMix64(seed: seed)
        let rows = (0..<3000).map { _ in CodecSamples.row(&generator) }
        for capacity in [64, 1500, 65_536] {
            let stream = try encoded(rows, capacity: capacity)
            try compare(rows, stream, seed: seed)
        }
    }

    @Test func `a value larger than the block leaves in slices`() throws {
        let large = [UInt8](repeating: 0x61, count: 300_000)
        let source = try SourceRows([[.integer(1), .text(large), .blob(large), .integer(2)]])
        let statement = try source.statement()
        var encoder = CopyRowEncoder(codecs: [.integer, .text, .bytes, .integer], capacity: 4096)
        var bytes: [UInt8] = []
        var largest = 0
        #expect(try statement.step())
        try encoder.encodeRow(statement.value(at:)) { span in
            largest = max(largest, span.byteCount)
            unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        encoder.withBytes { span in unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
        #expect(largest == 4096)
        #expect(bytes.count == 2 + 12 + 4 + 300_000 + 4 + 300_000 + 12)
        #expect(Array(bytes[18..<22]) == [0x61, 0x61, 0x61, 0x61])
    }

    @Test func `a value that does not fit is a defect`() throws {
        let cases: [(ValueCodec, SourceValue)] = [
            (.integer, .real(1.5)), (.integer, .text("1")), (.integer, .real(1e300)),
            (.double, .integer(1 << 53 + 1)),
            (.numeric(nil), .real(.infinity)), (.numeric(NumericBounds(precision: 3, scale: 1)), .real(1.25)),
            (.text, .integer(1)), (.text, .blob([1])), (.textFromNumbers, .blob([1])), (.bytes, .text("a")),
            (.bytesFromText, .integer(1)), (.boolean, .integer(2)), (.boolean, .text("t")),
            (.timestamp, .text("soon")),
            (.timestamp, .text("2000-01-01 00:00:00+01:00")), (.timestamp, .integer(5)),
            (.timestampWithTimeZone(assumedOffset: nil), .text("2000-01-01 00:00:00")),
            (.date, .text("2000-02-30")),
            (.time, .text("24:00")), (.uuid, .text("x")), (.json, .blob([0x31])), (.json, .real(.infinity)),
        ]
        for (codec, value) in cases {
            let source = try SourceRows([[value]])
            let statement = try source.statement()
            #expect(try statement.step())
            var encoder = CopyRowEncoder(codecs: [codec], table: "orders")
            var hasher = SourceRowHasher(codecs: [codec], table: "orders", key: Self.key)
            #expect(!ValueCheck(codec).observe(statement.value(at: 0)).isFitting, "\(codec)")
            expectDefect("\(codec)") { try encoder.encodeRow(statement.value(at:)) { _ in } }
            expectDefect("\(codec)") { _ = try hasher.hash(statement.value(at:)) }
        }
    }

    @Test func `any damage to a stream is an error or another hash, never a crash`() throws {
        let seed: UInt64 = 32
        var generator = SplitMix64(seed: seed)
        let rows = (0..<4).map { _ in CodecSamples.row(&generator) }
        let stream = try encoded(rows, capacity: 65_536)
        func sum(_ bytes: [UInt8]) throws -> RowSum {
            var decoder = CopyRowDecoder(types: CodecSamples.types, key: Self.key)
            var sum = RowSum()
            try unsafe decoder.add(bytes.span.bytes, to: &sum)
            guard decoder.isFinished else { throw OutgrowError.defect("unfinished") }
            return sum
        }
        let whole = try sum(stream)
        #expect(whole.rowCount == 4)
        for length in 0..<stream.count {
            #expect(throws: (any Error).self) { try sum(Array(stream.prefix(length))) }
        }
        var acceptedCount = 0
        for _ in 0..<20_000 {
            var damaged = stream
            let position = Int.random(in: 0..<stream.count, using: &generator)
            damaged[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            do {
                // A numeric's display scale, a header flag bit and JSON's form are no part of the value.
                if try sum(damaged) == whole { acceptedCount += 1 }
            } catch is OutgrowError {}
        }
        #expect(acceptedCount < 1000, "seed \(seed)")
    }

    private func expectDefect(_ comment: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("\(comment) took a value that does not fit")
        } catch let error as OutgrowError {
            #expect(error.kind == .internal && error.location == "orders")
        } catch {
            Issue.record("\(comment): \(error)")
        }
    }

    private func encoded(_ rows: [[SourceValue]], capacity: Int) throws -> [UInt8] {
        let source = try SourceRows(rows)
        let statement = try source.statement()
        var encoder = CopyRowEncoder(codecs: CodecSamples.codecs, capacity: capacity)
        var bytes: [UInt8] = []
        func flush(_ span: RawSpan) { unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
        try encoder.beginStream(flush: flush)
        while try statement.step() { try encoder.encodeRow(statement.value(at:), flush: flush) }
        try encoder.endStream(flush: flush)
        encoder.withBytes(flush)
        return bytes
    }

    private func compare(_ rows: [[SourceValue]], _ stream: [UInt8], seed: UInt64) throws {
        let source = try SourceRows(rows)
        let statement = try source.statement()
        var hasher = SourceRowHasher(codecs: CodecSamples.codecs, key: Self.key)
        var decoder = CopyRowDecoder(types: CodecSamples.types, key: Self.key)
        var count = 0
        let all = Array(CodecSamples.codecs.indices)
        try unsafe decoder.readRows(in: stream.span.bytes) { row in
            #expect(try statement.step())
            let expected = try hasher.canonicalBytes(statement.value(at:))
            try #require(try row.canonicalBytes() == expected, "seed \(seed), row \(count)")
            try #require(try row.hash() == hasher.hash(statement.value(at:)))
            try #require(
                try row.describe(columns: all) == hasher.describe(columns: all, statement.value(at:)),
                "seed \(seed), row \(count)")
            var columns: ([UInt64], [UInt64]) = ([], [])
            try row.columnHashes(into: &columns.0)
            try hasher.columnHashes(statement.value(at:), into: &columns.1)
            try #require(columns.0 == columns.1)
            count += 1
        }
        #expect(count == rows.count && decoder.isFinished)
    }
}
