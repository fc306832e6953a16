internal import Diagnostics
package import Schema

/// One row as Postgres sent it, lent by `CopyRowDecoder`: the inverse of every codec.
///
/// It turns the binary form of each type back into its meaning (`…_recv` and
/// `…_send` in the server's `utils/adt`), and refuses lengths that the type does not have.
package struct TargetRow: ~Copyable {
    private let types: [PostgresType]
    private var fields: [Field]
    private var message: ByteView?
    private var canonical: CanonicalRow
    private var digits = ScratchBuffer()
    private var json = JSONReader()

    private struct Field {
        var offset = 0
        /// Negative for NULL.
        var length = -1
    }

    package init(types: [PostgresType], key: HashKey) {
        self.types = types
        fields = Array(repeating: Field(), count: types.count)
        canonical = CanonicalRow(key: key)
    }

    /// The hash of the whole row.
    package mutating func hash() throws -> UInt128 {
        canonical.removeAll()
        for index in 0..<types.count { try append(index) }
        return canonical.hash
    }

    /// The hash of some columns, to find the same key on the other side.
    package mutating func hash(ofColumns positions: [Int]) throws -> UInt128 {
        canonical.removeAll()
        for index in positions { try append(index) }
        return canonical.hash
    }

    /// One hash for each column, to name the column that differs.
    package mutating func columnHashes(into hashes: inout [UInt64]) throws {
        hashes.removeAll(keepingCapacity: true)
        for index in 0..<types.count {
            canonical.removeAll()
            try append(index)
            hashes.append(UInt64(truncatingIfNeeded: canonical.hash))
        }
    }

    /// Some columns as text for a report; the same text as `SourceRowHasher.describe` gives for equal values.
    package mutating func describe(columns positions: [Int]) throws -> String {
        canonical.removeAll()
        for index in positions { try append(index) }
        return CanonicalDescription.describe(canonical.bytes)
    }

    /// The bytes of the row's meaning, for tests.
    mutating func canonicalBytes() throws -> [UInt8] {
        canonical.removeAll()
        for index in 0..<types.count { try append(index) }
        return unsafe Array(canonical.bytes.raw)
    }

    /// Finds the fields of the row at `position` and moves it behind them.
    mutating func load(_ message: ByteView, at position: inout Int) throws {
        let count = message.bigEndian(Int16.self, at: position)
        guard Int(count) == types.count else {
            throw CopyRowDecoder.malformed("A row has \(count) fields where \(types.count) were selected.")
        }
        position &+= 2
        for index in 0..<types.count {
            guard message.count &- position >= 4 else {
                throw CopyRowDecoder.malformed("A COPY message ends within a row.")
            }
            let length = Int(message.bigEndian(Int32.self, at: position))
            position &+= 4
            guard length >= -1, length <= message.count &- position else {
                throw CopyRowDecoder.malformed("A COPY message ends within a field.")
            }
            fields[index] = Field(offset: position, length: length)
            position &+= max(length, 0)
        }
        self.message = message
    }

    /// The message is gone: whoever kept the row finds nothing in it.
    mutating func clear() { message = nil }

    private mutating func append(_ index: Int) throws {
        guard let message else {
            throw OutgrowError.defect("A target row was read after its message was gone.")
        }
        let field = fields[index]
        guard field.length >= 0 else { return canonical.appendNull() }
        let bytes = message.slice(from: field.offset, count: field.length)
        guard append(bytes, as: types[index]) else {
            throw OutgrowError(
                "copy-field-malformed", .target,
                "Field number \(index + 1) has \(field.length) bytes that are no "
                    + "value of type \(types[index].name).",
                fix: "Compare with a target that this migration made, or with the plan that made it.")
        }
    }

    /// Returns whether the bytes are a value of the type.
    private mutating func append(_ bytes: ByteView, as type: PostgresType) -> Bool {
        switch type {
        case .smallint:
            guard bytes.count == 2 else { return false }
            canonical.append(integer: Int64(bytes.bigEndian(Int16.self, at: 0)))
        case .integer:
            guard bytes.count == 4 else { return false }
            canonical.append(integer: Int64(bytes.bigEndian(Int32.self, at: 0)))
        case .bigint:
            guard bytes.count == 8 else { return false }
            canonical.append(integer: bytes.bigEndian(Int64.self, at: 0))
        case .doublePrecision:
            guard bytes.count == 8 else { return false }
            canonical.append(double: Double(bitPattern: bytes.bigEndian(UInt64.self, at: 0)))
        case .numeric: return append(numeric: bytes)
        case .text, .varchar, .json: canonical.append(CanonicalTag.text, bytes)
        case .bytea: canonical.append(CanonicalTag.bytes, bytes)
        case .boolean:
            guard bytes.count == 1, bytes[0] <= 1 else { return false }
            canonical.append(boolean: bytes[0] == 1)
        case .timestamp: return append(instant: bytes, CanonicalTag.timestamp)
        case .timestamptz: return append(instant: bytes, CanonicalTag.timestampWithTimeZone)
        case .date: return append(date: bytes)
        case .time:
            guard bytes.count == 8 else { return false }
            canonical.append(CanonicalTag.time, instant: bytes.bigEndian(Int64.self, at: 0))
        case .uuid:
            guard bytes.count == 16 else { return false }
            canonical.append(uuid: bytes.bigEndian(UInt64.self, at: 0), bytes.bigEndian(UInt64.self, at: 8))
        case .interval: return append(interval: bytes)
        case .inet: return append(address: bytes)
        case .jsonb: return append(json: bytes)
        // Computed from the others, and never compared.
        case .tsvector, .regconfig: return false
        }
        return true
    }

    private mutating func append(instant bytes: ByteView, _ tag: UInt8) -> Bool {
        guard bytes.count == 8 else { return false }
        let microseconds = bytes.bigEndian(Int64.self, at: 0)
        switch microseconds {
        case .max: canonical.append(special: .infinity)
        case .min: canonical.append(special: .minusInfinity)
        default: canonical.append(tag, instant: microseconds)
        }
        return true
    }

    private mutating func append(date bytes: ByteView) -> Bool {
        guard bytes.count == 4 else { return false }
        let days = bytes.bigEndian(Int32.self, at: 0)
        switch days {
        case .max: canonical.append(special: .infinity)
        case .min: canonical.append(special: .minusInfinity)
        default: canonical.append(CanonicalTag.date, instant: Int64(days))
        }
        return true
    }

    /// `interval_send`: microseconds, days, months. Months have no fixed length: equal to no source value.
    private mutating func append(interval bytes: ByteView) -> Bool {
        guard bytes.count == 16 else { return false }
        let days = Int128(bytes.bigEndian(Int32.self, at: 8)) * Int128(FieldParsers.microsecondsPerDay)
        let total = Int64(exactly: days + Int128(bytes.bigEndian(Int64.self, at: 0)))
        if let total, bytes.bigEndian(Int32.self, at: 12) == 0 {
            canonical.append(CanonicalTag.interval, instant: total)
        } else {
            canonical.append(CanonicalTag.bytes, bytes)
        }
        return true
    }

    /// `inet_send`. A network is equal to no source value.
    private mutating func append(address bytes: ByteView) -> Bool {
        guard bytes.count == 8 || bytes.count == 20, Int(bytes[3]) == bytes.count &- 4,
            bytes[0] == (bytes.count == 8 ? 2 : 3)
        else { return false }
        let isIPv6 = bytes.count == 20
        guard bytes[1] == (isIPv6 ? 128 : 32), bytes[2] == 0 else {
            canonical.append(CanonicalTag.bytes, bytes)
            return true
        }
        canonical.append(
            address: isIPv6
                ? IPAddress(
                    isIPv6: true, high: bytes.bigEndian(UInt64.self, at: 4),
                    low: bytes.bigEndian(UInt64.self, at: 12))
                : IPAddress(isIPv6: false, high: 0, low: UInt64(bytes.bigEndian(UInt32.self, at: 4))))
        return true
    }

    private mutating func append(json bytes: ByteView) -> Bool {
        guard bytes.count >= 1, bytes[0] == 1 else { return false }
        let text = bytes.slice(from: 1, count: bytes.count &- 1)
        if json.read(text) {
            canonical.append(CanonicalTag.json, json.value)
        } else {
            // Beyond what we would have sent, such as very deep nesting: equal to no source value.
            canonical.append(CanonicalTag.text, text)
        }
        return true
    }

    private mutating func append(numeric bytes: ByteView) -> Bool {
        guard bytes.count >= 8 else { return false }
        let groupCount = Int(bytes.bigEndian(UInt16.self, at: 0))
        let weight = Int(bytes.bigEndian(Int16.self, at: 2))
        let sign = bytes.bigEndian(UInt16.self, at: 4)
        switch sign {
        case 0x0000, 0x4000: break
        case 0xC000: canonical.append(special: .notANumber)
        case 0xD000: canonical.append(special: .infinity)
        case 0xF000: canonical.append(special: .minusInfinity)
        default: return false
        }
        guard bytes.count == 8 &+ 2 &* groupCount else { return false }
        guard sign == 0x0000 || sign == 0x4000 else { return true }
        digits.removeAll()
        for index in 0..<groupCount {
            let group = bytes.bigEndian(UInt16.self, at: 8 &+ 2 &* index)
            guard group < 10_000 else { return false }
            append(digit: group / 1000)
            append(digit: group / 100 % 10)
            append(digit: group / 10 % 10)
            append(digit: group % 10)
        }
        let view = digits.view
        canonical.append(
            decimal: DecimalDigits(
                isNegative: sign == 0x4000, whole: view, fraction: view.slice(from: 0, count: 0),
                exponent: (weight &+ 1 &- groupCount) &* 4))
        return true
    }

    private mutating func append(digit: UInt16) {
        digits.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
    }
}

