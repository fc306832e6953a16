import Schema
import TestSupport

/// Random rows with one column per codec, of values that fit.
enum CodecSamples {
    static let codecs: [ValueCodec] = [
        .integer, .double, .numeric(nil), .numeric(NumericBounds(precision: 12, scale: 2)), .text,
        .textFromNumbers, .bytes,
        .bytesFromText, .boolean, .timestamp, .timestampWithTimeZone(assumedOffset: 7200), .date, .time,
        .uuid, .json, .narrowInteger(.two), .narrowInteger(.four), .varchar(7), .varchar(nil),
        .booleanFromWords,
        .timestampFromEpoch(.seconds), .timestampFromEpoch(.milliseconds), .timestampFromEpoch(.microseconds),
        .timeFromDateTime, .intervalFromMicroseconds, .intervalFromDateTime, .inet, .jsonAsWritten,
    ]

    static let types = codecs.map(\.type)

    static func row(_ generator: inout SplitMix64) -> [SourceValue] {
        codecs.map { codec in
            Int.random(in: 0..<10, using: &generator) == 0 ? .null : storedValue(codec, &generator)
        }
    }

    static func value(_ codec: ValueCodec, _ generator: inout SplitMix64) -> SourceValue {
        switch codec {
        case .integer:
            oneIn(4, &generator) ? .real(Double(whole(&generator) >> 11)) : .integer(whole(&generator))
        case .double:
            oneIn(4, &generator)
                ? .integer(whole(&generator) >> 11) : .real(finite(&generator, allowsZero: true))
        case .numeric(nil): oneIn(2, &generator) ? .integer(whole(&generator)) : .real(finite(&generator))
        case .numeric:
            .real(Double(Int.random(in: -999_999_999_999...999_999_999_999, using: &generator)) / 100)
        case .text: .text(text(&generator))
        case .textFromNumbers:
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: .integer(whole(&generator))
            case 1: .real(finite(&generator))
            default: .text(text(&generator))
            }
        case .bytes: .blob(bytes(&generator))
        case .bytesFromText: oneIn(2, &generator) ? .blob(bytes(&generator)) : .text(text(&generator))
        case .boolean: .integer(Int64.random(in: 0...1, using: &generator))
        case .timestamp: .text(dateTime(&generator, zones: ["", "", "Z", "+00:00", " +00:00"]))
        case .timestampWithTimeZone:
            .text(dateTime(&generator, zones: ["", "Z", "+02:00", " -0330", "+14:00", "-05"]))
        case .date: .text(date(&generator))
        case .time: .text(time(&generator))
        case .uuid: .text(uuid(&generator))
        case .json, .jsonAsWritten: .text(json(&generator, depth: 0))
        case .narrowInteger(let width): .integer(Int64.random(in: width.range, using: &generator))
        case .varchar(let limit):
            .text(
                Array(
                    String(decoding: text(&generator), as: UTF8.self).unicodeScalars.prefix(limit ?? 9000)
                        .map(String.init).joined().utf8))
        case .booleanFromWords: .text(["t", "f", "true", "false"].randomElement(using: &generator) ?? "t")
        case .timestampFromEpoch(let unit):
            .integer(
                Int64.random(in: -62_135_596_800...253_402_300_799, using: &generator)
                    * (1_000_000 / unit.microseconds)
                    + (unit == .seconds ? 0 : Int64.random(in: 0..<1000, using: &generator)))
        case .timeFromDateTime: .text("2000-01-01 " + time(&generator))
        case .intervalFromMicroseconds: .integer(whole(&generator))
        case .intervalFromDateTime: .text(dateTime(&generator, zones: [""]))
        case .inet: .text(address(&generator))
        }
    }

    static func address(_ generator: inout SplitMix64) -> String {
        if oneIn(2, &generator) {
            return (0..<4).map { _ in String(Int.random(in: 0...255, using: &generator)) }.joined(
                separator: ".")
        }
        var groups = (0..<8).map { _ in
            oneIn(2, &generator) ? "0" : String(UInt16.random(in: 0...0xFFFF, using: &generator), radix: 16)
        }
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return "::ffff:10.1.2." + String(Int.random(in: 0...255, using: &generator))
        case 1:
            let start = Int.random(in: 0..<7, using: &generator)
            let end = Int.random(in: (start + 2)...8, using: &generator)
            let left = groups[..<start].joined(separator: ":")
            return left + "::" + groups[end...].joined(separator: ":")
        case 2: groups = groups.map { String(repeating: "0", count: 4 - $0.count) + $0.uppercased() }
        default: break
        }
        return groups.joined(separator: ":")
    }

    /// As `value`, and for JSON also what NUMERIC affinity makes of a text that is a number.
    static func storedValue(_ codec: ValueCodec, _ generator: inout SplitMix64) -> SourceValue {
        switch codec {
        case .json, .jsonAsWritten: break
        case .timeFromDateTime:
            return .text(oneIn(2, &generator) ? time(&generator) : "2000-01-01T" + time(&generator))
        case .booleanFromWords where oneIn(2, &generator):
            return .integer(Int64.random(in: 0...1, using: &generator))
        case .timestampFromEpoch(.seconds) where oneIn(2, &generator):
            return .real(Double(Int.random(in: -2_000_000_000...4_000_000_000, using: &generator)) + 0.25)
        default: return value(codec, &generator)
        }
        guard oneIn(3, &generator) else { return value(codec, &generator) }
        return oneIn(2, &generator) ? .integer(whole(&generator)) : .real(finite(&generator))
    }

    static func oneIn(_ count: Int, _ generator: inout SplitMix64) -> Bool {
        Int.random(in: 0..<count, using: &generator) == 0
    }

    static func whole(_ generator: inout SplitMix64) -> Int64 {
        let edges: [Int64] = [0, 1, -1, .max, .min, 9999, 10_000, 1 << 53, -(1 << 53), 100_000_000]
        if oneIn(5, &generator) { return edges[Int.random(in: 0..<edges.count, using: &generator)] }
        return Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<63, using: &generator)
    }

    static func finite(_ generator: inout SplitMix64, allowsZero: Bool = false) -> Double {
        let edges = [
            1e22, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1e-5, 123e-7, 1e16, 0,
            2.2250738585072014e-308,
        ]
        if oneIn(10, &generator) { return edges[Int.random(in: 0..<edges.count, using: &generator)] }
        if allowsZero, oneIn(20, &generator) {
            return [-0.0, .infinity, -.infinity][Int.random(in: 0..<3, using: &generator)]
        }
        let real = randomDouble(&generator)
        return real.isFinite && (real != 0 || real.sign == .plus) ? real : 0.5
    }

    static func text(_ generator: inout SplitMix64) -> [UInt8] {
        let pieces = ["a", "'", "\\", "\n", "é", "€", "😀", " ", "\t", "\u{1}", "word ", "ß", "\u{FFFF}"]
        if oneIn(100, &generator) { return Array(String(repeating: "long text ", count: 700).utf8) }
        return (0..<Int.random(in: 0...12, using: &generator)).flatMap { _ in
            Array(pieces[Int.random(in: 0..<pieces.count, using: &generator)].utf8)
        }
    }

    static func bytes(_ generator: inout SplitMix64) -> [UInt8] {
        let length = oneIn(100, &generator) ? 5000 : Int.random(in: 0...20, using: &generator)
        return (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    static func date(_ generator: inout SplitMix64) -> String {
        let years = oneIn(3, &generator) ? 1...9999 : 1950...2050
        let year = Int.random(in: years, using: &generator)
        let month = Int.random(in: 1...12, using: &generator)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let last = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return
            "\(padded(year, 4))-\(padded(month, 2))-\(padded(Int.random(in: 1...last, using: &generator), 2))"
    }

    static func time(_ generator: inout SplitMix64) -> String {
        func two(_ limit: Int) -> String { padded(Int.random(in: 0..<limit, using: &generator), 2) }
        let clock = two(24) + ":" + two(60)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return clock
        case 1: return clock + ":" + two(60)
        default:
            let digits = Int.random(in: 1...6, using: &generator)
            let fraction = padded(Int.random(in: 0..<1_000_000, using: &generator), 6).prefix(digits)
            return clock + ":" + two(60) + "." + fraction
                + (oneIn(10, &generator) && digits == 6 ? "000" : "")
        }
    }

    static func dateTime(_ generator: inout SplitMix64, zones: [String]) -> String {
        if oneIn(20, &generator) { return date(&generator) }
        return date(&generator) + (oneIn(2, &generator) ? "T" : " ") + time(&generator)
            + zones[Int.random(in: 0..<zones.count, using: &generator)]
    }

    static func uuid(_ generator: inout SplitMix64) -> String {
        let plain = hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let cased = oneIn(3, &generator) ? plain.uppercased() : plain
        if oneIn(3, &generator) { return cased }
        let digits = Array(cased)
        let dashed = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(
            separator: "-")
        return oneIn(5, &generator) ? "{\(dashed)}" : dashed
    }

    static func json(_ generator: inout SplitMix64, depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
        case 0: return ["null", "true", "false"][Int.random(in: 0..<3, using: &generator)]
        case 1:
            return [
                "0", "-0", "1", "1.0", "100", "1e2", "1.50", "1.5", "-2E-3", "123456789012345678901234567890",
                "1e-300",
            ][
                Int.random(in: 0..<11, using: &generator)]
        case 2, 3, 4: return string(&generator)
        case 5:
            return "["
                + (0..<Int.random(in: 0...3, using: &generator)).map { _ in json(&generator, depth: depth + 1)
                }
                .joined(separator: ", ") + "]"
        default:
            let keys = ["a", "bb", "é", "", "\\u0061b", "long key", "😀", "\\n"].shuffled(using: &generator)
                .prefix(Int.random(in: 0...5, using: &generator))
            return "{"
                + keys.map { "\"\($0)\" : " + json(&generator, depth: depth + 1) }.joined(separator: ",")
                + " }"
        }
    }

    private static func string(_ generator: inout SplitMix64) -> String {
        let pieces = [
            "x", "é", "\\u00e9", "\\\"", "\\\\", "/", "\\/", "\\t", "\\u0009", "😀", "\\ud83d\\ude00", " ",
            "\\u001f",
        ]
        return "\""
            + (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined() + "\""
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
