import SQLiteSyntax
import Schema

/// A declared type taken apart: `Decimal(10, 2)` is `DECIMAL` with 10 and 2.
struct DeclaredType: Sendable, Hashable {
    /// In capitals, without parentheses, words separated by one space.
    let name: String
    let arguments: [Int]
    /// In lower case, as the patterns of rules are.
    let folded: String

    init(_ text: String) {
        let upper = String(
            decoding: text.utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
        let open = upper.firstIndex(of: "(") ?? upper.endIndex
        let close = upper[open...].firstIndex(of: ")") ?? upper.endIndex
        var words = upper[..<open].split(whereSeparator: \.isWhitespace)
        if close < upper.endIndex {
            words += upper[upper.index(after: close)...].split(whereSeparator: \.isWhitespace)
        }
        name = words.joined(separator: " ")
        folded = SQLiteName.folded(name)
        guard open < close else {
            arguments = []
            return
        }
        let parts = upper[upper.index(after: open)..<close].split(
            separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.map { Int($0.filter { !$0.isWhitespace }) }
        arguments = numbers.contains(nil) ? [] : numbers.compactMap(\.self)
    }

    /// `char(32)`, `numeric(10,2)`.
    var foldedWithArguments: String {
        arguments.isEmpty ? folded : "\(folded)(\(arguments.map(String.init).joined(separator: ",")))"
    }

    /// The most characters that a `VARCHAR(n)` declares, when Postgres takes as many.
    var characterLimit: Int? {
        guard arguments.count == 1, (1...10_485_760).contains(arguments[0]) else { return nil }
        return arguments[0]
    }

    /// nil where none are declared, or such as Postgres does not take.
    var numericBounds: NumericBounds? {
        guard let precision = arguments.first, arguments.count <= 2, (1...1000).contains(precision) else {
            return nil
        }
        let scale = arguments.count == 2 ? arguments[1] : 0
        return (0...precision).contains(scale) ? NumericBounds(precision: precision, scale: scale) : nil
    }
}
