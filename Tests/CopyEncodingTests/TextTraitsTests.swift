import SQLiteClient
import TestSupport
import Testing

@testable import CopyEncoding

@Suite("Text traits")
struct TextTraitsTests {
    private func traits(_ bytes: [UInt8]) -> TextTraits {
        unsafe bytes.withUnsafeBytes { unsafe TextTraits(ByteView($0)) }
    }

    @Test func `UTF-8 is valid exactly when the standard library says so`() {
        let seed: UInt64 = 11
        var generator = SplitMix64(seed: seed)
        let pieces: [[UInt8]] = [
            Array("plain ASCII".utf8), [0x41], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80],
            [0xED, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80],
            [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xFF], [0x00], [0x7F], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF],
        ]
        var validCount = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...5, using: &generator)).flatMap { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            validCount += isValid ? 1 : 0
            let found = traits(bytes)
            #expect(found.isValidUTF8 == isValid, "seed \(seed): \(hexadecimal(bytes))")
            #expect(found.hasNUL == bytes.contains(0), "seed \(seed): \(hexadecimal(bytes))")
        }
        #expect(validCount > 1000)
    }

    @Test func `looks numeric exactly when SQLite's affinity takes it for a number`() throws {
        let seed: UInt64 = 12
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("0015.eE+- \t9x".utf8)
        var texts: [[UInt8]] = [
            "", "5.", ".5", ".", "1e5", "1e", "1e+", "0x10", "+5", "- 5", "\u{B}5\u{C}", "5\0", "1e999",
            "Inf", "nan",
        ]
        .map { Array($0.utf8) }
        for _ in 0..<4000 {
            texts.append(
                (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                })
        }
        let rows = try SourceRows(texts.map { [.text($0)] })
        try rows.connection.execute("CREATE TABLE numbers (n NUMERIC)")
        try rows.connection.execute("INSERT INTO numbers SELECT c0 FROM rows ORDER BY rowid")
        let statement = try rows.connection.prepare("SELECT n FROM numbers ORDER BY rowid")
        for text in texts {
            #expect(try statement.step())
            let isNumber = statement.value(at: 0).storageClass != .text
            #expect(traits(text).looksNumeric == isNumber, "seed \(seed): \(hexadecimal(text))")
        }
    }
}
