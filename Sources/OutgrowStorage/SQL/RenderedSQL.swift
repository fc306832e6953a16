/// A statement for one engine: its text, cut at the placeholders `$1` to `$n`, and what they stand for.
struct RenderedSQL: Sendable {
    /// The text up to the first placeholder.
    private(set) var head: String
    private(set) var parts: [SQL.Part]

    /// A statement without values.
    init(_ text: String) { (head, parts) = (text, []) }

    fileprivate init(_ head: String, _ parts: [SQL.Part]) {
        self.head = head
        self.parts = parts
    }

    /// The whole, put together anew each time.
    var text: String {
        var (text, number) = (head, 0)
        for part in parts {
            number += 1
            text += SQL.placeholder(number)
            text += part.tail
        }
        return text
    }
}

extension SQL {
    /// The statement as `dialect` has it.
    ///
    /// Costs nothing when no part of it depends on the dialect.
    func rendered(for dialect: Dialect) throws -> RenderedSQL {
        guard !pieces.isEmpty else { return RenderedSQL(head, parts) }
        var result = RenderedSQL("")
        try render(into: &result, dialect)
        return result
    }

    private func render(into result: inout RenderedSQL, _ dialect: Dialect) throws {
        for piece in asPieces {
            switch piece {
            case .text(let text): result.append(text)
            case .parameter(.value(let value)): result.appendParameter(.value(value))
            case .parameter(.list(let values, let type)): try result.appendList(values, type, dialect)
            case .fragment(let sqlite, let postgres):
                try (dialect == .sqlite ? sqlite : postgres).render(into: &result, dialect)
            }
        }
    }
}

extension RenderedSQL {
    fileprivate mutating func append(_ text: String) {
        if parts.isEmpty {
            head.extend(with: text)
        } else {
            parts[parts.count - 1].tail.extend(with: text)
        }
    }

    fileprivate mutating func appendParameter(_ parameter: SQL.Parameter) {
        parts.append(SQL.Part(parameter: parameter, tail: ""))
    }

    /// Writes `IN (…)` of a list so that its length does not show.
    ///
    /// Postgres compares with an array; SQLite reads the list from JSON, which cannot hold bytes: those get
    /// placeholders, whose number is rounded up to a power of two.
    /// https://www.postgresql.org/docs/current/functions-comparisons.html, https://sqlite.org/json1.html#jeach
    fileprivate mutating func appendList(_ values: [SQLValue], _ type: SQLType, _ dialect: Dialect) throws {
        let isNegated = try removeIN()
        switch dialect {
        case .postgres:
            append(isNegated ? "<> ALL(" : "= ANY(")
            appendParameter(.list(values, type))
            append(")")
        case .sqlite where type == .bytes:
            append(isNegated ? "NOT IN (" : "IN (")
            appendPadded(values)
            append(")")
        case .sqlite:
            append(isNegated ? "NOT IN (SELECT value FROM json_each(" : "IN (SELECT value FROM json_each(")
            appendParameter(.list(values, type))
            append("))")
        }
    }

    private mutating func appendPadded(_ values: [SQLValue]) {
        guard let last = values.last else { return append("SELECT NULL WHERE 0") }
        var count = 1
        while count < values.count { count *= 2 }
        for index in 0..<count {
            if index > 0 { append(", ") }
            appendParameter(.value(index < values.count ? values[index] : last))
        }
    }

    /// Takes `IN` or `NOT IN` off the end of the text; returns whether it was the latter.
    private mutating func removeIN() throws -> Bool {
        guard removeWord("IN") else {
            throw StorageError(
                .misuse, "A list stands where no IN is in front of it.",
                fix: "Write `… IN \\(list: values)` or `… NOT IN \\(list: values)`, without parentheses.")
        }
        return removeWord("NOT")
    }

    /// Takes a word off the end of the text behind the last placeholder.
    private mutating func removeWord(_ word: String) -> Bool {
        let text = parts.last?.tail ?? head
        let trimmed = text.trimmingSpaceAtEnd
        guard trimmed.suffix(word.count).uppercased() == word else { return false }
        let rest = trimmed.dropLast(word.count)
        // `"margin IN"` is one word only when a space or a sign stands before it; so is `$1IN`.
        if let before = rest.utf8.last, before.isWordByte { return false }
        if rest.isEmpty, !parts.isEmpty { return false }
        if parts.isEmpty { head = String(rest) } else { parts[parts.count - 1].tail = String(rest) }
        return true
    }
}

extension String {
    fileprivate var trimmingSpaceAtEnd: Substring {
        var end = self[...]
        while let last = end.last, last.isWhitespace { end.removeLast() }
        return end
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == 95
            || self >= 128
    }
}
