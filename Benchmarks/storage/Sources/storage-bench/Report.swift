/// The figures as a table: per contender the least and the median cost, and both as multiples of
/// the first contender's.
struct Report {
    private static let widths = [30, 10, 10, 10, 10]

    static var header: String {
        line(["CPU, ns per operation", "least", "median", "÷ raw", "median"])
    }

    static func rows(of outcome: Outcome) -> String {
        var lines = [outcome.contest.title]
        let base = outcome.costs[0]
        for (entry, costs) in zip(outcome.contest.entries, outcome.costs) {
            var cells = ["  " + entry.name, fixed(least(costs), 0), fixed(median(costs), 0)]
            if entry.name != outcome.contest.entries[0].name {
                // Round by round: both sides of a ratio have seen the same moment of the machine.
                let ratios = zip(costs, base).map { $0 / $1 }
                cells += [fixed(least(costs) / least(base), 2), fixed(median(ratios), 2)]
            }
            var text = line(cells)
            if let limit = outcome.contest.limit, entry.name == Self.own {
                text += "   at most \(fixed(limit, 1))"
            }
            lines.append(text)
        }
        return lines.joined(separator: "\n")
    }

    /// The name of the contenders that are this project's own: the limits hold for them.
    static let own = "OutgrowStorage"

    private static func line(_ cells: [String]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
            text += index == 0 ? cell + padding : padding + cell
        }
        return text
    }

    private static func least(_ values: [Double]) -> Double { values.min() ?? .nan }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The number with so many digits after the point; no Foundation is needed for it.
    private static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value * scale).rounded())
        guard digits > 0 else { return String(scaled) }
        let fraction = String(scaled % Int64(scale))
        return "\(scaled / Int64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
