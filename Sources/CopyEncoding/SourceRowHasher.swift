package import SQLiteClient
package import Schema

/// Hashes source rows by their meaning, from SQLite's raw values.
///
/// It may run over the same row as `CopyRowEncoder` in the copying pass, but it does
/// not look at what the encoder wrote: from the value to its meaning it goes its own way.
package struct SourceRowHasher: ~Copyable {
    private let columns: ColumnTable
    private let table: String
    private var canonical: CanonicalRow
    private var json = JSONReader()

    /// - Parameter table: The source's name for it, for errors.
    package init(codecs: [ValueCodec], table: String = "", key: HashKey) {
        self.table = table
        columns = ColumnTable(codecs)
        canonical = CanonicalRow(key: key)
    }

    /// The hash of a whole row.
    package mutating func hash(_ value: (Int) -> BorrowedValue) throws -> UInt128 {
        canonical.removeAll()
        for index in 0..<columns.count { try append(value(index), at: index) }
        return canonical.hash
    }

    /// As above, for the row that `row` stands on, without a closure: see `CopyRowEncoder.encodeRow`.
    package mutating func hash(_ row: SQLiteStatement) throws -> UInt128 {
        canonical.removeAll()
        for index in 0..<columns.count { try append(row.value(at: index), at: index) }
        return canonical.hash
    }

    /// The hash of some columns, to find the same key on the other side.
    package mutating func hash(ofColumns positions: [Int], _ value: (Int) -> BorrowedValue) throws -> UInt128
    {
        canonical.removeAll()
        for index in positions { try append(value(index), at: index) }
        return canonical.hash
    }

    /// One hash for each column, to name the column that differs.
    package mutating func columnHashes(_ value: (Int) -> BorrowedValue, into hashes: inout [UInt64]) throws {
        hashes.removeAll(keepingCapacity: true)
        for index in 0..<columns.count {
            canonical.removeAll()
            try append(value(index), at: index)
            hashes.append(UInt64(truncatingIfNeeded: canonical.hash))
        }
    }

    /// Some columns as text for a report; the same text as `TargetRow.describe` gives for equal values.
    package mutating func describe(columns positions: [Int], _ value: (Int) -> BorrowedValue) throws -> String
    {
        canonical.removeAll()
        for index in positions { try append(value(index), at: index) }
        return CanonicalDescription.describe(canonical.bytes)
    }

    /// The bytes of a row's meaning, for tests.
    mutating func canonicalBytes(_ value: (Int) -> BorrowedValue) throws -> [UInt8] {
        canonical.removeAll()
        for index in 0..<columns.count { try append(value(index), at: index) }
        return unsafe Array(canonical.bytes.raw)
    }

    @inline(__always) private mutating func append(_ value: BorrowedValue, at index: Int) throws {
        let storage = value.storageClass
        let code = columns[index]
        let fits =
            switch storage {
            case .null: appendNull()
            case .integer: append(integer: value.integer, code)
            case .real: append(real: value.real, code)
            case .text: append(text: unsafe ByteView(value.bytes), code)
            case .blob: append(blob: unsafe ByteView(value.bytes), code)
            }
        guard fits else {
            throw code.misfit(table: table, column: index)
        }
    }

    @inline(__always) private mutating func appendNull() -> Bool {
        canonical.appendNull()
        return true
    }

    @inline(__always) private mutating func append(integer: Int64, _ code: ColumnCode) -> Bool {
        switch code.kind {
        case .integer: canonical.append(integer: integer)
        case .double:
            guard let double = Double(exactly: integer), integer.magnitude <= 1 << 53 else { return false }
            canonical.append(double: double)
        case .numeric: return append(decimal: ShortDecimal(integer), code)
        case .boolean:
            guard integer == 0 || integer == 1 else { return false }
            canonical.append(boolean: integer == 1)
        case .textFromNumbers: append(NumberText(integer))
        case .json: return append(json: NumberText(integer))
        case .jsonAsWritten: append(NumberText(integer))
        case .integer2, .integer4: return append(narrow: integer, code)
        case .booleanFromWords:
            guard integer == 0 || integer == 1 else { return false }
            canonical.append(boolean: integer == 1)
        case .timestampFromEpoch: return append(epoch: integer, code)
        case .intervalFromMicroseconds: canonical.append(CanonicalTag.interval, instant: integer)
        default: return false
        }
        return true
    }

    @inline(__always) private mutating func append(real: Double, _ code: ColumnCode) -> Bool {
        switch code.kind {
        case .double: canonical.append(double: real)
        case .integer:
            guard let integer = Int64(exactly: real), integer.magnitude <= 1 << 53,
                integer != 0 || real.sign == .plus
            else { return false }
            canonical.append(integer: integer)
        case .numeric:
            guard let decimal = ShortDecimal(real) else { return false }
            return append(decimal: decimal, code)
        case .textFromNumbers, .jsonAsWritten:
            guard let text = NumberText(real) else { return false }
            append(text)
        case .integer2, .integer4:
            guard let integer = Int64(exactly: real), integer != 0 || real.sign == .plus else { return false }
            return append(narrow: integer, code)
        case .timestampFromEpoch:
            guard let count = ShortDecimal(real), let instant = code.instant(count) else { return false }
            canonical.append(CanonicalTag.timestampWithTimeZone, instant: instant)
        case .json:
            guard let text = NumberText(real) else { return false }
            return append(json: text)
        default: return false
        }
        return true
    }

    private mutating func append(narrow integer: Int64, _ code: ColumnCode) -> Bool {
        let width: IntegerWidth = code.kind == .integer2 ? .two : .four
        guard width.range.contains(integer) else { return false }
        canonical.append(integer: integer)
        return true
    }

    /// Its own way from the count to the instant: in whole microseconds, not in decimals.
    private mutating func append(epoch count: Int64, _ code: ColumnCode) -> Bool {
        let unit: Int64 = code.parameter == 6 ? 1_000_000 : code.parameter == 3 ? 1000 : 1
        let (microseconds, overflows) = count.multipliedReportingOverflow(by: unit)
        guard !overflows, microseconds > -FieldParsers.instants.upperBound * 2 else { return false }
        let instant = microseconds &- FieldParsers.epochToMillennium
        guard FieldParsers.instants.contains(instant) else { return false }
        canonical.append(CanonicalTag.timestampWithTimeZone, instant: instant)
        return true
    }

    /// A number in a JSON column is the JSON text that the column's affinity took for a number.
    private mutating func append(json number: NumberText) -> Bool {
        var text = ScratchBuffer(capacity: 64)
        for index in 0..<number.count { text.append(number.bytes[index]) }
        guard json.read(text.view) else { return false }
        canonical.append(CanonicalTag.json, json.value)
        return true
    }

    @inline(__always) private mutating func append(text: ByteView, _ code: ColumnCode) -> Bool {
        switch code.kind {
        case .text, .textFromNumbers, .jsonAsWritten: canonical.append(CanonicalTag.text, text)
        case .varchar:
            guard code.hasRoom(for: text) else { return false }
            canonical.append(CanonicalTag.text, text)
        case .bytesFromText: canonical.append(CanonicalTag.bytes, text)
        default: return append(parsed: text, code)
        }
        return true
    }

    private mutating func append(parsed text: ByteView, _ code: ColumnCode) -> Bool {
        switch code.kind {
        case .timestamp, .timestampWithTimeZone:
            guard let parsed = FieldParsers.dateTime(text), let instant = code.instant(parsed) else {
                return false
            }
            let isZoned = code.kind == .timestampWithTimeZone
            canonical.append(
                isZoned ? CanonicalTag.timestampWithTimeZone : CanonicalTag.timestamp, instant: instant)
        case .date:
            guard let days = FieldParsers.date(text) else { return false }
            canonical.append(CanonicalTag.date, instant: Int64(days))
        case .time:
            guard let clock = FieldParsers.time(text) else { return false }
            canonical.append(CanonicalTag.time, instant: clock.microseconds)
        case .uuid:
            guard let uuid = FieldParsers.uuid(text) else { return false }
            canonical.append(uuid: uuid.high, uuid.low)
        case .json:
            guard json.read(text) else { return false }
            canonical.append(CanonicalTag.json, json.value)
        case .booleanFromWords:
            guard let truth = FieldParsers.truth(text) else { return false }
            canonical.append(boolean: truth)
        case .timeFromDateTime:
            guard let clock = FieldParsers.timeOfDay(text) else { return false }
            canonical.append(CanonicalTag.time, instant: clock.microseconds)
        case .intervalFromDateTime:
            guard let microseconds = FieldParsers.sinceEpoch(text) else { return false }
            canonical.append(CanonicalTag.interval, instant: microseconds)
        case .inet:
            guard let address = IPAddress(text) else { return false }
            canonical.append(address: address)
        default: return false
        }
        return true
    }

    @inline(__always) private mutating func append(blob: ByteView, _ code: ColumnCode) -> Bool {
        guard code.kind == .bytes || code.kind == .bytesFromText else { return false }
        canonical.append(CanonicalTag.bytes, blob)
        return true
    }

    /// Writes the digits out, so that they come to the same form as those of a `numeric`.
    private mutating func append(decimal: ShortDecimal, _ code: ColumnCode) -> Bool {
        guard code.holds(decimal) else { return false }
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var first = 20
        var rest = decimal.digits
        while rest > 0 {
            first &-= 1
            digits[first] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
            rest /= 10
        }
        unsafe digits.span.bytes.withUnsafeBytes { bytes in
            let view = unsafe ByteView(bytes)
            canonical.append(
                decimal: DecimalDigits(
                    isNegative: decimal.isNegative, whole: view.slice(from: first, count: 20 &- first),
                    fraction: view.slice(from: 0, count: 0), exponent: decimal.exponent))
        }
        return true
    }

    private mutating func append(_ text: NumberText) {
        unsafe text.bytes.span.bytes.withUnsafeBytes { bytes in
            canonical.append(CanonicalTag.text, unsafe ByteView(bytes).slice(from: 0, count: text.count))
        }
    }
}
