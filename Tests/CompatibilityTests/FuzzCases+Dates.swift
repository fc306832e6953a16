import TestSupport

/// Date and time functions.
extension FuzzCases {
    // Statement by statement: a chain of + takes the type checker minutes.
    static let dates: [FuzzCase] = {
        var cases: [FuzzCase] = []
        let functions = [
            ("date_text", "date"), ("time_text", "time"), ("datetime_text", "datetime"),
            ("julianday", "julianday"), ("unixepoch", "unixepoch"),
        ]
        for (name, original) in functions {
            cases.append(
                FuzzCase(
                    original, "\(original)(?1*)", "@\(name)($1, VARIADIC $2)", types: [.any, .texts], share: 2
                ) { [moment(&$0), .list(modifiers(&$0))] })
        }
        for (type, text) in [(FuzzType.text, "text"), (.integer, "integer"), (.real, "real")] {
            cases.append(
                FuzzCase("datetime of \(text)", "datetime(?1)", "@datetime_text($1)", types: [type]) {
                    random in
                    switch type {
                    case .text: [.text(momentText(&random))]
                    case .integer: [.integer(.random(in: -10...6_000_000, using: &random))]
                    default: [.real(.random(in: -10...6_000_000, using: &random))]
                    }
                })
        }
        let directives = ["%Y", "%m", "%d", "%H", "%M", "%S", "%f", "%s", "%J", "%j", "%W", "%w", "%%"]
        cases.append(
            FuzzCase(
                "strftime", "strftime(?1, ?2*)", "@strftime($1, $2, VARIADIC $3)",
                types: [.text, .any, .texts],
                share: 2
            ) { random in
                let pieces = directives + ["-", " ", "é", "T"]
                let pattern = (0...Int.random(in: 0...5, using: &random)).map { _ in
                    pieces.randomElement(using: &random) ?? "%Y"
                }
                let end = Int.random(in: 0..<30, using: &random)
                let text = pattern.joined() + (end == 0 ? "%" : end == 1 ? "%Q" : "")
                return [.text(text), moment(&random), .list(modifiers(&random))]
            })
        for directive in ["%f", "%J", "%j", "%W", "%w", "%s", "%Y"] {
            cases.append(
                FuzzCase(
                    "strftime of \(directive)", "strftime('\(directive)', ?1*)",
                    "@strftime('\(directive)', $1, VARIADIC $2)", types: [.any, .texts]
                ) { [moment(&$0), .list(modifiers(&$0))] })
        }
        return cases
    }()

    private static func two(_ range: ClosedRange<Int>, _ random: inout SplitMix64) -> String {
        let number = Int.random(in: range, using: &random)
        return number < 10 ? "0\(number)" : "\(number)"
    }

    private static func one(_ choices: [String], _ random: inout SplitMix64) -> String {
        choices.randomElement(using: &random) ?? ""
    }

    private static func year(_ random: inout SplitMix64) -> String {
        let known = ["2024", "2023", "2000", "1900", "0000", "0001", "9999", "1970", "1582"]
        if Bool.random(using: &random) { return one(known, &random) }
        let text = "\(Int.random(in: 0...9999, using: &random))"
        return String(repeating: "0", count: 4 - text.count) + text
    }

    private static func clock(_ random: inout SplitMix64) -> String {
        var text = one([two(0...23, &random), "00", "12", "23", "24", two(0...25, &random)], &random)
        text += ":" + one([two(0...59, &random), two(0...59, &random), "00", "60"], &random)
        if Int.random(in: 0..<10, using: &random) < 7 {
            text += ":" + two(0...59, &random)
            if Bool.random(using: &random) {
                let count = [1, 2, 3, 3, 3, 4, 6, 9, 18].randomElement(using: &random) ?? 3
                text += "." + (0..<count).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
            }
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            text += one(
                ["Z", "z", " Z", "+01:00", "-05:30", "+14:00", "+15:00", " +00:00", "-00:01", "+1:00", "x"],
                &random)
        }
        return text + one(Array(repeating: "", count: 12) + [" ", "x"], &random)
    }

    /// Days 29 to 31 are frequent, and months that do not have them.
    private static func momentText(_ random: inout SplitMix64) -> String {
        let month = one([two(1...12, &random), two(1...12, &random), "02", "02", "04", "13"], &random)
        let day = one([two(1...28, &random), "29", "30", "31", "31", "32", "00"], &random)
        let date = "\(year(&random))-\(month)-\(day)"
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: return one(["", "", "", "", "", "-"], &random) + date
        case 8..<16: return date + one([" ", " ", "T", "T", "  ", " T", "x"], &random) + clock(&random)
        case 16..<18: return clock(&random)
        case 18: return Fuzz.text(&random)
        default: return Fuzz.numberText(&random)
        }
    }

    private static func moment(_ random: inout SplitMix64) -> FuzzValue {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: .integer(.random(in: -10_000_000_000...100_000_000_000, using: &random))
        case 1: .real(.random(in: 0...5_500_000, using: &random))
        case 2: .integer(.random(in: 0...6_000_000, using: &random))
        case 3: .real(.random(in: -1e12...1e12, using: &random))
        case 4: Bool.random(using: &random) ? .real(Fuzz.real(&random)) : .null
        default: .text(momentText(&random))
        }
    }

    private static func modifiers(_ random: inout SplitMix64) -> [FuzzValue] {
        let count = [0, 0, 1, 1, 1, 1, 2, 2, 3, 4].randomElement(using: &random) ?? 1
        var texts = (0..<count).map { _ in modifier(&random) }
        if Int.random(in: 0..<3, using: &random) == 0 {
            texts.insert(one(["unixepoch", "auto", "julianday"], &random), at: 0)
        }
        return texts.map { .text($0) }
    }

    private static func modifier(_ random: inout SplitMix64) -> String {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9:
            let amount = one(
                [
                    "\(Int.random(in: -40...40, using: &random))",
                    "+\(Int.random(in: 0...1000, using: &random))",
                    "\(Double.random(in: -100...100, using: &random))",
                    "-\(Int.random(in: 0...1_000_000, using: &random))", "+1.5", "-0.5", "+1e2",
                ], &random)
            let unit = one(
                [
                    "days", "day", "hours", "minutes", "seconds", "second", "months", "month", "years",
                    "year",
                    "Days", "MONTHS", "week", "sec", "monthss",
                ], &random)
            return amount + one([" ", " ", " ", "  ", "\t", "x"], &random) + unit
        case 9..<13:
            return one(
                [
                    "start of month", "start of year", "start of day", "Start Of Day", "start of week",
                    "start of  day",
                ], &random)
        case 13..<15:
            return "weekday "
                + one(["0", "1", "2", "3", "4", "5", "6", "7", "1.0", "2.5", " 3", "3 ", "x"], &random)
        case 15..<17: return one(["+", "-", ""], &random) + clock(&random)
        default:
            return one(
                ["unixepoch", "julianday", "auto", "UNIXEPOCH", "Auto", "bogus", "", "5", "+", "- 1 days"],
                &random)
        }
    }
}
