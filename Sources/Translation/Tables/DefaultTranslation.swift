import SQLiteSyntax
import Schema

/// A column's DEFAULT in the type that was chosen for the column, which it never changes.
struct DefaultTranslation: Sendable {
    let column: ColumnDraft
    let table: TableDraft
    let options: PlanOptions

    enum Outcome: Sendable {
        case none
        case value(TargetExpression)
        /// Carried, with a remark.
        case changed(TargetExpression, String)
    }

    func outcome(of expression: Expression) throws(Untranslatable) -> Outcome {
        if let value = SQLiteValue(expression) {
            let stored = value.applying(column.affinity)
            if stored == .null { return .none }
            guard let result = literal(stored) else {
                throw Untranslatable(
                    "\(column.codec.type.name) does not hold the value that SQLite would store")
            }
            return .value(result)
        }
        if let moment = CurrentTime(expression) { return try self.moment(moment) }
        // Computed for each row: `hex(randomblob(16))` is a default that people write.
        let settings = ExpressionSettings(allowsCompatibility: options.usesCompatibility)
        let translation = ExpressionTranslation(
            scope: TableScope(table: table, options: options), options: options, settings: settings)
        return .value(try stored(try translation.value(expression), translation))
    }

    /// What the column's affinity makes of the value.
    private func stored(
        _ value: Typed, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> TargetExpression {
        let kind = column.codec.kind
        switch (kind, value.kind) {
        case (.integer, .integer), (.real, .real), (.text, .text), (.bytes, .bytes), (.truth, .truth):
            return value.sql
        case (.integer, .truth): return ExpressionTranslation.zeroOrOne(value.sql)
        case (.real, .integer), (.real, .truth): return try translation.double(value)
        case (.text, _) where column.affinity == .text && (value.kind.isNumber || value.kind == .truth):
            return try translation.text(value)
        case (.integer, _), (.real, _):
            guard column.affinity != .blob, value.kind == .text || value.kind == .any, !value.mayHoldBlobs
            else { break }
            return try translation.expecting(kind == .integer ? "expect_integer" : "expect_real", value)
        default: break
        }
        throw Untranslatable("its value would not be of type \(column.codec.type.name)")
    }

    /// The stored value as a literal of the column's type; nil when its codec refuses it.
    func literal(_ value: SQLiteValue) -> TargetExpression? {
        switch (column.codec, value) {
        case (.integer, .integer(let number)): return .integer(number)
        case (.narrowInteger(let width), .integer(let number)):
            return width.range.contains(number) ? .integer(number) : nil
        case (.integer, .real(let number)): return Int64(exactly: number).map { .integer($0) }
        case (.double, .integer(let number)): return number.magnitude <= 1 << 53 ? .integer(number) : nil
        case (.double, .real(let number)) where number.isInfinite:
            return .cast(.string(number < 0 ? "-Infinity" : "Infinity"), .doublePrecision)
        case (.double, .real): return value.numberExpression
        case (.numeric(let bounds), .integer), (.numeric(let bounds), .real):
            guard let number = value.numberExpression, bounds.map({ $0.holds(number) }) ?? true else {
                return nil
            }
            return number
        case (.text, .text(let text)), (.textFromNumbers, .text(let text)):
            return text.unicodeScalars.contains("\0") ? nil : .string(text)
        case (.varchar(let limit), .text(let text)):
            let isShort = text.unicodeScalars.count <= limit ?? .max
            return !isShort || text.unicodeScalars.contains("\0") ? nil : .string(text)
        case (.textFromNumbers, .integer(let number)): return .string(String(number))
        case (.textFromNumbers, .real(let number)) where number.isFinite:
            return SQLiteValue.text(of: number).map { .string($0) }
        case (.bytes, .blob(let bytes)), (.bytesFromText, .blob(let bytes)): return .bytes(bytes)
        case (.bytesFromText, .text(let text)): return .bytes(Array(text.utf8))
        case (.boolean, .integer(0)), (.booleanFromWords, .integer(0)): return .boolean(false)
        case (.boolean, .integer(1)), (.booleanFromWords, .integer(1)): return .boolean(true)
        case (.booleanFromWords, .text(let text)):
            return ["t", "true"].contains(text)
                ? .boolean(true) : ["f", "false"].contains(text) ? .boolean(false) : nil
        case (.timeFromDateTime, .text(let text)):
            let time = text.hasPrefix("2000-01-01 ") ? String(text.dropFirst(11)) : text
            return MomentText(time)?.literal(for: .time).map { .string($0) }
        case (.jsonAsWritten, .text(let text)), (.json, .text(let text)):
            return JSONText.isStorable(text) ? .string(text) : nil
        case (_, .text(let text)): return MomentText(text)?.literal(for: column.codec).map { .string($0) }
        default: return nil
        }
    }

    private func moment(_ moment: CurrentTime) throws(Untranslatable) -> Outcome {
        let now = TargetExpression.call("now", [])
        let utc = TargetExpression.infix(now, "AT TIME ZONE", .string("UTC"))
        let epoch = TargetExpression.call("floor", [.call("date_part", [.string("epoch"), now])])
        switch (column.codec, moment) {
        case (.timestamp, .timestamp): return .value(utc)
        case (.timestampWithTimeZone, .timestamp): return .value(now)
        case (.timestamp, .text(let form, isISO: true)) where !form.isEmpty: return .value(utc)
        case (.timestampWithTimeZone, .text(let form, isISO: true)) where !form.isEmpty: return .value(now)
        case (.date, .date): return .value(.cast(utc, .date))
        case (.date, .timestamp):
            return .changed(
                .cast(utc, .date), "The default CURRENT_TIMESTAMP becomes the current date in UTC.")
        case (.time, .time): return .value(.cast(utc, .time))
        case (.timestampFromEpoch(.seconds), .epoch):
            return .changed(now, "The default gives the current time in microseconds, not in whole seconds.")
        case (.integer, .epoch): return .value(.cast(epoch, .bigint))
        case (.double, .epoch): return .value(epoch)
        case (.text, let moment), (.textFromNumbers, let moment):
            if case .epoch = moment {
                guard column.affinity == .text || column.codec == .textFromNumbers else { break }
                return .value(.cast(.cast(epoch, .bigint), .text))
            }
            return .value(.call("to_char", [utc, .string(moment.form)]))
        default: break
        }
        throw Untranslatable("\(column.codec.type.name) does not hold the value that SQLite would store")
    }
}

/// The current time, in one of the ways that a DEFAULT asks for it.
enum CurrentTime: Sendable, Hashable {
    case timestamp, date, time
    /// Seconds since 1970, as a number or as text.
    case epoch
    /// A format of `to_char`; `isISO` when it is a whole date and time.
    case text(String, isISO: Bool)

