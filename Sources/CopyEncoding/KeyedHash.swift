/// The secret that makes one run's hashes unpredictable: a hostile file cannot hold prepared collisions.
package struct HashKey: Sendable, Hashable, Codable {
    package var first: UInt64
    package var second: UInt64

    package init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A new key from the system's random source.
    package static func random() -> HashKey {
        HashKey(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
    }
}

/// SipHash-1-3 with a result of 128 bits, fed in pieces of any size.
///
/// One round per word and three at the end: what hash tables use against hostile keys, and a third cheaper
/// than 2-4 over a whole migration.
/// Specified by Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012);
/// the 128-bit result is that of their reference implementation.
package struct KeyedHash {
    private var sip: SipHash<SipRounds13>

    package init(key: HashKey) { sip = SipHash(key: key, isWide: true) }

    package mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe sip.update(ByteView($0)) }
    }

    package mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe sip.update(ByteView($0)) }
    }

    package consuming func finalize() -> UInt128 { sip.finalizeWide() }

    /// The hash of bytes that lie in one piece.
    @inline(__always) static func hash(_ bytes: ByteView, key: HashKey) -> UInt128 {
        var sip = SipHash<SipRounds13>(key: key, isWide: true)
        sip.update(bytes)
        return sip.finalizeWide()
    }
}

/// How many rounds a member of the SipHash family does per word and at the end.
protocol SipRounds {
    static var compression: Int { get }
    static var finalization: Int { get }
}

enum SipRounds13: SipRounds {
    static var compression: Int { 1 }
    static var finalization: Int { 3 }
}

enum SipRounds24: SipRounds {
    static var compression: Int { 2 }
    static var finalization: Int { 4 }
}

/// The SipHash family, its rounds as a type so that they are constants when compiled.
struct SipHash<Rounds: SipRounds> {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// The bytes of an unfinished word, the first lowest.
    private var tail: UInt64 = 0
    private var tailCount = 0
    private var length: UInt64 = 0
    private let isWide: Bool

    @inline(__always) init(key: HashKey, isWide: Bool) {
        v0 = key.first ^ 0x736f_6d65_7073_6575
        v1 = key.second ^ 0x646f_7261_6e64_6f6d ^ (isWide ? 0xee : 0)
        v2 = key.first ^ 0x6c79_6765_6e65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
        self.isWide = isWide
    }

    @inline(__always) mutating func update(_ bytes: ByteView) {
        length &+= UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        while tailCount > 0, index < bytes.count {
            push(bytes[index])
            index &+= 1
        }
        while index &+ 8 <= bytes.count {
            compress(bytes.word(at: index))
            index &+= 8
        }
        while index < bytes.count {
            push(bytes[index])
            index &+= 1
        }
    }

    @inline(__always) consuming func finalizeNarrow() -> UInt64 {
        finishWords()
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always) consuming func finalizeWide() -> UInt128 {
        finishWords()
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        for _ in 0..<Rounds.finalization { round() }
        return UInt128(v0 ^ v1 ^ v2 ^ v3) << 64 | UInt128(low)
    }

    @inline(__always) private mutating func finishWords() {
        compress(tail | length << 56)
        v2 ^= isWide ? 0xee : 0xff
        for _ in 0..<Rounds.finalization { round() }
    }

    @inline(__always) private mutating func push(_ byte: UInt8) {
        tail |= UInt64(byte) << UInt64(tailCount &* 8)
        tailCount &+= 1
        if tailCount == 8 {
            compress(tail)
            tail = 0
            tailCount = 0
        }
    }

    @inline(__always) private mutating func compress(_ word: UInt64) {
        v3 ^= word
        for _ in 0..<Rounds.compression { round() }
        v0 ^= word
    }

    @inline(__always) private mutating func round() {
        v0 &+= v1
        v1 = v1 &<< 13 | v1 &>> 51
        v1 ^= v0
        v0 = v0 &<< 32 | v0 &>> 32
        v2 &+= v3
        v3 = v3 &<< 16 | v3 &>> 48
        v3 ^= v2
        v0 &+= v3
        v3 = v3 &<< 21 | v3 &>> 43
        v3 ^= v0
        v2 &+= v1
        v1 = v1 &<< 17 | v1 &>> 47
        v1 ^= v2
        v2 = v2 &<< 32 | v2 &>> 32
    }
}
