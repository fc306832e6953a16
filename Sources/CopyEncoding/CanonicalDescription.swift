/// Writes canonical values as text, so that both sides name the same key alike.
///
/// Only for keys in reports: texts in single quotes and cut after 100 characters,
/// blobs in hexadecimal, JSON only by its size.
enum CanonicalDescription {
    private static let maxCharacterCount = 100

    static func describe(_ row: ByteView) -> String {
        var cursor = Cursor(bytes: row)
        var parts: [String] = []
        while !cursor.isAtEnd { parts.append(describeNext(&cursor)) }
        return parts.joined(separator: ", ")
    }

    /// Reads along bytes that `CanonicalRow` wrote.
    private struct Cursor {
        let bytes: ByteView
        var position = 0
        var isAtEnd: Bool { position >= bytes.count }

        mutating func number<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> T {
            defer { position += MemoryLayout<T>.size }
            return bytes.bigEndian(T.self, at: position).byteSwapped
        }

        mutating func instant() -> Int64 { number(Int64.self) }

        mutating func piece() -> ByteView {
            let length = Int(number(UInt32.self))
            defer { position += length }
            return bytes.slice(from: position, count: length)
        }
    }

    private static func describeNext(_ cursor: inout Cursor) -> String {
        let tag = cursor.number(UInt8.self)
        if tag & CanonicalTag.large != 0 {
            let byteCount = cursor.number(UInt64.self)
            let hash = cursor.number(UInt128.self)
            return "(\(byteCount) bytes, hash \(String(UInt64(truncatingIfNeeded: hash), radix: 16)))"
        }
        switch tag {
        case CanonicalTag.integer: return String(cursor.number(Int64.self))
        case CanonicalTag.double: return Double(bitPattern: cursor.number(UInt64.self)).description
        case CanonicalTag.decimal: return decimal(&cursor)
        case CanonicalTag.text: return quoted(cursor.piece())
        case CanonicalTag.bytes: return "x'\(hexadecimal(cursor.piece()))'"
        case CanonicalTag.boolean: return cursor.number(UInt8.self) == 1 ? "true" : "false"
        case CanonicalTag.timestamp: return dateTime(cursor.instant())
        case CanonicalTag.timestampWithTimeZone: return dateTime(cursor.instant()) + "+00"
        case CanonicalTag.date: return date(cursor.instant())
        case CanonicalTag.time: return time(cursor.instant())
        case CanonicalTag.interval: return "\(cursor.instant()) microseconds"
        case CanonicalTag.address:
            let (high, low) = (cursor.number(UInt64.self), cursor.number(UInt64.self))
            return IPAddress(isIPv6: cursor.number(UInt8.self) == 6, high: high, low: low).description
        case CanonicalTag.uuid: return uuid(cursor.number(UInt64.self), cursor.number(UInt64.self))
        case CanonicalTag.json: return "(JSON of \(cursor.piece().count) bytes)"
        case CanonicalTag.special: return special(cursor.number(UInt8.self))
        default: return "NULL"
        }
    }

    private static func special(_ code: UInt8) -> String {
        switch CanonicalRow.Special(rawValue: code) {
        case .infinity: "Infinity"
        case .minusInfinity: "-Infinity"
        default: "NaN"
        }
    }

    private static func decimal(_ cursor: inout Cursor) -> String {
        let isNegative = cursor.number(UInt8.self) == 1
        let exponent = Int(cursor.number(Int32.self))
        let digits = text(cursor.piece())
        guard !digits.isEmpty else { return "0" }
        let sign = isNegative ? "-" : ""
        if exponent >= 0 && exponent <= 20 { return sign + digits + String(repeating: "0", count: exponent) }
        if exponent < 0 && exponent >= -20 {
            let filled = String(repeating: "0", count: max(0, 1 - exponent - digits.utf8.count)) + digits
            return sign + filled.dropLast(-exponent) + "." + filled.suffix(-exponent)
        }
        return "\(sign)\(digits)e\(exponent)"
    }

    private static func quoted(_ bytes: ByteView) -> String {
        let content = text(bytes)
        let shown = content.prefix(maxCharacterCount)
        let escaped = shown.map { $0 == "'" ? "''" : $0.isNewline ? " " : String($0) }.joined()
        return shown.endIndex == content.endIndex ? "'\(escaped)'" : "'\(escaped)…'"
    }

    private static func text(_ bytes: ByteView) -> String {
        unsafe String(decoding: bytes.raw, as: UTF8.self)
    }

    private static func hexadecimal(_ bytes: ByteView) -> String {
        var digits = ""
        for index in 0..<min(bytes.count, maxCharacterCount / 2) {
            digits += padded(bytes[index], 2, radix: 16)
        }
        return bytes.count > maxCharacterCount / 2 ? digits + "…" : digits
    }

    private static func dateTime(_ microseconds: Int64) -> String {
        let perDay = FieldParsers.microsecondsPerDay
        let days = microseconds >= 0 ? microseconds / perDay : (microseconds + 1) / perDay - 1
        return date(days) + " " + time(microseconds - days * perDay)
    }

    /// The civil date of a day count from 2000-01-01, counted in eras of 400 years from 1 March 0000.
    private static func date(_ days: Int64) -> String {
        let shifted = days + 730_425
        let era = shifted >= 0 ? shifted / 146_097 : (shifted + 1) / 146_097 - 1
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let year = era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month >= 10 ? month - 9 : month + 3, 2))-\(padded(day, 2))"
    }

    private static func time(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        let fraction = microseconds % 1_000_000
        return fraction == 0 ? clock : "\(clock).\(padded(fraction, 6))"
    }

    private static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        let digits = padded(high, 16, radix: 16) + padded(low, 16, radix: 16)
        var dashed = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { dashed += "-" }
            dashed.append(digit)
        }
        return dashed
    }

    private static func padded(_ number: some BinaryInteger, _ width: Int, radix: Int = 10) -> String {
        let digits = String(number, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
