/// Figures as a person reads them.
enum Wording {
    /// `0.034` as `3.4 %`, `0.58` as `58 %`.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "?" }
        let value = share * 100
        return abs(value) < 10 && value.rounded() != value ? "\(tenths(value)) %" : "\(whole(value)) %"
    }

    /// `0.00336` as `3.4 ms`, `0.63` as `630 ms`, `5` as `5 s`.
    static func seconds(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "?" }
        if seconds >= 10 { return "\(whole(seconds)) s" }
        if seconds >= 1 { return "\(tenths(seconds)) s" }
        if seconds >= 0.01 { return "\(whole(seconds * 1000)) ms" }
        return seconds >= 0.001 ? "\(tenths(seconds * 1000)) ms" : "\(hundredths(seconds * 1000)) ms"
    }

    /// `1.83` as `1.8`, `12.4` as `12`.
    static func times(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        return value < 10 ? tenths(value) : whole(value)
    }

    static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    static func process(_ process: Int32?, named executable: String?) -> String {
        switch (executable, process) {
        case (let name?, let process?): "\(name) (process \(process))"
        case (nil, let process?): "process \(process)"
        case (let name?, nil): name
        case (nil, nil): "a process that cannot be seen from here"
        }
    }

    private static func whole(_ value: Double) -> String { "\(integer(value))" }
    private static func tenths(_ value: Double) -> String { decimal(integer(value * 10), digits: 1) }
    private static func hundredths(_ value: Double) -> String {
        let scaled = integer(value * 100)
        return scaled.isMultiple(of: 10) ? tenths(value) : decimal(scaled, digits: 2)
    }

    private static func integer(_ value: Double) -> Int64 { Int64(min(max(value.rounded(), -9e15), 9e15)) }

    private static func decimal(_ scaled: Int64, digits: Int) -> String {
        let unit: Int64 = digits == 1 ? 10 : 100
        let (quotient, remainder) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt64(unit))
        let sign = scaled < 0 ? "-" : ""
        guard remainder != 0 else { return "\(sign)\(quotient)" }
        let digitText = "\(remainder)"
        return "\(sign)\(quotient)." + String(repeating: "0", count: digits - digitText.count) + digitText
    }
}
