/// Reads a migration's text: its sections, its statements, and the directives between them.
///
/// ```sql
/// -- +notransaction            (before everything else; seldom)
/// -- +up
/// CREATE TABLE …;
/// -- +rebuild person           (SQLite: what ALTER TABLE cannot do)
/// -- +copy name = first || ' ' || last
/// CREATE TABLE person (…);
/// -- +down
/// DROP TABLE …;
/// ```
struct MigrationParser {
    private let place: String
    private let bytes: [UInt8]
    /// Nil for what both shall run.
    private let dialect: Dialect?
    private let firstLine: Int
    private(set) var problems: [SchemaProblem] = []

    private init(_ bytes: [UInt8], _ dialect: Dialect?, _ place: String) {
        self.bytes = bytes
        self.dialect = dialect
        self.place = place
        firstLine = 1
    }

    /// A whole file.
    static func parse(file bytes: [UInt8], _ dialect: Dialect?, at place: String) -> MigrationForm {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        var parser = MigrationParser(bytes, dialect, place)
        var form = MigrationForm()
        if parser.isText(), let tokens = parser.tokens() { form = parser.readFile(tokens) }
        form.problems = parser.problems
        return form
    }

    /// One direction, given by the program.
    static func parse(
        text: String, _ dialect: Dialect?, at place: String
    ) -> (steps: [MigrationStep], problems: [SchemaProblem]) {
        var parser = MigrationParser(Array(text.utf8), dialect, place)
        guard parser.isText(), let tokens = parser.tokens() else { return ([], parser.problems) }
        let steps = parser.steps(of: tokens[...])
        return (steps, parser.problems)
    }

    // The file.