    /// nil for everything else.
    init?(_ expression: Expression) {
        switch expression {
        case .literal(.currentTimestamp): self = .timestamp
        case .literal(.currentDate): self = .date
        case .literal(.currentTime): self = .time
        case .cast(let operand, let type) where Affinity(declaredType: type) == .integer:
            guard CurrentTime(operand) == .epoch else { return nil }
            self = .epoch
        case .call(let call): self.init(call)
        default: return nil
        }
    }

    private init?(_ call: FunctionCall) {
        let arguments = call.arguments
        let name = SQLiteName.folded(call.name)
        if name == "strftime" {
            // Without a moment SQLite takes the current one.
            guard let first = arguments.first, case .literal(.string(let format)) = first,
                arguments.count == 1 || Self.isNow(Array(arguments.dropFirst()))
            else { return nil }
            if format == "%s" {
                self = .epoch
                return
            }
            guard let form = Self.form(of: format) else { return nil }
            self = .text(form.pattern, isISO: form.isISO)
            return
        }
        guard arguments.isEmpty || Self.isNow(arguments) else { return nil }
        switch name {
        case "datetime": self = .timestamp
        case "date": self = .date
        case "time": self = .time
        case "unixepoch": self = .epoch
        default: return nil
        }
    }

    /// The format of `to_char` that writes what SQLite would.
    var form: String {
        switch self {
        case .timestamp: "YYYY-MM-DD HH24:MI:SS"
        case .date: "YYYY-MM-DD"
        case .time: "HH24:MI:SS"
        case .epoch: ""
        case .text(let form, _): form
        }
    }

    private static func isNow(_ arguments: [Expression]) -> Bool {
        // A double-quoted "now" is a string too.
        guard arguments.count == 1 else { return false }
        switch arguments[0] {
        case .literal(.string(let text)): return SQLiteName.folded(text) == "now"
        case .column(let reference):
            return reference.isDoubleQuoted && SQLiteName.folded(reference.name) == "now"
        default: return false
        }
    }

    private static func form(of format: String) -> (pattern: String, isISO: Bool)? {
        var pattern = ""
        var letters = ""
        var isDirective = false
        for character in format {
            if isDirective {
                guard let part = directives[character] else { return nil }
                pattern += part
                letters.append(character)
                isDirective = false
            } else if character == "%" {
                isDirective = true
            } else if character.isLetter {
                pattern += "\"\(character)\""
            } else if "-:/. ,+".contains(character) {
                pattern.append(character)
            } else {
                return nil
            }
        }
        let isISO = format.hasPrefix("%Y-%m-%d") && ["YmdHMS", "YmdHMf", "YmdHM"].contains(letters)
        return isDirective ? nil : (pattern, isISO)
    }

    private static let directives: [Character: String] = [
        "Y": "YYYY", "m": "MM", "d": "DD", "H": "HH24", "M": "MI", "S": "SS", "f": "SS.MS", "j": "DDD",
    ]
}

extension NumericBounds {
    /// Whether a number literal fits without rounding.
    func holds(_ number: TargetExpression) -> Bool {
        let text: String
        switch number {
        case .integer(let value): text = String(value.magnitude)
        case .number(let digits): text = digits.hasPrefix("-") ? String(digits.dropFirst()) : digits
        default: return false
        }
        guard !text.contains("e") else { return false }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let whole = parts[0].drop { $0 == "0" }
        let fraction = parts.count > 1 && parts[1] != "0" ? parts[1].count : 0
        return whole.count <= precision - scale && fraction <= scale
    }
}
