/// What a `CREATE VIRTUAL TABLE … USING fts5(…)`, `fts4(…)` or `fts3(…)` declares.
///
/// The arguments are the module's own language: https://sqlite.org/fts5.html and https://sqlite.org/fts3.html.
package struct FullTextDefinition: Sendable, Hashable {
    package enum Module: String, Sendable, Hashable { case fts3, fts4, fts5 }

    /// Where the text is that the index is about.
    package enum Content: Sendable, Hashable {
        /// In a table that the module keeps, `name_content`.
        case own
        /// In a table or view of the application.
        case external(String)
        /// Nowhere: only the index is kept.
        case none
    }

    package struct Column: Sendable, Hashable {
        package var name: String
        package var isIndexed: Bool
    }

    package let name: String
    package let module: Module
    /// Empty when an FTS4 table takes them from its external content.
    package private(set) var columns: [Column] = []
    package private(set) var content = Content.own
    /// The tokenizer's name and its arguments, folded; empty is the module's own choice.
    package private(set) var tokenizer: [String] = []
    /// By folded name: the other options, with their values.
    package private(set) var options: [String: String] = [:]

    /// nil when it is another module's table, or its arguments are none that the module takes.
    package init?(_ table: CreateVirtualTable) {
        guard let module = Module(rawValue: SQLiteName.folded(table.module)) else { return nil }
        name = table.name
        self.module = module
        var excluded: Set<String> = []
        for argument in table.arguments {
            do throws(SyntaxError) {
                guard try add(Words(argument), &excluded) else { return nil }
            } catch {
                return nil
            }
        }
        for position in columns.indices where excluded.contains(SQLiteName.folded(columns[position].name)) {
            columns[position].isIndexed = false
        }
        if columns.isEmpty, module != .fts5, content == .own {
            columns = [Column(name: "content", isIndexed: true)]
        }
    }

    /// What the application calls a row's number, which `*` does not show.
    package var rowIDName: String { module == .fts5 ? "rowid" : "docid" }

    private mutating func add(_ words: Words, _ excluded: inout Set<String>) -> Bool {
        guard let first = words.items.first else { return true }
        if module != .fts5, SQLiteName.equal(first.text, "tokenize"), !first.isQuoted {
            tokenizer = words.items.dropFirst().map(\.text).filter { $0 != "=" }.map(SQLiteName.folded)
            return true
        }
        let isOption = module != .fts3 && words.items.count > 1 && words.items[1].isEqualSign
        guard isOption, !first.isQuoted else {
            let isUnindexed = words.items.dropFirst().contains { SQLiteName.equal($0.text, "unindexed") }
            columns.append(Column(name: first.text, isIndexed: !(module == .fts5 && isUnindexed)))
            return true
        }
        let value = words.items.dropFirst(2).map(\.text).joined(separator: " ")
        return module == .fts5
            ? addOption(SQLiteName.folded(first.text), value)
            : addFTS4Option(SQLiteName.folded(first.text), value, &excluded)
    }

    /// FTS5 takes the beginning of an option's name for the name; the first that begins so is meant.
    private mutating func addOption(_ name: String, _ value: String) -> Bool {
        let known = [
            "prefix", "tokenize", "content", "contentless_delete", "contentless_unindexed", "content_rowid",
            "columnsize", "locale", "detail", "tokendata",
        ]
        switch known.first(where: { $0.hasPrefix(name) }) {
        case "tokenize": tokenizer = Self.tokens(of: value)
        case "content": content = value.isEmpty ? .none : .external(value)
        case let name?: options[name] = value
        case nil: return false
        }
        return true
    }

    private mutating func addFTS4Option(_ name: String, _ value: String, _ excluded: inout Set<String>)
        -> Bool
    {
        switch name {
        case "content": content = value.isEmpty ? .none : .external(value)
        case "notindexed": excluded.insert(SQLiteName.folded(value))
        case "matchinfo", "prefix", "compress", "uncompress", "order", "languageid": options[name] = value
        default: return false
        }
        return true
    }

    /// `porter unicode61 remove_diacritics 1`, each word quoted or not.
    private static func tokens(of text: String) -> [String] {
        text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map { word in
            SQLiteName.folded(String(word.filter { $0 != "'" && $0 != "\"" }))
        }
    }
}

extension FullTextDefinition {
    /// The tokenizer that cuts the text into words, which `porter` only wraps.
    package var cutter: String {
        let words = tokenizer.first == "porter" ? Array(tokenizer.dropFirst()) : tokenizer
        if tokenizer.first == "porter", module != .fts5 { return "simple" }
        return words.first ?? (module == .fts5 ? "unicode61" : "simple")
    }

    package var usesPorter: Bool { tokenizer.first == "porter" }

    /// `cafe` finds `café`.
    package var removesDiacritics: Bool {
        guard cutter == "unicode61" else { return false }
        let text = tokenizer.joined(separator: " ")
        return !text.contains("remove_diacritics 0") && !text.contains("remove_diacritics=0")
    }

    /// Which letters make a word is the table's own choice.
    package var choosesLetters: Bool {
        tokenizer.contains { word in
            ["tokenchars", "separators", "categories"].contains { word.hasPrefix($0) }
        }
    }
}

/// The words of one argument.
private struct Words {
    struct Item {
        var text: String
        var isQuoted: Bool
        var isEqualSign: Bool
    }
    var items: [Item] = []

    init(_ argument: String) throws(SyntaxError) {
        let parser = try Parser(argument)
        items = parser.tokens.filter { $0.kind != .end }.map { token in
            Item(
                text: parser.unquoted(token), isQuoted: token.kind == .quotedName || token.kind == .string,
                isEqualSign: token.kind == .equal)
        }
    }
}
