import Compatibility
import SQLiteSyntax
import Schema

// A value as another kind: what SQLite does silently wherever an operator or a function wants text or a number.
extension ExpressionTranslation {
    /// A call of a compatibility function, unless the options forbid them.
    func compatibility(
        _ name: String, _ arguments: [TargetExpression]
    ) throws(Untranslatable) -> TargetExpression {
        guard settings.allowsCompatibility else {
            throw Untranslatable("it needs the compatibility function \(name)()")
        }
        guard CompatibilityCatalog.standard.function(named: name) != nil else {
            throw Untranslatable("there is no compatibility function \(name)()")
        }
        return .compatibility(name, arguments)
    }

    /// The value in a type that no overload can mistake.
    func argument(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        switch operand.kind {
        case .truth: return .cast(Self.zeroOrOne(operand.sql), .bigint)
        case .integer:
            return operand.isNarrow || operand.literal != nil ? .cast(operand.sql, .bigint) : operand.sql
        case .real: return isClassed(operand) ? try classed(operand) : try double(operand)
        case .decimal: return try classed(operand)
        case .null: return .cast(.null, .text)
        case .mixed: return try dynamic(operand)
        case .text:
            return operand.literal == nil ? operand.sql : .cast(operand.sql, .text)
        case .bytes, .any: return operand.sql
        case .mixedBytes: throw Untranslatable("it computes with \(operand.kind.words)")
        default: return try text(operand)
        }
    }

    private func isClassed(_ operand: Typed) -> Bool { operand.kind == .real && !operand.isDefinitelyReal }

    /// As a value of any class: `jsonb` in the encoding of the compatibility functions.
    func dynamic(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        switch operand.kind {
        case .any: return operand.sql
        case .null: return .cast(.null, .jsonb)
        case .mixed: return try compatibility("apply_numeric_affinity", [operand.sql])
        default: return try compatibility("to_any", [try argument(operand)])
        }
    }

    // MARK: Numbers

    /// As an operand of arithmetic: an integer, a real or a decimal.
    func number(_ operand: Typed) throws(Untranslatable) -> Typed {
        switch operand.kind {
        case .integer, .decimal: return operand
        case .real where operand.literal == nil: return operand
        case .real:
            var result = Typed(.cast(operand.sql, .doublePrecision), .real)
            result.literal = operand.literal
            return result
        case .truth:
            var result = Typed.narrow(Self.zeroOrOne(operand.sql))
            result.magnitude = 1
            result.literal = operand.literal
            return result
        case .null: return Typed(.cast(.null, .bigint), .integer)
        case .text:
            if case .string(let text)? = operand.literal,
                let literal = SQLiteValue.numberPrefix(of: text)?.numberLiteral
            {
                return try number(self.literal(literal))
            }
            return Typed(try compatibility("to_number", [try argument(operand)]), .decimal)
        default: return Typed(try compatibility("to_number", [try argument(operand)]), .decimal)
        }
    }

    /// A number as `double precision`.
    func double(_ number: Typed) throws(Untranslatable) -> TargetExpression {
        switch number.kind {
        case .real:
            return number.literal == nil ? number.sql : .cast(Self.uncast(number.sql), .doublePrecision)
        case .integer, .decimal: return .cast(number.sql, .doublePrecision)
        default: return try double(self.number(number))
        }
    }

    private static func uncast(_ sql: TargetExpression) -> TargetExpression {
        if case .cast(let operand, .doublePrecision) = sql { return operand }
        return sql
    }

    /// A number as a numeric whose scale tells its storage class.
    func classed(_ number: Typed) throws(Untranslatable) -> TargetExpression {
        switch number.numberClass {
        case .inScale(let sql):
            guard settings.allowsCompatibility else { break }
            return sql
        case .lost: break
        case .ofKind:
            switch number.kind {
            case .decimal: return number.sql
            case .integer, .truth, .null: return .cast(try self.number(number).sql, .numeric(nil))
            default: return try compatibility("to_number", [try double(number)])
            }
        }
        throw Untranslatable("it depends on whether each value is stored as INTEGER or REAL")
    }

