import SQLiteSyntax
import Schema

// LIKE and GLOB (https://sqlite.org/lang_expr.html#like).
extension ExpressionTranslation {
    func match(
        _ operand: Typed, _ sign: MatchOperator, pattern: Typed, escape: Typed?
    ) throws(Untranslatable) -> Typed {
        guard sign == .like || sign == .glob else {
            throw Untranslatable(
                sign == .match
                    ? "MATCH searches a full-text table, which Postgres does by tsvector @@ tsquery"
                    : "\(sign.rawValue) is the application's own function")
        }
        for side in [operand, pattern] where side.kind == .bytes || side.mayHoldBlobs {
            throw Untranslatable("\(sign.rawValue) on a blob depends on how SQLite was built")
        }
        if sign == .glob, escape != nil { throw Untranslatable("GLOB has no ESCAPE") }
        let subject = try text(operand)
        if case .string(let pattern)? = pattern.literal {
            do throws(Untranslatable) {
                return sign == .like
                    ? try like(subject, pattern, escape: escape)
                    : Typed(
                        .infix(
                            .collate(subject, "C"), "~",
                            .string(try GlobPattern.regularExpression(for: pattern))), .truth)
            } catch {
                guard settings.allowsCompatibility else { throw error }
            }
        }
        var arguments = [subject, try text(pattern)]
        if let escape { arguments.append(try text(escape)) }
        if !settings.allowsCompatibility {
            throw Untranslatable("\(sign.rawValue) is carried only for a constant pattern")
        }
        return Typed(
            try compatibility(sign == .like ? "like_match" : "glob_match", arguments.map(Self.asText)), .truth
        )
    }

    /// Text that no overload can mistake for something else.
    static func asText(_ expression: TargetExpression) -> TargetExpression {
        if case .string = expression { return .cast(expression, .text) }
        return expression
    }

    /// ASCII letters match in both cases; nothing else does.
    private func like(
        _ subject: TargetExpression, _ pattern: String, escape: Typed?
    ) throws(Untranslatable) -> Typed {
        var ending: TargetExpression? = pattern.contains("\\") ? .string("") : nil
        if let escape {
            guard case .string(let sign)? = escape.literal, sign.unicodeScalars.count == 1,
                let scalar = sign.first,
                !scalar.isLetter, !"%_".contains(scalar)
            else { throw Untranslatable("LIKE is carried only with a constant ESCAPE that is no letter") }
            var isEscaped = false
            for character in pattern { isEscaped = character == scalar && !isEscaped }
            guard !isEscaped else { throw Untranslatable("the pattern of LIKE ends with its ESCAPE") }
            ending = .string(sign)
        }
        let hasLetters = pattern.utf8.contains { (0x41...0x5A).contains($0 & 0xDF) }
        let folded = hasLetters ? TargetExpression.call("lower", [.collate(subject, "C")]) : subject
        return Typed(
            .like(folded, pattern: .string(SQLiteName.folded(pattern)), escape: ending, negated: false),
            .truth)
    }
}