// A row whose fields come one by one, because some are too large to come in one message.
extension TargetRow {
    /// A text or bytea of more bytes than this may be handed over as the hash of its slices.
    package static let slicedByteCount = 4 << 20

    package mutating func begin() { canonical.removeAll() }

    /// Appends the next field as the server sends it in binary; nil is NULL.
    package mutating func append(field: [UInt8]?, at index: Int) throws {
        guard let field else { return canonical.appendNull() }
        let fits = unsafe field.withUnsafeBytes { unsafe append(ByteView($0), as: types[index]) }
        guard fits else {
            throw CopyRowDecoder.malformed(
                "Field number \(index + 1) is no value of type \(types[index].name).")
        }
    }

    /// Appends a text or bytea whose bytes went through `hash`, made with the row's key.
    package mutating func append(sliced hash: consuming KeyedHash, byteCount: Int, at index: Int) throws {
        guard types[index].isSliced, byteCount > CanonicalRow.largeByteCount else {
            throw OutgrowError.defect("Field number \(index + 1) cannot be hashed in slices.")
        }
        let tag = types[index] == .bytea ? CanonicalTag.bytes : CanonicalTag.text
        canonical.appendLarge(tag, byteCount: byteCount, hash: hash.finalize())
    }

    /// The hash of the fields appended since `begin()`.
    package var appendedHash: UInt128 { canonical.hash }
}

extension PostgresType {
    /// Whether its values may come in slices of their bytes.
    package var isSliced: Bool {
        switch self {
        case .text, .varchar, .json, .bytea: true
        default: false
        }
    }
}
