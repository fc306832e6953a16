import SQLiteSyntax
import Schema

/// Date and time functions (https://sqlite.org/lang_datefunc.html).
extension ExpressionTranslation {
    func date(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try moment("date_text", arguments, .text, isNeverNumeric: true)
    }

    func time(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try moment("time_text", arguments, .text, isNeverNumeric: true)
    }

    func dateTime(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try moment("datetime_text", arguments, .text, isNeverNumeric: true)
    }

    func julianDay(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try moment("julianday", arguments, .real)
    }

    func unixEpoch(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        try moment("unixepoch", arguments, .integer)
    }

    func formatTime(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let format = Self.asText(try text(arguments[0]))
        return try moment("strftime", Array(arguments.dropFirst()), .text, before: [format])
    }

    private func moment(
        _ name: String, _ arguments: [Typed], _ kind: Typed.Kind, before: [TargetExpression] = [],
        isNeverNumeric: Bool = false
    ) throws(Untranslatable) -> Typed {
        var values = before + [try timeValue(arguments.first)]
        for modifier in arguments.dropFirst() {
            if case .string(let text)? = modifier.literal {
                let word = SQLiteName.folded(text)
                if word == "localtime" || word == "utc" {
                    throw Untranslatable("the modifier '\(word)' depends on the time zone of the process")
                }
            }
            values.append(Self.asText(try text(modifier)))
        }
        var result = Typed(try compatibility(name, values), kind)
        result.isNeverNumeric = isNeverNumeric
        return result
    }

    /// The time value: what SQLite would read, or the current time in UTC.
    private func timeValue(_ operand: Typed?) throws(Untranslatable) -> TargetExpression {
        let now = "YYYY-MM-DD HH24:MI:SS.MS"
        guard let operand else { return moment(now).sql }
        if case .string(let text)? = operand.literal, SQLiteName.folded(text) == "now" {
            return moment(now).sql
        }
        switch operand.kind {
        case .date, .time, .timestamp: return try momentText(operand)
        case .timestamptz:
            guard (options.assumedOffset ?? 0) == 0 else {
                throw Untranslatable(
                    "its clocks without zone were read in a zone that SQLite does not know of")
            }
            return try momentText(operand)
        case .bytes: throw Untranslatable("it reads a blob as a time value")
        case .any where operand.mayHoldBlobs: throw Untranslatable("it reads a blob as a time value")
        default: return try argument(operand)
        }
    }
}
