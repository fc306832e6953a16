// Texts. Case is folded for A to Z alone, which is what SQLite does by itself and what does not depend on a
// server's locale. https://sqlite.org/lang_expr.html#like,
// https://www.postgresql.org/docs/current/functions-matching.html
extension SQL {
    /// Whether a text matches a pattern in which `%` stands for any text, `_` for one character, and `\`
    /// makes the next character stand for itself. NULL when the text is.
    ///
    /// Written as `LIKE`, SQLite would ignore case and have no `\`, and Postgres would do neither.
    public static func like(_ text: SQL, _ pattern: String, ignoringCase: Bool = false) -> SQL {
        matching(text, LikePattern(pattern), ignoringCase)
    }

    /// Whether a text contains another, whatever signs that has.
    public static func contains(_ text: SQL, _ part: String, ignoringCase: Bool = false) -> SQL {
        matching(text, LikePattern([.any] + LikePattern.literal(part) + [.any]), ignoringCase)
    }

    /// Whether a text begins with another. An index on the column can be used on SQLite, and on Postgres when
    /// it was made with `COLLATE "C"` or `text_pattern_ops`.
    public static func hasPrefix(_ text: SQL, _ prefix: String, ignoringCase: Bool = false) -> SQL {
        matching(text, LikePattern(LikePattern.literal(prefix) + [.any]), ignoringCase)
    }

    private static func matching(_ text: SQL, _ pattern: LikePattern, _ ignoringCase: Bool) -> SQL {
        ignoringCase
            ? fragment(
                sqlite: "((\(text)) LIKE \(pattern.likeText) ESCAPE '\\')",
                postgres: "((\(text)) COLLATE \"C\" ILIKE \(pattern.likeText) ESCAPE '\\')")
            : fragment(
                sqlite: "((\(text)) GLOB \(pattern.globText))",
                postgres: "((\(text)) COLLATE \"C\" LIKE \(pattern.likeText) ESCAPE '\\')")
    }

    /// A text with A to Z as a to z and everything else as it is: for comparing, sorting and unique indexes
    /// that ignore case.
    ///
    /// ```swift
    /// "CREATE UNIQUE INDEX person_name ON person (\(SQL.foldingCase("name")))"
    /// ```
    public static func foldingCase(_ text: SQL) -> SQL {
        fragment(sqlite: "lower(\(text))", postgres: "lower((\(text)) COLLATE \"C\")")
    }

    /// A text that compares and sorts by its bytes, as SQLite's columns do by themselves: for keys, ranges
    /// and pages whose order must be the same on both.
    public static func byteOrder(_ text: SQL) -> SQL {
        fragment(sqlite: "(\(text)) COLLATE BINARY", postgres: "(\(text)) COLLATE \"C\"")
    }

    /// Where a text first contains another, in characters counted from 1; 0 when it does not.
    public static func position(of part: SQL, in text: SQL) -> SQL {
        fragment(sqlite: "instr(\(text), \(part))", postgres: "strpos(\(text), \(part))")
    }

    /// Bytes as hexadecimal digits, A to F in upper case.
    public static func hex(_ bytes: SQL) -> SQL {
        fragment(sqlite: "hex(\(bytes))", postgres: "upper(encode(\(bytes), 'hex'))")
    }

    /// An aggregate: the texts of a group, joined in no particular order. NULLs are left out; of nothing it
    /// is NULL.
    public static func joined(_ text: SQL, separator: String) -> SQL {
        fragment(
            sqlite: "group_concat(\(text), \(separator))",
            postgres: "string_agg((\(text))::text, \(separator))")
    }
}

/// A pattern apart from how an engine writes it.
struct LikePattern {
    enum Part: Equatable {
        case any, one
        case character(Unicode.Scalar)
    }

    let parts: [Part]

    init(_ parts: [Part]) { self.parts = parts }

    /// Reads `%`, `_` and `\`; a `\` at the end stands for itself.
    init(_ pattern: String) {
        var parts: [Part] = []
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            switch scalar {
            case _ where isEscaped: (isEscaped, parts) = (false, parts + [.character(scalar)])
            case "\\": isEscaped = true
            case "%": parts.append(.any)
            case "_": parts.append(.one)
            default: parts.append(.character(scalar))
            }
        }
        self.parts = isEscaped ? parts + [.character("\\")] : parts
    }

    static func literal(_ text: String) -> [Part] { text.unicodeScalars.map(Part.character) }

    /// For `LIKE … ESCAPE '\'`.
    var likeText: String {
        text(any: "%", one: "_") { scalar in
            switch scalar {
            case "%", "_", "\\": "\\\(scalar)"
            default: String(scalar)
            }
        }
    }

    /// For `GLOB`, which does not ignore case.
    var globText: String {
        text(any: "*", one: "?") { scalar in
            switch scalar {
            case "*", "?", "[": "[\(scalar)]"
            default: String(scalar)
            }
        }
    }

    private func text(any: String, one: String, _ character: (Unicode.Scalar) -> String) -> String {
        parts.map { part in
            switch part {
            case .any: any
            case .one: one
            case .character(let scalar): character(scalar)
            }
        }.joined()
    }
}
