/// Reads dates, times and UUIDs from raw bytes, without making a `String`.
///
/// Every parser reads the whole text or refuses it: nothing is skipped, guessed
/// or rounded. Dates are checked against the calendar (proleptic Gregorian, as in
/// Postgres), years run from 0001 to 9999.
enum FieldParsers {
    static let microsecondsPerDay: Int64 = 86_400_000_000
    /// From 1970-01-01 to 2000-01-01, where Postgres begins to count.
    static let epochToMillennium: Int64 = 946_684_800_000_000
    /// The years 1 to 9999, from 2000-01-01.
    static let instants = (-730_119 * microsecondsPerDay)..<(2_921_940 * microsecondsPerDay)

    /// `YYYY-MM-DD` as days since 2000-01-01, which is how Postgres counts them.
    static func date(_ text: ByteView) -> Int32? {
        text.count == 10 ? leadingDate(text) : nil
    }

    /// `HH:MM[:SS[.ffffff]]` as microseconds since midnight.
    static func time(_ text: ByteView) -> Clock? {
        guard let clock = clock(text, at: 0), clock.end == text.count else { return nil }
        return clock
    }

    /// A time of day and what its text looked like.
    struct Clock {
        var microseconds: Int64
        /// Where the text goes on.
        var end: Int
        /// Written as Postgres prints it: with seconds, and without trailing zeros.
        var isPostgresForm: Bool
    }

    /// The date in the first ten bytes.
    static func leadingDate(_ text: ByteView) -> Int32? {
        guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        let century = twoDigits(text, at: 0)
        let yearOfCentury = twoDigits(text, at: 2)
        let month = twoDigits(text, at: 5)
        let day = twoDigits(text, at: 8)
        guard century >= 0, yearOfCentury >= 0 else { return nil }
        let year = century &* 100 &+ yearOfCentury
        guard year >= 1, month >= 1, month <= 12, day >= 1 else { return nil }
        guard day <= 28 || day <= dayCount(ofMonth: month, year: year) else { return nil }
        return days(year: year, month: month, day: day)
    }

    /// The time of day that begins at `start`, however the text goes on.
    static func clock(_ text: ByteView, at start: Int) -> Clock? {
        guard text.count >= start &+ 5, text[start &+ 2] == UInt8(ascii: ":") else { return nil }
        let hour = twoDigits(text, at: start)
        let minute = twoDigits(text, at: start &+ 3)
        guard hour >= 0, hour < 24, minute >= 0, minute < 60 else { return nil }
        var microseconds = Int64(hour &* 3600 &+ minute &* 60) &* 1_000_000
        var position = start &+ 5
        guard position < text.count, text[position] == UInt8(ascii: ":") else {
            return Clock(microseconds: microseconds, end: position, isPostgresForm: false)
        }
        guard text.count >= position &+ 3 else { return nil }
        let second = twoDigits(text, at: position &+ 1)
        guard second >= 0, second < 60 else { return nil }
        microseconds &+= Int64(second) &* 1_000_000
        position &+= 3
        guard position < text.count, text[position] == UInt8(ascii: ".") else {
            return Clock(microseconds: microseconds, end: position, isPostgresForm: true)
        }
        return fraction(text, at: position &+ 1, after: microseconds)
    }

    /// The digits behind the point. More than six fit only when the others are zero.
    private static func fraction(_ text: ByteView, at start: Int, after whole: Int64) -> Clock? {
        var position = start
        var unit: Int64 = 100_000
        var microseconds = whole
        var last: UInt8 = 0
        while position < text.count {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            guard unit > 0 || digit == 0 else { return nil }
            microseconds &+= Int64(digit) &* unit
            unit /= 10
            last = digit
            position &+= 1
        }
        guard position > start else { return nil }
        return Clock(microseconds: microseconds, end: position, isPostgresForm: last != 0)
    }

    /// Two decimal digits, or a negative number when they are none.
    @inline(__always) static func twoDigits(_ text: ByteView, at index: Int) -> Int {
        let tens = text[index] &- UInt8(ascii: "0")
        let ones = text[index &+ 1] &- UInt8(ascii: "0")
        return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : -1
    }

    private static func dayCount(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 2000-01-01, counted from 1 March so that the leap day ends its year.
    private static func days(year: Int, month: Int, day: Int) -> Int32 {
        let shifted = month <= 2 ? year &- 1 : year
        let monthFromMarch = month > 2 ? month &- 3 : month &+ 9
        let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
        let total = 365 &* shifted &+ shifted / 4 &- shifted / 100 &+ shifted / 400 &+ dayOfYear
        return Int32(total &- 730_425)
    }
}
