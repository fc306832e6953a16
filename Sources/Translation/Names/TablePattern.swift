import SQLiteSyntax
import Schema

/// A shell pattern over table names: `*`, `?`, `[a-c]`, `[!a]`; ASCII letters match in both cases.
struct TablePattern: Sendable {
    private let pattern: [Unicode.Scalar]

    init(_ text: String) { pattern = Array(SQLiteName.folded(text).unicodeScalars) }

    func matches(_ name: String) -> Bool {
        let text = Array(SQLiteName.folded(name).unicodeScalars)
        var place = 0
        var position = 0
        // Where to go on after the last `*`, should the rest not match.
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place + 1, position)
                place += 1
            } else if let next = step(at: place, text[position]) {
                place = next
                position += 1
            } else if let retry = star {
                star = (retry.place, retry.position + 1)
                (place, position) = (retry.place, retry.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }

    /// The place after the one element that matches the scalar; nil when it does not.
    private func step(at place: Int, _ scalar: Unicode.Scalar) -> Int? {
        guard place < pattern.count else { return nil }
        switch pattern[place] {
        case "?": return place + 1
        case "[":
            return bracket(at: place + 1, scalar) ?? (scalar == "[" && !isClosed(place + 1) ? place + 1 : nil)
        default: return pattern[place] == scalar ? place + 1 : nil
        }
    }

    private func isClosed(_ start: Int) -> Bool { pattern[start...].dropFirst().contains("]") }

    private func bracket(at start: Int, _ scalar: Unicode.Scalar) -> Int? {
        var place = start
        guard place < pattern.count, isClosed(start) else { return nil }
        let isNegated = pattern[place] == "!" || pattern[place] == "^"
        if isNegated { place += 1 }
        var isFound = false
        var isFirst = true
        while place < pattern.count, isFirst || pattern[place] != "]" {
            isFirst = false
            if place + 2 < pattern.count, pattern[place + 1] == "-", pattern[place + 2] != "]" {
                if pattern[place] <= scalar, scalar <= pattern[place + 2] { isFound = true }
                place += 3
            } else {
                if pattern[place] == scalar { isFound = true }
                place += 1
            }
        }
        guard place < pattern.count, isFound != isNegated else { return nil }
        return place + 1
    }
}

extension PlanOptions {
    func includes(_ table: String) -> Bool {
        let isIncluded = includedTables.isEmpty || includedTables.contains { TablePattern($0).matches(table) }
        return isIncluded && !excludedTables.contains { TablePattern($0).matches(table) }
    }
}