    private mutating func isText() -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = 1 + bytes.prefix(validPrefix).count { $0 == UInt8(ascii: "\n") }
            complain(.syntax, line, "The file is not UTF-8.", fix: "Save it as UTF-8.")
            return false
        }
        if let offset = text.utf8.firstIndex(of: 0) {
            let line = 1 + text.utf8[..<offset].count { $0 == UInt8(ascii: "\n") }
            complain(.syntax, line, "The file holds the character U+0000.", fix: "Remove it.")
            return false
        }
        return true
    }

    /// How many bytes from the beginning are UTF-8, up to a line.
    private var validPrefix: Int {
        var end = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard String(validating: line, as: UTF8.self) != nil else { break }
            end = min(line.endIndex + 1, bytes.count)
        }
        return end
    }

    private mutating func tokens() -> [SQLScanner.Token]? {
        do {
            return try SQLScanner.tokens(of: bytes, dialect ?? .postgres)
        } catch {
            complain(
                .syntax, error.line, "A \(error.what) begins here and does not end.", fix: "Close it.")
            return nil
        }
    }

    private struct Section {
        var name: String
        var line: Int
        var tokens: ArraySlice<SQLScanner.Token>
        var range: Range<Int>
    }

    private mutating func readFile(_ tokens: [SQLScanner.Token]) -> MigrationForm {
        var form = MigrationForm()
        let sections = sections(of: tokens)
        if let first = sections.first { readHeading(tokens[..<(first.tokens.startIndex - 1)], &form) }
        guard sections.contains(where: { $0.name == "up" }) else {
            complain(
                .syntax, 1, "There is no `-- +up`.",
                fix: "Put the line `-- +up` before the statements; nothing follows it where nothing is to do."
            )
            return form
        }
        var seen: Set<String> = []
        for section in sections {
            guard seen.insert(section.name).inserted else {
                complain(
                    .syntax, section.line, "`-- +\(section.name)` stands twice.", fix: "Join the sections.")
                continue
            }
            let text = String(decoding: bytes[section.range], as: UTF8.self)
            let steps = steps(of: section.tokens)
            if section.name == "up" {
                (form.up, form.upText) = (steps, text)
            } else {
                (form.down, form.downText) = (steps, text)
            }
        }
        form.checksum = MigrationForm.checksum(
            up: form.upText, down: form.down.map { _ in form.downText }, isTransactional: form.isTransactional
        )
        return form
    }

    private func sections(of tokens: [SQLScanner.Token]) -> [Section] {
        let starts = tokens.indices.filter {
            tokens[$0].kind == .directive("up") || tokens[$0].kind == .directive("down")
        }
        return starts.enumerated().map { number, start in
            let end = number + 1 < starts.count ? starts[number + 1] : tokens.endIndex
            let lastByte = end < tokens.endIndex ? tokens[end].range.lowerBound : bytes.count
            return Section(
                name: tokens[start].kind == .directive("up") ? "up" : "down", line: tokens[start].line,
                tokens: tokens[(start + 1)..<end], range: tokens[start].range.upperBound..<lastByte)
        }
    }

    /// What stands before the first section.
    private mutating func readHeading(_ tokens: ArraySlice<SQLScanner.Token>, _ form: inout MigrationForm) {
        var hasComplained = false
        for token in tokens {
            if case .directive(let text) = token.kind {
                if text == "notransaction" {
                    form.isTransactional = false
                } else {
                    complainAboutDirective(text, token.line)
                }
            } else if !hasComplained {
                hasComplained = true
                complain(
                    .syntax, token.line, "A statement stands before `-- +up`.",
                    fix: "Move it below `-- +up`: only comments and `-- +notransaction` stand before.")
            }
        }
    }

    // A section.

    /// Cuts it at its `+rebuild` directives.
    private mutating func steps(of tokens: ArraySlice<SQLScanner.Token>) -> [MigrationStep] {
        var steps: [MigrationStep] = []
        var start = tokens.startIndex
        var index = tokens.startIndex
        while index < tokens.endIndex {
            guard case .directive(let text) = tokens[index].kind else {
                index += 1
                continue
            }
            guard text == "rebuild" || text.hasPrefix("rebuild ") else {
                complainAboutDirective(text, tokens[index].line)
                index += 1
                continue
            }
            addSQL(tokens[start..<index], to: &steps, mustEnd: true)
            index = addRebuild(tokens[index...], to: &steps)
            start = index
        }
        addSQL(tokens[start...], to: &steps, mustEnd: false)
        return steps
    }

    private mutating func addSQL(
        _ tokens: ArraySlice<SQLScanner.Token>, to steps: inout [MigrationStep], mustEnd: Bool
    ) {
        let plain = tokens.filter { if case .directive = $0.kind { false } else { true } }
        let statements = StatementSplitter.split(plain[...], of: bytes)
        guard !statements.isEmpty else { return }
        for statement in statements where StatementWords.controlsTransaction(statement.leadingWords) {
            complain(
                .syntax, statement.line,
                "\(statement.leadingWords[0]) would end the transaction that the migration runs in.",
                fix:
                    "Remove it: each migration runs in a transaction of its own. What cannot needs a file with "
                    + "`-- +notransaction`.")
        }
        if mustEnd, let last = statements.last, !last.endsInSemicolon {
            complain(
                .syntax, last.line, "The statement before `-- +rebuild` has no end.", fix: "Add a semicolon.")
        }
        steps.append(
            .sql(
                statements.map {
                    MigrationStatement(
                        text: String(decoding: bytes[$0.byteRange], as: UTF8.self),
                        place: "\(place):\($0.line)")
                }))
    }

    /// Reads `+rebuild TABLE`, its `+copy` lines and the statement; returns where to go on.
    private mutating func addRebuild(
        _ tokens: ArraySlice<SQLScanner.Token>, to steps: inout [MigrationStep]
    ) -> Int {
        guard case .directive(let heading) = tokens[tokens.startIndex].kind else { return tokens.endIndex }
        let line = tokens[tokens.startIndex].line
        let table = heading.dropFirst("rebuild".count).trimmingSpace.unquotedName
        var copies: [String: SQL] = [:]
        var body: [SQLScanner.Token] = []
        var index = tokens.startIndex + 1
        while index < tokens.endIndex {
            let token = tokens[index]
            if case .directive(let text) = token.kind {
                guard text.hasPrefix("copy ") else { break }
                addCopy(text, token.line, to: &copies)
            } else {
                body.append(token)
            }
            index += 1
            if token.kind == .semicolon { break }
        }
        let statement = StatementSplitter.split(body[...], of: bytes).first
        guard dialect == .sqlite else {
            complain(
                .syntax, line, "`-- +rebuild` is for SQLite alone.",
                fix: "Put it into the folder sqlite, and what Postgres needs (ALTER TABLE) into postgres.")
            return index
        }
        guard !table.isEmpty, let statement, statement.endsInSemicolon else {
            complain(
                .syntax, line, "`-- +rebuild` needs the table's name and one CREATE TABLE statement.",
                fix: "Write `-- +rebuild person`, and below it `CREATE TABLE person (…);` as it shall be.")
            return index
        }
        let definition = String(decoding: bytes[statement.byteRange], as: UTF8.self)
        let rebuild = SQLiteTableRebuild(table, definition: SQL(unsafe: definition), copying: copies)
        do {
            _ = try rebuild.definition(named: "x")
            steps.append(.rebuild(rebuild))
        } catch {
            complain(.syntax, statement.line, error.summary, fix: error.remedy)
        }
        return index
    }

    private mutating func addCopy(_ text: String, _ line: Int, to copies: inout [String: SQL]) {
        let parts = text.dropFirst("copy ".count).split(separator: "=", maxSplits: 1)
        guard parts.count == 2, !parts[0].trimmingSpace.isEmpty, !parts[1].trimmingSpace.isEmpty else {
            complain(
                .syntax, line, "`-- +copy` is not of its form.",
                fix: "Write `-- +copy column = expression`, in which the old table's columns may stand.")
            return
        }
        copies[parts[0].trimmingSpace.unquotedName] = SQL(unsafe: parts[1].trimmingSpace)
    }

    private mutating func complainAboutDirective(_ text: String, _ line: Int) {
        let word = String(text.prefix { !$0.isWhitespace })
        switch word.lowercased() {
        case "notransaction":
            complain(
                .syntax, line, "`-- +notransaction` stands too late.",
                fix: "Put it before `-- +up`: it is for both.")
        case "copy":
            complain(
                .syntax, line, "`-- +copy` stands without `-- +rebuild`.",
                fix: "Put it right below that line.")
        case "goose":
            complain(
                .syntax, line, "`-- +\(text)` is a directive of goose.",
                fix:
                    "Write `-- +up`, `-- +down` or `-- +notransaction`; statements need no marks around them."
            )
        case "up", "down":
            complain(
                .syntax, line, "`-- +\(text)` is not understood.",
                fix: "Write `-- +\(word.lowercased())` alone.")
        default:
            complain(
                .syntax, line, "There is no directive `-- +\(word)`.",
                fix: "There are +up, +down, +notransaction, +rebuild and +copy; a comment has no plus.")
        }
    }

    private mutating func complain(
        _ code: SchemaProblem.Code, _ line: Int, _ summary: String, fix remedy: String
    ) {
        problems.append(SchemaProblem(code, at: "\(place):\(line)", summary, fix: remedy))
    }
}

extension Substring {
    fileprivate var trimmingSpace: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension String {
    /// Without double quotes around it.
    fileprivate var unquotedName: String {
        guard count >= 2, first == "\"", last == "\"" else { return self }
        return String(dropFirst().dropLast()).replacing("\"\"", with: "\"")
    }
}