    /// As the 64-bit integer that SQLite's functions and bit operators take.
    func integer(_ operand: Typed) throws(Untranslatable) -> Typed {
        switch operand.kind {
        case .integer: return operand
        case .truth, .null: return try number(operand)
        case .text:
            guard case .string(let text)? = operand.literal,
                case .integer(let value)? = SQLiteValue.numberPrefix(of: text)
            else { break }
            return try literal(.integer(value))
        default: break
        }
        return Typed(try compatibility("to_integer", [try argument(operand)]), .integer)
    }

    // MARK: Text and blobs

    /// As an operand of `||`, LIKE, GLOB and text functions.
    func text(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        switch operand.kind {
        case .text: return operand.sql
        case .mixed: return operand.sql
        case .integer: return .cast(operand.sql, .text)
        case .truth: return .cast(Self.zeroOrOne(operand.sql), .text)
        case .null: return .cast(.null, .text)
        case .date, .time, .timestamp, .timestamptz, .uuid, .json: return try mappedText(operand)
        case .real:
            if case .real(let text)? = operand.literal, let value = Double(text),
                let text = SQLiteValue.text(of: value)
            {
                return .string(text)
            }
            return try compatibility("to_text", [try argument(operand)])
        case .bytes:
            if case .blob(let bytes)? = operand.literal, let text = Self.storableText(bytes) {
                return .string(text)
            }
            throw Untranslatable("it takes a blob for text, and Postgres has no text for every blob")
        case .any where operand.mayHoldBlobs, .mixedBytes:
            throw Untranslatable("it takes \(operand.kind.words) for text")
        case .decimal, .any: return try compatibility("to_text", [try argument(operand)])
        }
    }

    private static func storableText(_ bytes: [UInt8]) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// The text that SQLite holds for a value of a type that only Postgres has.
    private func mappedText(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        if operand.kind == .timestamp, !operand.isCanonical, let length = operand.momentLength {
            let full = TargetExpression.call(
                "to_char", [operand.sql, .string("YYYY-MM-DD HH24:MI:SS.US")])
            return .call("substr", [full, .integer(1), .integer(Int64(length))])
        }
        guard operand.isCanonical else {
            throw Untranslatable(
                "the text of its \(operand.kind.rawValue) values is written in several forms")
        }
        switch operand.kind {
        case .uuid, .json: return .cast(operand.sql, .text)
        default: return try momentText(operand)
        }
    }

    /// A date or a time as text that SQLite's date functions read like the original.
    func momentText(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        func trimmed(_ text: TargetExpression) -> TargetExpression {
            .call("rtrim", [.call("rtrim", [text, .string("0")]), .string(".")])
        }
        switch operand.kind {
        case .date:
            return .call("to_char", [.cast(operand.sql, .timestamp), .string("YYYY-MM-DD")])
        case .time:
            return trimmed(
                .call(
                    "to_char",
                    [.infix(.cast(.string("2000-01-01"), .date), "+", operand.sql), .string("HH24:MI:SS.US")])
            )
        case .timestamp:
            return trimmed(.call("to_char", [operand.sql, .string("YYYY-MM-DD HH24:MI:SS.US")]))
        case .timestamptz:
            let utc = TargetExpression.infix(operand.sql, "AT TIME ZONE", .string("UTC"))
            return trimmed(.call("to_char", [utc, .string("YYYY-MM-DD HH24:MI:SS.US")]))
        default: return try text(operand)
        }
    }

    func blob(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        if operand.kind == .bytes { return operand.sql }
        return try compatibility("to_blob", [try argument(operand)])
    }

    // MARK: Truth

