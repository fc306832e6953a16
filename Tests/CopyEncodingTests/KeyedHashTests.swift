import Foundation
import Testing

@testable import CopyEncoding

/// Against the vectors of the reference implementation (key 00…0f, message 00, 01, 02, …) for 2-4, and for 1-3
/// against what `openssl mac -macopt c-rounds:1 -macopt d-rounds:3 SIPHASH` prints.
@Suite("Keyed hash")
struct KeyedHashTests {
    static let key = HashKey(first: 0x0706_0504_0302_0100, second: 0x0f0e_0d0c_0b0a_0908)

    static let wide: [(Int, String)] = [
        (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"), (3, "9c70b60c5267a94e5f33b6b02985ed51"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"), (16, "6ee2a4ca67b054bbfd3315bf85230577"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ]

    static let narrow: [(Int, String)] = [
        (0, "310e0edd47db6f72"), (1, "fd67dc93c539f874"), (2, "5a4fa9d909806c0d"), (3, "2d7efbd796666785"),
        (7, "37d1018bf50002ab"), (8, "6224939a79f5f593"), (15, "e545be4961ca29a1"), (16, "db9bc2577fcc2a3f"),
        (63, "724506eb4c328a95"),
    ]

    static let keyed: [(Int, String)] = [
        (0, "e77ebcb22788a5befd62db6add303001"), (1, "fc6f370460d3eda85e0573cc2b2ff063"),
        (2, "75787f090569839b855bc9548c6aea95"), (3, "6bc5ccfa1edcf79f4823187712ebd743"),
        (7, "1084b923f2aae0c3a62f2ec80848ab77"), (8, "aa12fee1d5e3dab4724f16ab35f9c799"),
        (15, "c17e5505b2bd526c2921cdec1e7e0109"), (16, "d0a8d95715518eebb513b0f83d9e1793"),
        (63, "4c5800e34efe426f079f6b0aa75260ad"),
    ]

    @Test(arguments: wide)
    func `128 bits of 2-4 are those of the reference`(_ length: Int, _ expected: String) {
        let message = (0..<length).map { UInt8($0) }
        var hash = SipHash<SipRounds24>(key: Self.key, isWide: true)
        unsafe message.withUnsafeBytes { unsafe hash.update(ByteView($0)) }
        #expect(littleEndianHexadecimal(hash.finalizeWide()) == expected)
    }

    @Test(arguments: keyed)
    func `the keyed hash is SipHash-1-3 of 128 bits`(_ length: Int, _ expected: String) {
        let message = (0..<length).map { UInt8($0) }
        var hash = KeyedHash(key: Self.key)
        unsafe hash.update(message.span.bytes)
        #expect(littleEndianHexadecimal(hash.finalize()) == expected)
    }

    @Test(arguments: narrow)
    func `64 bits are those of the reference`(_ length: Int, _ expected: String) {
        let message = (0..<length).map { UInt8($0) }
        var hash = SipHash<SipRounds24>(key: Self.key, isWide: false)
        unsafe message.withUnsafeBytes { unsafe hash.update(ByteView($0)) }
        #expect(littleEndianHexadecimal(hash.finalizeNarrow()) == expected)
    }

    @Test func `pieces of any size give the hash of the whole`() {
        let message = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        var whole = KeyedHash(key: Self.key)
        unsafe whole.update(message.span.bytes)
        let expected = whole.finalize()
        for size in 1...33 {
            var pieces = KeyedHash(key: Self.key)
            for start in stride(from: 0, to: message.count, by: size) {
                let piece = Array(message[start..<min(start + size, message.count)])
                unsafe pieces.update(piece.span.bytes)
            }
            #expect(pieces.finalize() == expected, "pieces of \(size)")
        }
    }

    @Test func `a sum is written as 32 digits and read back`() throws {
        var sum = RowSum()
        sum.add(7)
        sum.add(UInt128.max)
        #expect(sum.rowCount == 2)
        #expect(sum.hexadecimal == "00000000000000000000000000000006")
        let data = try JSONEncoder().encode(sum)
        #expect(try JSONDecoder().decode(RowSum.self, from: data) == sum)
        #expect(RowSum(rowCount: 2, hexadecimal: sum.hexadecimal) == sum)
        #expect(RowSum(rowCount: 2, hexadecimal: "6") == nil)
        #expect(RowSum(rowCount: 2, hexadecimal: "-0000000000000000000000000000006") == nil)
    }

    @Test func `sums of parts combine to the sum of the whole, and duplicates count`() {
        var one = RowSum()
        var other = RowSum()
        var whole = RowSum()
        for hash in [3, 3, UInt128.max] { whole.add(hash) }
        one.add(3)
        other.add(UInt128.max)
        other.add(3)
        one.combine(other)
        #expect(one == whole)
    }

    private func littleEndianHexadecimal(_ number: some FixedWidthInteger) -> String {
        hexadecimal((0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }
}
