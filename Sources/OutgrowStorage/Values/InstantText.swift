#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Instants as microseconds since 1970 and as text, `2026-11-23T15:20:00.123456Z`: 27 bytes whose order is
/// that of time.
///
/// A `Date` is a `Double` of seconds since 2001. Between the years 1729 and 2272 that is finer than a
/// microsecond, and every microsecond comes back as it was; farther away a `Date` itself cannot tell
/// microseconds apart (31 µs in the year 9999), but every `Date` comes back equal. Leap seconds do not exist,
/// as in both engines.
enum InstantText {
    /// Years 1 to 9999, which both engines and ISO 8601 have.
    static let range = dayNumber(1, 1, 1) * dayLength...(dayNumber(10000, 1, 1) * dayLength - 1)

    private static let dayLength: Int64 = 86_400_000_000
    /// 2001 in seconds since 1970.
    private static let referenceSecond: Int64 = 978_307_200

    /// Microseconds since 1970, rounded to the nearest.
    ///
    /// - Throws: ``StorageError/Kind/unsupportedValue`` outside of the years 1 to 9999.
    static func microseconds(_ date: Date) throws -> Int64 {
        guard let result = nearestMicrosecond(date) else { throw outOfRange }
        return result
    }

    /// Whether a date lies within the years 1 to 9999.
    static func canHold(_ date: Date) -> Bool { nearestMicrosecond(date) != nil }

    private static func nearestMicrosecond(_ date: Date) -> Int64? {
        let time = date.timeIntervalSinceReferenceDate
        guard abs(time) < 1e12 else { return nil }
        let second = time.rounded(.down)
        // The difference is exact; so is everything in whole seconds.
        let fraction = Int64(((time - second) * 1e6).rounded())
        let result = (Int64(second) + referenceSecond) * 1_000_000 + fraction
        return range.contains(result) ? result : nil
    }

    /// The nearest `Date`.
    static func date(microseconds: Int64) -> Date {
        let second = floorDivision(microseconds, 1_000_000)
        let fraction = microseconds - second * 1_000_000
        return Date(
            timeIntervalSinceReferenceDate: Double(second - referenceSecond) + Double(fraction) / 1e6)
    }

    /// The text of an instant, always of the same width.
    ///
    /// - Throws: ``StorageError/Kind/unsupportedValue`` outside of the years 1 to 9999.
    static func text(_ date: Date) throws -> String { text(microseconds: try microseconds(date)) }

    /// The text of an instant within ``range``.
    static func text(microseconds: Int64) -> String {
        let day = floorDivision(microseconds, dayLength)
        let rest = microseconds - day * dayLength
        let (year, month, dayOfMonth) = civil(day)
        let second = rest / 1_000_000
        var bytes = Array("0000-00-00T00:00:00.000000Z".utf8)
        write(year, 4, at: 0, into: &bytes)
        write(month, 2, at: 5, into: &bytes)
        write(dayOfMonth, 2, at: 8, into: &bytes)
        write(second / 3600, 2, at: 11, into: &bytes)
        write(second / 60 % 60, 2, at: 14, into: &bytes)
        write(second % 60, 2, at: 17, into: &bytes)
        write(rest % 1_000_000, 6, at: 20, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ number: Int64, _ width: Int, at start: Int, into bytes: inout [UInt8]) {
        var rest = number
        for place in stride(from: start + width - 1, through: start, by: -1) {
            bytes[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// What both backends answer for a date that one of them cannot hold.
    static var outOfRange: StorageError {
        StorageError(
            .unsupportedValue, "A date lies outside of the years 1 to 9999.",
            fix: "Store NULL for “never”, or a number in a column of its own.")
    }
}

// Reading.
extension InstantText {
    /// The instant that a text means; nil when it is none within the years 1 to 9999.
    ///
    /// Reads `YYYY-MM-DD`, then optionally `T` or a space and `HH:MM[:SS[.f…]]`, then optionally `Z` or
    /// `±HH[[:]MM]`. Without a zone it is UTC. Digits behind the microsecond are rounded.
    static func date(_ text: String) -> Date? { microseconds(text).map(date(microseconds:)) }

    static func microseconds(_ text: String) -> Int64? {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let day = reader.day() else { return nil }
        var result = day * dayLength
        if !reader.rest.isEmpty {
            guard let time = reader.time(), let zone = reader.zone(), reader.rest.isEmpty else { return nil }
            result += time - zone
        }
        return range.contains(result) ? result : nil
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func day() -> Int64? {
            guard let year = number(4), take(0x2D), let month = number(2), take(0x2D), let day = number(2),
                year >= 1, (1...12).contains(month), day >= 1, day <= InstantText.dayCount(year, month)
            else { return nil }
            return InstantText.dayNumber(year, month, day)
        }

        mutating func time() -> Int64? {
            guard take(0x54) || take(0x20), let hour = number(2), hour < 24, take(0x3A),
                let minute = number(2), minute < 60
            else { return nil }
            var result = (hour * 60 + minute) * 60_000_000
            guard take(0x3A) else { return result }
            guard let second = number(2), second < 60 else { return nil }
            result += second * 1_000_000
            guard take(0x2E) else { return result }
            guard let fraction = fraction() else { return nil }
            return result + fraction
        }

        private mutating func fraction() -> Int64? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest[digits.endIndex...]
            var result: Int64 = 0
            for place in 0..<6 { result = result * 10 + Int64(digits.dropFirst(place).first ?? 0x30) - 0x30 }
            if let next = digits.dropFirst(6).first, next >= 0x35 { result += 1 }
            return result
        }

        /// The zone's distance from UTC, in microseconds.
        mutating func zone() -> Int64? {
            if rest.isEmpty || take(0x5A) { return 0 }
            let isWest = take(0x2D)
            guard isWest || take(0x2B), let hour = number(2), hour < 24 else { return nil }
            var minute: Int64 = 0
            if !rest.isEmpty {
                _ = take(0x3A)
                guard let written = number(2), written < 60 else { return nil }
                minute = written
            }
            return (hour * 60 + minute) * (isWest ? -60_000_000 : 60_000_000)
        }

        private mutating func number(_ width: Int) -> Int64? {
            let digits = rest.prefix(width)
            guard digits.count == width, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest[digits.endIndex...]
            return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest = rest.dropFirst()
            return true
        }
    }
}

// The proleptic Gregorian calendar, which both engines use: years begin in March, so that the leap day is the
// last.
extension InstantText {
    /// Days since 1970-01-01.
    static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivision(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date of a day counted since 1970-01-01.
    static func civil(_ dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = dayNumber + 719_468
        let era = floorDivision(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private static func dayCount(_ year: Int64, _ month: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func floorDivision(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }
}