    /// SQLite's truth: a number that is not zero.
    func truth(of operand: Typed) throws(Untranslatable) -> TargetExpression {
        switch operand.literal {
        case .integer(let value): return .boolean(value != 0)
        case .real(let text): if let value = Double(text) { return .boolean(value != 0) }
        case .string(let text):
            if let value = SQLiteValue.numberPrefix(of: text)?.double { return .boolean(value != 0) }
        default: break
        }
        switch operand.kind {
        case .truth: return operand.sql
        case .integer, .real, .decimal: return .infix(operand.sql, "<>", .integer(0))
        case .null: return .cast(.null, .boolean)
        default:
            guard settings.allowsCompatibility else {
                throw Untranslatable("it takes \(operand.kind.words) for a truth value")
            }
            return try compatibility("truth", [try argument(operand)])
        }
    }

    /// 1, 0 or NULL for a boolean of Postgres.
    static func zeroOrOne(_ condition: TargetExpression) -> TargetExpression {
        if case .boolean(let value) = condition { return .integer(value ? 1 : 0) }
        return .postfix(condition, "::integer")
    }

    // MARK: One type for several values

    /// Brings alternatives (branches of CASE, arguments of coalesce) to one type.
    func unified(_ items: [Typed]) throws(Untranslatable) -> (values: [TargetExpression], result: Typed) {
        let kinds = Set(items.filter { $0.kind != .null }.map(\.kind))
        var result = Typed(.null, .null)
        result.isJSON = items.allSatisfy { $0.isJSON || $0.kind == .null }
        result.hidesJSON = items.contains(where: \.hidesJSON)
        result.isCanonical = items.allSatisfy(\.isCanonical)
        result.isNeverNull = items.allSatisfy(\.isNeverNull)
        result.isBytewise = items.allSatisfy { $0.isBytewise || $0.literal != nil }
        guard let first = kinds.first else { return (items.map(\.sql), result) }
        if kinds.subtracting([.truth, .integer]).isEmpty, kinds.contains(.truth) {
            let allTruth = items.allSatisfy { $0.kind == .truth || $0.kind == .null || $0.zeroOrOne != nil }
            if allTruth {
                result.kind = .truth
                return (items.map { $0.zeroOrOne.map { .boolean($0) } ?? $0.sql }, result)
            }
        }
        if kinds.isSubset(of: [.truth, .integer, .real, .decimal]) {
            return try unifiedNumbers(items, result)
        }
        result.kind = first
        let isPartlyJSON = !result.isJSON && items.contains(where: \.isJSON)
        if kinds.count == 1, !isPartlyJSON {
            result.mayHoldBlobs = items.contains(where: \.mayHoldBlobs)
            return (items.map(\.sql), result)
        }
        if let values = try unifiedMoments(items, kinds) {
            result.kind = kinds.first { $0.isMapped } ?? .text
            return (values, result)
        }
        if kinds.allSatisfy({ $0 == .text || $0.isMapped }) {
            result.kind = .text
            return (try items.map { (item) throws(Untranslatable) in try text(item) }, result)
        }
        result.kind = .any
        result.mayHoldBlobs = items.contains { $0.mayHoldBlobs || $0.kind == .bytes }
        result.isJSON = false
        return (
            try items.map { (item) throws(Untranslatable) in
                isPartlyJSON && item.kind == .text ? try jsonArgument(item) : try dynamic(item)
            }, result
        )
    }

    /// A date beside literals that are such a date stays one.
    private func unifiedMoments(
        _ items: [Typed], _ kinds: Set<Typed.Kind>
    ) throws(Untranslatable) -> [TargetExpression]? {
        let mapped = kinds.filter(\.isMapped)
        guard mapped.count == 1, kinds.subtracting(mapped) == [.text], let kind = mapped.first else {
            return nil
        }
        let fits = items.allSatisfy { item in
            if item.kind == kind { return item.isCanonical }
            if case .string(let text)? = item.literal { return CanonicalForm.matches(text, kind) }
            return item.kind == .null
        }
        return fits ? items.map(\.sql) : nil
    }

