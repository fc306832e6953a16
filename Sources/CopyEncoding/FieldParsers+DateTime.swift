/// A date with a time of day, as its text has it.
struct DateTime {
    /// Microseconds from 2000-01-01 00:00:00 to the wall clock in the text, whatever its zone.
    var wallClock: Int64
    var zone: Zone
    /// Written as Postgres prints a `timestamp`.
    var isPostgresForm: Bool

    enum Zone: Equatable {
        case none
        /// `Z`, or an offset of zero.
        case utc
        /// Seconds east of UTC.
        case offset(Int32)
    }
}

extension FieldParsers {
    /// `YYYY-MM-DD`, then optionally a space or `T`, `HH:MM[:SS[.ffffff]]`, and a zone:
    /// `Z`, `+HH:MM`, `+HHMM` or `+HH`, an offset also behind one space.
    static func dateTime(_ text: ByteView) -> DateTime? {
        guard let days = leadingDate(text) else { return nil }
        let midnight = Int64(days) &* microsecondsPerDay
        guard text.count > 10 else {
            return DateTime(wallClock: midnight, zone: .none, isPostgresForm: false)
        }
        let separator = text[10]
        guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "T"),
            let clock = clock(text, at: 11), let zone = zone(text, at: clock.end)
        else { return nil }
        return DateTime(
            wallClock: midnight &+ clock.microseconds, zone: zone,
            isPostgresForm: separator == UInt8(ascii: " ") && clock.isPostgresForm && zone == .none)
    }

    /// A time of day, or a date-time of 2000-01-01 in no zone or UTC that stands for one.
    static func timeOfDay(_ text: ByteView) -> Clock? {
        if let clock = time(text) { return clock }
        guard text.count > 10, let parsed = dateTime(text), parsed.zone == .none || parsed.zone == .utc,
            (0..<microsecondsPerDay).contains(parsed.wallClock)
        else { return nil }
        return Clock(microseconds: parsed.wallClock, end: text.count, isPostgresForm: false)
    }

    /// The microseconds from 1970-01-01 00:00 to a date-time without zone.
    static func sinceEpoch(_ text: ByteView) -> Int64? {
        guard let parsed = dateTime(text), parsed.zone == .none else { return nil }
        return parsed.wallClock &+ epochToMillennium
    }

    /// The words for a truth value that frameworks have written.
    static func truth(_ text: ByteView) -> Bool? {
        if isWord(text, "t") || isWord(text, "true") { return true }
        return isWord(text, "f") || isWord(text, "false") ? false : nil
    }

    private static func isWord(_ text: ByteView, _ word: StaticString) -> Bool {
        guard text.count == word.utf8CodeUnitCount else { return false }
        return (0..<text.count).allSatisfy { unsafe text[$0] == word.utf8Start[$0] }
    }

    /// The zone that fills the rest of the text from `start` on.
    private static func zone(_ text: ByteView, at start: Int) -> DateTime.Zone? {
        var position = start
        guard position < text.count else { return DateTime.Zone.none }
        if text[position] == UInt8(ascii: "Z") { return position &+ 1 == text.count ? .utc : nil }
        if text[position] == UInt8(ascii: " ") { position &+= 1 }
        guard position < text.count else { return nil }
        let sign = text[position]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        guard let seconds = offset(text, at: position &+ 1) else { return nil }
        if seconds == 0 { return .utc }
        return .offset(sign == UInt8(ascii: "-") ? 0 &- seconds : seconds)
    }

    /// `HH:MM`, `HHMM` or `HH` in seconds; Postgres takes offsets below sixteen hours.
    private static func offset(_ text: ByteView, at start: Int) -> Int32? {
        let length = text.count &- start
        guard length == 2 || length == 4 || length == 5 else { return nil }
        let hours = twoDigits(text, at: start)
        var minutes = 0
        if length == 4 { minutes = twoDigits(text, at: start &+ 2) }
        if length == 5 {
            guard text[start &+ 2] == UInt8(ascii: ":") else { return nil }
            minutes = twoDigits(text, at: start &+ 3)
        }
        guard hours >= 0, hours <= 15, minutes >= 0, minutes < 60 else { return nil }
        return Int32(hours &* 3600 &+ minutes &* 60)
    }
}
