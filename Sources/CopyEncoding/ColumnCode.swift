internal import Diagnostics
internal import SQLiteClient
internal import Schema

/// A codec as the hot loop wants it: one byte to switch over, and its parameters beside it.
struct ColumnCode: BitwiseCopyable {
    var kind: Kind
    var hasAssumedOffset = false
    var hasBounds = false
    var assumedOffset: Int32 = 0
    var precision: Int32 = 0
    var scale: Int32 = 0
    /// The most characters of a varchar, or `Int32.max`; the decimal places of an epoch's unit, 6 for seconds.
    var parameter: Int32 = 0

    enum Kind: UInt8, BitwiseCopyable {
        case integer, double, numeric, text, textFromNumbers, bytes, bytesFromText, boolean
        case timestamp, timestampWithTimeZone, date, time, uuid, json
        case integer2, integer4, varchar, booleanFromWords, timestampFromEpoch, timeFromDateTime
        case intervalFromMicroseconds, intervalFromDateTime, inet, jsonAsWritten
    }

    init(_ codec: ValueCodec) {
        kind =
            switch codec {
            case .integer: .integer
            case .double: .double
            case .numeric: .numeric
            case .text: .text
            case .textFromNumbers: .textFromNumbers
            case .bytes: .bytes
            case .bytesFromText: .bytesFromText
            case .boolean: .boolean
            case .timestamp: .timestamp
            case .timestampWithTimeZone: .timestampWithTimeZone
            case .date: .date
            case .time: .time
            case .uuid: .uuid
            case .json: .json
            case .narrowInteger(.two): .integer2
            case .narrowInteger(.four): .integer4
            case .varchar: .varchar
            case .booleanFromWords: .booleanFromWords
            case .timestampFromEpoch: .timestampFromEpoch
            case .timeFromDateTime: .timeFromDateTime
            case .intervalFromMicroseconds: .intervalFromMicroseconds
            case .intervalFromDateTime: .intervalFromDateTime
            case .inet: .inet
            case .jsonAsWritten: .jsonAsWritten
            }
        switch codec {
        case .varchar(let limit): parameter = limit.map { Int32(clamping: $0) } ?? .max
        case .timestampFromEpoch(.seconds): parameter = 6
        case .timestampFromEpoch(.milliseconds): parameter = 3
        default: break
        }
        if case .timestampWithTimeZone(let offset?) = codec {
            hasAssumedOffset = true
            assumedOffset = Int32(clamping: offset)
        }
        if case .numeric(let bounds?) = codec {
            hasBounds = true
            precision = Int32(clamping: bounds.precision)
            scale = Int32(clamping: bounds.scale)
        }
    }

    /// The most bytes that a field takes in a COPY row, without those of a text or blob.
    var byteBound: Int {
        switch kind {
        case .boolean, .booleanFromWords: 5
        case .integer2: 6
        case .date, .integer4: 8
        case .integer, .double, .timestamp, .timestampWithTimeZone, .time: 12
        case .timestampFromEpoch, .timeFromDateTime: 12
        case .uuid, .intervalFromMicroseconds, .intervalFromDateTime: 20
        case .inet: 24
        case .numeric: 4 + 8 + 2 * NumericWire.maxGroupCount
        case .text, .varchar, .bytes, .bytesFromText: 4
        case .json: 45
        case .textFromNumbers, .jsonAsWritten: 44
        }
    }
}

extension ColumnCode {
    /// The whole number that a REAL is: within ±2^53, and not −0.0.
    @inline(__always) static func whole(_ real: Double) -> Int64? {
        guard real.magnitude <= 9_007_199_254_740_992, real.rounded(.towardZero) == real,
            real != 0 || real.sign == .plus
        else { return nil }
        return Int64(real)
    }

    /// The double that an INTEGER is: within ±2^53.
    @inline(__always) static func double(_ integer: Int64) -> Double? {
        integer.magnitude <= 9_007_199_254_740_992 ? Double(integer) : nil
    }

    /// Whether the number fits the bounds of a `numeric(precision, scale)`.
    @inline(__always) func holds(_ decimal: ShortDecimal) -> Bool {
        !hasBounds || decimal.fits(precision: Int(precision), scale: Int(scale))
    }

    /// The microseconds that stand for a date-time, by the rules of the codec.
    @inline(__always) func instant(_ dateTime: DateTime) -> Int64? {
        switch dateTime.zone {
        case .none where kind == .timestamp: dateTime.wallClock
        case .none: hasAssumedOffset ? dateTime.wallClock &- Int64(assumedOffset) &* 1_000_000 : nil
        case .utc: dateTime.wallClock
        case .offset(let seconds):
            kind == .timestamp ? nil : dateTime.wallClock &- Int64(seconds) &* 1_000_000
        }
    }
}

extension ColumnCode {
    /// Whether a `varchar` has room for the text, which is known to be UTF-8.
    @inline(__always) func hasRoom(for text: ByteView) -> Bool {
        text.count <= Int(parameter) || TextTraits.characterCount(text) <= Int(parameter)
    }

    /// The microseconds from 2000-01-01 that a count of the epoch's unit stands for.
    func instant(_ count: ShortDecimal) -> Int64? {
        let exponent = count.exponent &+ Int(parameter)
        guard exponent >= 0, exponent < 19, count.digits <= UInt64(Int64.max) else { return nil }
        var magnitude = Int64(count.digits)
        for _ in 0..<exponent {
            let (product, overflows) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            magnitude = product
        }
        let (instant, overflows) = (count.isNegative ? 0 &- magnitude : magnitude)
            .subtractingReportingOverflow(FieldParsers.epochToMillennium)
        return !overflows && FieldParsers.instants.contains(instant) ? instant : nil
    }
}

extension ColumnCode {
    /// What a value that does not fit means after a scan that found none.
    @inline(never) func misfit(table: String, column index: Int) -> OutgrowError {
        .defect(
            "Column number \(index + 1) holds a value that does not fit as \(kind), "
                + "although the scan of the same snapshot found none.",
            at: table)
    }
}

/// The codes of a table's columns in one piece of memory.
@safe struct ColumnTable: ~Copyable {
    private let codes: UnsafeMutablePointer<ColumnCode>
    let count: Int

    init(_ codecs: [ValueCodec]) {
        count = codecs.count
        unsafe codes = .allocate(capacity: max(count, 1))
        for (index, codec) in codecs.enumerated() { unsafe (codes + index).initialize(to: ColumnCode(codec)) }
    }

    deinit { unsafe codes.deallocate() }

    @inline(__always) subscript(index: Int) -> ColumnCode {
        precondition(
            UInt(bitPattern: index) < UInt(bitPattern: count), "a column that the table does not have")
        return unsafe codes[index]
    }
}

/// `==` on an enum with raw values goes through the generic protocol witness when the enum is of
/// another module (perf: a tenth of the encoder's time); a pattern is one comparison.
extension StorageClass {
    @inline(__always) var isNull: Bool { if case .null = self { true } else { false } }
    @inline(__always) var isInteger: Bool { if case .integer = self { true } else { false } }
    @inline(__always) var isReal: Bool { if case .real = self { true } else { false } }
    @inline(__always) var isText: Bool { if case .text = self { true } else { false } }
    @inline(__always) var isBlob: Bool { if case .blob = self { true } else { false } }
}
