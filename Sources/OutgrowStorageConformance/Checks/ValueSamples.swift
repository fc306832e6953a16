internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The values at the edges of what both engines hold, each with a name for its check.
enum ValueSamples {
    static let integers: [(String, Int64)] = [
        ("zero", 0), ("one", 1), ("minus one", -1), ("the largest integer", .max),
        ("the smallest integer", .min), ("2^31", 1 << 31), ("-2^31 - 1", -(1 << 31) - 1),
        ("2^53 + 1, which no Double holds", (1 << 53) + 1), ("-2^53 - 1", -(1 << 53) - 1),
        ("a number of three bytes", 8_388_607),
    ]

    static let reals: [(String, Double)] = [
        ("zero", 0), ("one and a half", 1.5), ("a tenth", 0.1), ("a third", 1.0 / 3),
        ("a whole number", 3), ("2^53", 9_007_199_254_740_992), ("10^300", 1e300),
        ("the largest real", .greatestFiniteMagnitude), ("the smallest normal real", .leastNormalMagnitude),
        ("the smallest real of all", .leastNonzeroMagnitude), ("minus 10^-300", -1e-300),
        ("infinity", .infinity), ("minus infinity", -.infinity), ("pi", .pi),
        ("the real after one", 1.0.nextUp),
    ]

    static let booleans: [(String, Bool)] = [("true", true), ("false", false)]

    static let texts: [(String, String)] = [
        ("an empty text", ""), ("a space", " "), ("spaces at both ends", "  a  "), ("ASCII", "Ada Lovelace"),
        ("quotes and backslashes", #"it's "quoted" \ and \n"#), ("a placeholder", "$1 ? :name @x"),
        ("a semicolon and a comment", "'; DROP TABLE sample; -- "), ("line ends", "a\nb\r\nc\td"),
        ("umlauts", "Käthe Kollwitz, ÄÖÜß"), ("a combining mark, not composed", "e\u{301}"),
        ("the same mark, composed", "\u{E9}"), ("Chinese", "中文字符"), ("Arabic", "مرحبا"),
        ("a family of emoji", "👩‍👩‍👧‍👦"), ("a flag", "🇺🇦"), ("the last character of Unicode", "\u{10FFFF}"),
        ("a byte order mark", "\u{FEFF}bom"), ("control characters", "\u{1}\u{2}\u{1F}\u{7F}"),
        ("digits", "0123"), ("a number in words of SQL", "NULL"), ("true as text", "true"),
        ("a number with spaces", " 12 "), ("COPY's end mark", "\\."), ("COPY's NULL", "\\N"),
        ("1 MB of ASCII", String(repeating: "0123456789abcdef", count: 65_536)),
        ("1 MB of two-byte characters", String(repeating: "ä", count: 524_288)),
    ]

    static let bytes: [(String, [UInt8])] = [
        ("no bytes", []), ("a zero byte", [0]), ("zero bytes", [0, 0, 0]), ("every byte", Array(0...255)),
        ("bytes that are no UTF-8", [0xFF, 0xFE, 0xC0, 0x80]), ("ASCII bytes", Array("\\x00".utf8)),
        ("1 MB of bytes", (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }),
    ]

    /// Fractions are sums of powers of two, which `Date` holds exactly.
    static let dates: [(String, Date)] = [
        ("the beginning of 1970", Date(timeIntervalSince1970: 0)),
        ("the beginning of 2000", Date(timeIntervalSince1970: 946_684_800)),
        ("the beginning of 2001", Date(timeIntervalSinceReferenceDate: 0)),
        ("a second before 1970", Date(timeIntervalSince1970: -1)),
        ("half a second before 1970", Date(timeIntervalSince1970: -0.5)),
        ("half a second before 2000", Date(timeIntervalSince1970: 946_684_799.5)),
        ("15,625 microseconds after 2001", Date(timeIntervalSinceReferenceDate: 0.015625)),
        ("a quarter of a second in 2026", Date(timeIntervalSince1970: 1_795_000_000.25)),
        ("a leap day", Date(timeIntervalSince1970: 1_709_164_800)),
        ("the end of a leap year", Date(timeIntervalSince1970: 1_735_689_599.75)),
        ("a day in 1900", Date(timeIntervalSince1970: -2_203_891_200)),
        ("the Gregorian reform", Date(timeIntervalSince1970: -12_219_292_800)),
        ("the first instant of year 1", Date(timeIntervalSince1970: -62_135_596_800)),
        ("the last second of year 9999", Date(timeIntervalSince1970: 253_402_300_799)),
        ("a day after 2038", Date(timeIntervalSince1970: 2_147_483_648)),
    ]

    static let uuids: [(String, UUID)] = [
        ("a UUID of zeros", UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
        (
            "a UUID of ones",
            UUID(uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        ),
        (
            "a UUID with letters",
            UUID(uuid: (0xAB, 0xCD, 0xEF, 0x01, 0x23, 0x45, 0x47, 0x89, 0x9A, 0xBC, 0xDE, 0xF0, 1, 2, 3, 4))
        ),
    ]

    static let decimals: [(String, Decimal)] = [
        ("zero", 0), ("one", 1), ("minus one", -1), ("a tenth", decimal("0.1")), ("a cent", decimal("0.01")),
        ("a price with a zero at its end", decimal("1.10")), ("minus a price", decimal("-1234567.89")),
        ("the digits of a Double and one more", decimal("0.12345678901234567")),
        ("2^63", decimal("9223372036854775808")),
        ("38 digits", decimal("12345678901234567890123456789012345678")),
        ("38 digits behind the point", decimal("0.12345678901234567890123456789012345678")),
        ("38 digits around the point", decimal("-1234567890123456789.0123456789012345678")),
        ("a hundred zeros", decimal("1e100")), ("a hundred zeros behind the point", decimal("1e-100")),
        ("one with four groups of zeros", decimal("10000000000000000")),
        ("ten thousandths", decimal("0.0001")),
    ]

    static let documents: [(String, String)] = [
        ("null", "null"), ("true", "true"), ("a number", "42"), ("a negative number", "-7"),
        ("a fraction", "1.5"), ("a text", #""text""#), ("an empty text", #""""#), ("an empty array", "[]"),
        ("an empty object", "{}"), ("an array of several types", #"[1,"two",true,null,[3]]"#),
        ("an object", #"{"name":"Ada","born":1815}"#), ("a nested object", #"{"a":{"b":{"c":[{}]}}}"#),
        ("escapes", #"{"a":"\"\\\/\b\f\n\r\t\u00e9"}"#), ("a pair of surrogates", #"["\ud83d\ude00"]"#),
        ("an empty key", #"{"":1}"#), ("unicode keys", #"{"ключ":"значение"}"#),
        ("an integer beyond 2^53", "9007199254740993"),
    ]

    private static func decimal(_ text: String) -> Decimal { Decimal(string: text) ?? .nan }
}
