import SQLiteSyntax
import Schema

/// A value as SQLite stores it: what a DEFAULT becomes when the column's affinity is applied.
enum SQLiteValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// nil for what is no constant.
    init?(_ expression: Expression) {
        switch expression {
        case .literal(let literal): self.init(literal)
        case .unary(.plus, let operand): self.init(operand)
        case .unary(.minus, let operand):
            if case .literal(.real("9223372036854775808")) = operand {
                self = .integer(.min)
                return
            }
            switch SQLiteValue(operand) {
            case .integer(let value) where value != .min: self = .integer(-value)
            case .real(let value): self = .real(-value)
            default: return nil
            }
        // A bare word is a string here: `DEFAULT none`.
        case .column(let reference) where reference.table == nil: self = .text(reference.name)
        default: return nil
        }
    }

    private init?(_ literal: Literal) {
        switch literal {
        case .null: self = .null
        case .integer(let value), .hexadecimal(_, let value): self = .integer(value)
        case .real(let text):
            guard let value = Double(text) else { return nil }
            self = .real(value)
        case .string(let text): self = .text(text)
        case .blob(let bytes): self = .blob(bytes)
        case .boolean(let value): self = .integer(value ? 1 : 0)
        case .currentDate, .currentTime, .currentTimestamp: return nil
        }
    }

    /// https://sqlite.org/datatype3.html#type_affinity
    func applying(_ affinity: Affinity) -> SQLiteValue {
        switch (self, affinity) {
        case (.integer(let value), .text): return .text(String(value))
        case (.real(let value), .text): return Self.text(of: value).map(SQLiteValue.text) ?? self
        case (.integer(let value), .real): return .real(Double(value))
        case (.real(let value), .integer), (.real(let value), .numeric):
            return Int64(exactly: value).map(SQLiteValue.integer) ?? self
        case (.text(let text), .integer), (.text(let text), .numeric), (.text(let text), .real):
            return Self.number(in: text)?.applying(affinity) ?? self
        default: return self
        }
    }

    var isText: Bool { if case .text = self { true } else { false } }

    /// The literal that a number is; nil for what is none.
    var numberLiteral: Literal? {
        switch self {
        case .integer(let value): .integer(value)
        case .real(let value) where value.isFinite: .real("\(value)")
        default: nil
        }
    }

    /// The number that a text starts with, as arithmetic takes it, 0 without one; nil where its last bit
    /// depends on how SQLite reads long numbers.
    static func numberPrefix(of text: String) -> SQLiteValue? {
        let bytes = Array(text.utf8)
        var position = 0
        func digits() -> Int {
            let start = position
            while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
            return position - start
        }
        while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) {
            position += 1
        }
        let start = position
        if position < bytes.count, "+-".utf8.contains(bytes[position]) { position += 1 }
        var count = digits()
        var end = position
        var isWhole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let fraction = digits()
            if count + fraction > 0 {
                end = position
                isWhole = false
            }
            count += fraction
        }
        guard count > 0 else { return .integer(0) }
        position = end
        if position < bytes.count, "eE".utf8.contains(bytes[position]) {
            position += 1
            if position < bytes.count, "+-".utf8.contains(bytes[position]) { position += 1 }
            if digits() > 0 {
                end = position
                isWhole = false
            }
        }
        var number = String(decoding: bytes[start..<end], as: UTF8.self)
        if number.hasPrefix("+") { number.removeFirst() }
        if isWhole, let value = Int64(number) { return .integer(value) }
        if number.hasSuffix(".") { number += "0" }
        guard count <= 15, let value = Double(number), value == 0 || (1e-20...1e20).contains(value.magnitude)
        else { return nil }
        return .real(value)
    }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }

    var numberExpression: TargetExpression? {
        switch self {
        case .integer(let value): .integer(value)
        case .real(let value) where value.isFinite: .number("\(value)")
        default: nil
        }
    }

    /// A text that is a number and nothing else but spaces around it.
    private static func number(in text: String) -> SQLiteValue? {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let trimmed = Array(text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        guard let first = trimmed.first, trimmed.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
            first != UInt8(ascii: "e"), first != UInt8(ascii: "E")
        else { return nil }
        var digits = String(decoding: trimmed, as: UTF8.self)
        if digits.hasPrefix("+") { digits.removeFirst() }
        if let integer = Int64(digits) { return .integer(integer) }
        return Double(digits).map(SQLiteValue.real)
    }

    /// As SQLite writes a real (`%!.15g`); nil where that takes all 15 digits, which may be rounded.
    /// https://sqlite.org/printf.html
    static func text(of value: Double) -> String? {
        guard value.isFinite else { return value < 0 ? "-Inf" : "Inf" }
        let (digits, exponent) = decimalForm(of: value)
        guard digits.utf8.count <= 15 else { return nil }
        let sign = value < 0 ? "-" : ""
        if exponent < -4 || exponent > 14 {
            let fraction = digits.utf8.count == 1 ? "0" : String(digits.dropFirst())
            let power = String(exponent.magnitude)
            return "\(sign)\(digits.prefix(1)).\(fraction)e\(exponent < 0 ? "-" : "+")"
                + (power.utf8.count == 1 ? "0" : "") + power
        }
        if exponent < 0 { return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)" }
        let padded = digits + String(repeating: "0", count: max(0, exponent + 2 - digits.utf8.count))
        return "\(sign)\(padded.prefix(exponent + 1)).\(padded.dropFirst(exponent + 1))"
    }

    /// The shortest digits that read back as the value, without zeros at their ends, and the power of ten
    /// of the first of them.
    private static func decimalForm(of value: Double) -> (digits: String, exponent: Int) {
        let parts = "\(value.magnitude)".split(separator: "e")
        let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = number.count > 1 ? number[1] : ""
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let all = String(number[0]) + fraction
        let leading = all.prefix { $0 == "0" }.utf8.count
        var digits = String(all.dropFirst(leading))
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.isEmpty { return ("0", 0) }
        return (digits, power + number[0].utf8.count - 1 - leading)
    }
}
