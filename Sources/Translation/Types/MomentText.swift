import Schema

/// A date, a time, a timestamp or a UUID written in a DEFAULT, in the forms that the codecs read.
struct MomentText: Sendable {
    private let date: String?
    private let time: String?
    private let zone: String?
    private let text: String

    init?(_ text: String) {
        self.text = text
        var rest = Array(text.utf8)[...]
        var date: String?
        if rest.count >= 10, CanonicalForm.isDate(rest.prefix(10)) {
            date = String(decoding: rest.prefix(10), as: UTF8.self)
            rest = rest.dropFirst(10)
            if let separator = rest.first {
                guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "T") else { return nil }
                rest = rest.dropFirst()
                if rest.isEmpty { return nil }
            }
        }
        self.date = date
        let clock = rest.prefix { (48...58).contains($0) || $0 == UInt8(ascii: ".") }
        var zone = String(decoding: rest.dropFirst(clock.count), as: UTF8.self)
        if zone.hasPrefix(" ") { zone.removeFirst() }
        if ["Z", "z"].contains(zone) { zone = "+00:00" }
        self.zone = zone.isEmpty ? nil : zone
        time = clock.isEmpty ? nil : Self.clock(String(decoding: clock, as: UTF8.self))
    }

    /// A date alone is its first moment, as the codecs read it.
    private var timeOrMidnight: String? { text.utf8.count == 10 ? "00:00:00" : time }

    /// As Postgres writes it; nil when the codec does not take it.
    func literal(for codec: ValueCodec) -> String? {
        switch codec {
        case .date: return time == nil && zone == nil && text.utf8.count == 10 ? date : nil
        case .time: return date == nil && zone == nil ? time : nil
        case .timestamp:
            guard let date, let time = timeOrMidnight, zone == nil || zone == "+00:00" else { return nil }
            return "\(date) \(time)"
        case .timestampWithTimeZone(let assumedOffset):
            guard let date, let time = timeOrMidnight, let zone = zone ?? assumedOffset.map(Self.offset),
                Self.isOffset(zone)
            else {
                return nil
            }
            return "\(date) \(time)\(zone)"
        case .uuid: return Self.uuid(text)
        default: return nil
        }
    }

    /// `10:30` is `10:30:00`, and a fraction loses its closing zeros.
    private static func clock(_ text: String) -> String? {
        var result = text.utf8.count == 5 ? text + ":00" : text
        if result.contains(".") {
            while result.hasSuffix("0") { result.removeLast() }
            if result.hasSuffix(".") { result.removeLast() }
        }
        return CanonicalForm.isTime(Array(result.utf8)[...]) ? result : nil
    }

    private static func offset(_ seconds: Int) -> String {
        let minutes = seconds.magnitude / 60
        func two(_ number: UInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    private static func isOffset(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") else {
            return false
        }
        let hours = String(decoding: bytes[1...2], as: UTF8.self)
        return bytes[3] == UInt8(ascii: ":")
            && CanonicalForm.isTime(Array("\(String(decoding: bytes[1...5], as: UTF8.self)):00".utf8)[...])
            && hours <= "14"
    }

    private static func uuid(_ text: String) -> String? {
        var digits = Array(text.utf8)
        if digits.count == 36 {
            guard [8, 13, 18, 23].allSatisfy({ digits[$0] == UInt8(ascii: "-") }) else { return nil }
            digits.removeAll { $0 == UInt8(ascii: "-") }
        }
        guard digits.count == 32,
            digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0 | 0x20) })
        else { return nil }
        return text
    }
}
