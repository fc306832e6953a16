/// A constant GLOB pattern as a regular expression of Postgres (https://sqlite.org/lang_expr.html#like).
enum GlobPattern {
    static func regularExpression(for pattern: String) throws(Untranslatable) -> String {
        let scalars = Array(pattern.unicodeScalars)
        var result = "^"
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "*": result += ".*"
            case "?": result += "."
            case "[":
                let (set, end) = try bracket(scalars, from: position)
                result += set
                position = end
            default: result += escaped(scalar)
            }
        }
        return result + "$"
    }

    /// The set from after its `[`, and where the pattern goes on.
    private static func bracket(
        _ scalars: [Unicode.Scalar], from start: Int
    ) throws(Untranslatable) -> (String, Int) {
        var position = start
        var result = "["
        if position < scalars.count, scalars[position] == "^" {
            result += "^"
            position += 1
        }
        // A `]` in the first place stands for itself.
        var isFirst = true
        while position < scalars.count, isFirst || scalars[position] != "]" {
            let low = scalars[position]
            isFirst = false
            if position + 2 < scalars.count, scalars[position + 1] == "-", scalars[position + 2] != "]" {
                let high = scalars[position + 2]
                guard low.value <= high.value else { throw Untranslatable("a GLOB range runs backwards") }
                result += escaped(low) + "-" + escaped(high)
                position += 3
            } else {
                result += escaped(low)
                position += 1
            }
        }
        guard position < scalars.count else { throw Untranslatable("a GLOB set is not closed") }
        return (result + "]", position + 1)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let isPlain =
            scalar.value > 0x7F || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || " _/:,;@#%&=~\"'<>!`".unicodeScalars.contains(scalar)
        return isPlain ? String(scalar) : "\\\(scalar)"
    }
}
