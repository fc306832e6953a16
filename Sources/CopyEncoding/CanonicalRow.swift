/// The bytes that stand for the meaning of a row, the same for both sides, and their hash.
///
/// Each value is a tag and its bytes: numbers in a fixed width, text and blobs behind
/// their length, so that no two rows share their bytes. A value of more than 4 KiB
/// enters as its length and its own keyed hash, which keeps the buffer small.
///
/// Both sides only agree on this format; how a raw value gets its meaning is written
/// twice, in `SourceRowHasher` and in `TargetRow`, so that one cannot hide the
/// other's mistake.
struct CanonicalRow: ~Copyable {
    static let largeByteCount = 4096

    private var buffer = ScratchBuffer()
    let key: HashKey

    init(key: HashKey) { self.key = key }

    var bytes: ByteView { buffer.view }

    @inline(__always) var hash: UInt128 { KeyedHash.hash(buffer.view, key: key) }

    @inline(__always) mutating func removeAll() { buffer.removeAll() }

    @inline(__always) mutating func appendNull() { buffer.append(CanonicalTag.null) }

    @inline(__always) mutating func append(integer: Int64) {
        buffer.append(tag: CanonicalTag.integer, number: UInt64(bitPattern: integer))
    }

    /// Bit for bit, −0.0 too; every NaN is one.
    @inline(__always) mutating func append(double: Double) {
        let bits = double.isNaN ? Double.nan.bitPattern : double.bitPattern
        buffer.append(tag: CanonicalTag.double, number: bits)
    }

    @inline(__always) mutating func append(boolean: Bool) {
        buffer.append(CanonicalTag.boolean)
        buffer.append(boolean ? 1 : 0)
    }

    /// A number of microseconds or days under the tag of its type.
    @inline(__always) mutating func append(_ tag: UInt8, instant: Int64) {
        buffer.append(tag: tag, number: UInt64(bitPattern: instant))
    }

    @inline(__always) mutating func append(uuid high: UInt64, _ low: UInt64) {
        buffer.append(tag: CanonicalTag.uuid, number: high)
        buffer.append(number: low)
    }

    @inline(__always) mutating func append(address: IPAddress) {
        buffer.append(tag: CanonicalTag.address, number: address.high)
        buffer.append(number: address.low)
        buffer.append(address.isIPv6 ? 6 : 4)
    }

    /// Text, bytes, or the value of a JSON text.
    @inline(__always) mutating func append(_ tag: UInt8, _ bytes: ByteView) {
        if bytes.count <= Self.largeByteCount {
            buffer.append(tag)
            buffer.append(number: UInt32(truncatingIfNeeded: bytes.count))
            buffer.append(bytes)
        } else {
            appendLarge(tag, byteCount: bytes.count, hash: KeyedHash.hash(bytes, key: key))
        }
    }

    /// A value that was hashed apart.
    mutating func appendLarge(_ tag: UInt8, byteCount: Int, hash: UInt128) {
        buffer.append(tag: tag | CanonicalTag.large, number: UInt64(truncatingIfNeeded: byteCount))
        buffer.append(number: hash)
    }

    mutating func append(decimal: DecimalDigits) {
        buffer.append(CanonicalTag.decimal)
        decimal.append(to: &buffer)
    }

    /// What is no ordinary value: NaN as `numeric`, infinities of `numeric` and of dates.
    mutating func append(special: Special) {
        buffer.append(CanonicalTag.special)
        buffer.append(special.rawValue)
    }

    enum Special: UInt8 {
        case notANumber, infinity, minusInfinity
    }
}

/// The first byte of a canonical value.
enum CanonicalTag {
    static let null = UInt8(ascii: "n")
    static let integer = UInt8(ascii: "i")
    static let double = UInt8(ascii: "r")
    static let decimal = UInt8(ascii: "d")
    static let text = UInt8(ascii: "t")
    static let bytes = UInt8(ascii: "b")
    static let boolean = UInt8(ascii: "o")
    static let timestamp = UInt8(ascii: "s")
    static let timestampWithTimeZone = UInt8(ascii: "z")
    static let date = UInt8(ascii: "y")
    static let time = UInt8(ascii: "h")
    static let uuid = UInt8(ascii: "u")
    static let json = UInt8(ascii: "j")
    static let interval = UInt8(ascii: "v")
    static let address = UInt8(ascii: "a")
    static let special = UInt8(ascii: "x")
    /// Set in the tag of a value that entered as its hash.
    static let large: UInt8 = 0x80
}
