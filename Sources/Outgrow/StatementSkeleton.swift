internal import SQLiteSyntax

/// What a text says but for what may differ without a difference: qualifiers, aliases, parentheses.
struct Skeleton: Equatable {
    private let words: [String]
    private let isReadable: Bool

    static func == (one: Skeleton, other: Skeleton) -> Bool {
        one.isReadable && other.isReadable && one.words == other.words
    }

    init(_ piece: Script.Piece, schema: String) {
        do throws(SyntaxError) { self.init(try piece.numbered().sql, schema: schema) } catch {
            self.init("'", schema: "")
        }
    }

    init(postgres text: String, schema: String) { self.init(text, schema: schema) }

    private init(_ sql: String, schema: String) {
        do throws(SyntaxError) {
            // Printing puts parentheses where precedence needs them, and nowhere else.
            let canonical = SQLPrinter.print(try Parser.parseAnyStatement(sql))
            words = Self.stripped(try SQLWord.words(of: canonical))
            isReadable = true
        } catch {
            words = []
            isReadable = false
        }
    }

    private static func stripped(_ words: [SQLWord]) -> [String] {
        var result: [String] = []
        var index = 0
        while index < words.count {
            let word = words[index]
            let isName = word.kind == .word || word.kind == .quoted
            if isName, index + 1 < words.count, words[index + 1].text == "." {
                index += 2
                continue
            }
            if word.kind == .word, word.text == "AS", index + 1 < words.count, words[index + 1].kind != .sign,
                index + 2 >= words.count || words[index + 2].text != "("
            {
                index += 2
                continue
            }
            result.append(word.kind == .parameter ? "?" + word.text.dropFirst() : word.text)
            index += 1
        }
        return result
    }
}