    private func unifiedNumbers(
        _ items: [Typed], _ start: Typed
    ) throws(Untranslatable) -> ([TargetExpression], Typed) {
        var result = start
        let numbers = try items.map { (item) throws(Untranslatable) in
            item.kind == .null ? item : try number(item)
        }
        let magnitudes = numbers.filter { $0.kind != .null && !$0.isDefinitelyReal }.map(\.magnitude)
        result.magnitude = magnitudes.contains(nil) ? nil : magnitudes.compactMap(\.self).max() ?? 0
        let present = numbers.filter { $0.kind != .null }
        if present.allSatisfy({ $0.kind == .integer }) {
            result.kind = .integer
            result.isNarrow = present.allSatisfy(\.isNarrow)
            return (numbers.map(\.sql), result)
        }
        if present.allSatisfy({ $0.kind == .decimal && $0.numberClass == .ofKind }) {
            result.kind = .decimal
            return (numbers.map(\.sql), result)
        }
        result.kind = .real
        if !present.allSatisfy(\.isDefinitelyReal) {
            guard isSafeInDouble(result) else {
                result.kind = .decimal
                return (
                    try numbers.map { (number) throws(Untranslatable) in try classed(number) }, result
                )
            }
            result.numberClass = .lost
        }
        let values = try numbers.map { (number) throws(Untranslatable) -> TargetExpression in
            if number.kind == .null { return .null }
            return number.kind == .integer && number.literal != nil ? number.sql : try double(number)
        }
        return (values, result)
    }

    /// The same choice made between numerics that tell the class, and between what JSON takes of each.
    func withClass(
        _ result: Typed, of items: [Typed], _ build: ([TargetExpression]) -> TargetExpression
    ) -> Typed {
        var result = result
        let isPartlyJSON = !result.isJSON && items.contains(where: \.isJSON)
        if isPartlyJSON || items.contains(where: { $0.embedded != nil }) {
            do throws(Untranslatable) {
                let values = try items.map { (item) throws(Untranslatable) -> TargetExpression in
                    item.kind == .null ? .null : try jsonArgument(item)
                }
                result.embedded = build(values)
            } catch {
                result.hidesJSON = true
            }
        }
        guard result.numberClass == .lost, settings.allowsCompatibility else { return result }
        do throws(Untranslatable) {
            let values = try items.map { (item) throws(Untranslatable) -> TargetExpression in
                item.kind == .null ? .null : try classed(try number(item))
            }
            result.numberClass = .inScale(of: build(values))
        } catch {
            // An alternative's own class is not known: then the choice's is not.
        }
        return result
    }

    /// Every integer among the values is one that a double holds; unknown ones are taken for such.
    func isSafeInDouble(_ number: Typed) -> Bool { (number.magnitude ?? 0) <= 0x1p53 }

    // MARK: Outputs

    /// As text, for a column that must take values of several classes.
    func asText(_ value: Typed) throws(Untranslatable) -> Typed {
        var result = Typed(try text(value), .text)
        result.affinity = value.affinity
        result.collation = value.collation
        return result
    }
}

extension Typed {
    /// The literals 0 and 1 as a truth value.
    var zeroOrOne: Bool? {
        switch literal {
        case .integer(0): false
        case .integer(1): true
        default: nil
        }
    }

    var isNonZeroLiteral: Bool {
        switch literal {
        case .integer(let value): value != 0
        case .real(let text): Double(text).map { $0 != 0 } ?? false
        default: false
        }
    }
}

extension PlanOptions {
    /// Text columns sort by bytes in the target, by their collation or the database's own.
    var sortsBytewise: Bool { databaseCollationIsC || textCollation == .bytewise }
}

extension ColumnDraft {
    /// No value of the column reads differently in Postgres.
    var isCanonical: Bool {
        guard codec.equivalence != nil || codec == .date, let observed, observed.values > 0 else {
            return true
        }
        guard let candidate = observed.candidate, candidate.codec == codec else { return false }
        return candidate.formChanges == 0
    }

    /// The largest integer of the column, by its distance from zero; nil without values.
    var magnitude: Double? {
        guard let observed, observed.values > 0 else { return nil }
        guard let low = observed.minInteger, let high = observed.maxInteger else { return 0 }
        return Double(max(low.magnitude, high.magnitude))
    }
}
