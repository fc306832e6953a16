/// Reads one of the SQL files: a header of comments for each function, then its statements.
///
/// ```sql
/// -- function: nocase
/// -- about: What COLLATE NOCASE compares.
/// CREATE OR REPLACE FUNCTION @schema@.nocase(value text) RETURNS text
/// LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ … $$;
/// ```
///
/// `difference` states where results differ from SQLite's, `returns` what an aggregate gives.
struct CompatibilityFile {
    let functions: [CompatibilityFunction]

    init(text: String) {
        var functions: [CompatibilityFunction] = []
        var section: Section?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let name = Self.value(of: "function", in: line) {
                if let section { functions.append(section.function) }
                section = Section(name: name)
            } else {
                section?.append(line)
            }
        }
        if let section { functions.append(section.function) }
        self.functions = functions
    }

    private static func value(of key: String, in line: Substring) -> String? {
        let start = "-- \(key): "
        return line.hasPrefix(start) ? String(line.dropFirst(start.count)) : nil
    }

    /// One function while its lines are read.
    private struct Section {
        let name: String
        var summary = ""
        var difference: String?
        var result: String?
        /// The text of each statement, and nothing between them.
        var statements: [String] = []
        var isInside = false

        init(name: String) { self.name = name }

        mutating func append(_ line: Substring) {
            if !isInside {
                if let text = CompatibilityFile.value(of: "about", in: line) { summary = text }
                if let text = CompatibilityFile.value(of: "difference", in: line) { difference = text }
                if let text = CompatibilityFile.value(of: "returns", in: line) { result = text }
                guard line.hasPrefix("CREATE ") else { return }
                statements.append("")
                isInside = true
            }
            statements[statements.count - 1] += statements[statements.count - 1].isEmpty ? line : "\n\(line)"
            // A statement ends at the end of a line; inside of a body no line ends in `$$;` or `);` at its start.
            if line.hasSuffix("$$;") || line == ");" { isInside = false }
        }

        var function: CompatibilityFunction {
            CompatibilityFunction(
                name: name, summary: summary, difference: difference,
                overloads: statements.map { Signature(statement: $0, result: result).overload(of: name) })
        }
    }

    /// What stands before the body of a statement.
    private struct Signature {
        let statement: String
        let result: String?

        func overload(of name: String) -> CompatibilityFunction.Overload {
            let isAggregate = statement.hasPrefix("CREATE OR REPLACE AGGREGATE")
            let list = parenthesized(statement)
            return CompatibilityFunction.Overload(
                arguments: arguments(in: list), result: result ?? returned,
                volatility: isAggregate || contains("IMMUTABLE")
                    ? .immutable : contains("STABLE") ? .stable : .volatile,
                form: isAggregate ? .aggregate : contains("LANGUAGE sql") ? .query : .procedure,
                calls: calls(besides: name), statement: statement)
        }

        /// What stands before the body.
        private var head: Substring {
            statement.firstRange(of: "$$").map { statement[..<$0.lowerBound] } ?? statement[...]
        }

        private func contains(_ words: String) -> Bool { head.contains(words) }

        private func parenthesized(_ text: String) -> Substring {
            guard let open = text.firstIndex(of: "(") else { return "" }
            var depth = 0
            var index = open
            while index < text.endIndex {
                if text[index] == "(" { depth += 1 }
                if text[index] == ")" {
                    depth -= 1
                    if depth == 0 { return text[text.index(after: open)..<index] }
                }
                index = text.index(after: index)
            }
            return ""
        }

        private func arguments(in list: Substring) -> [CompatibilityFunction.Argument] {
            list.split(separator: ",").map { item in
                var words = item.split(whereSeparator: { $0 == " " || $0 == "\n" })
                let isVariadic = words.first == "VARIADIC"
                if isVariadic { words.removeFirst() }
                words = Array(words.prefix { $0 != "DEFAULT" })
                return CompatibilityFunction.Argument(
                    name: words.first.map(String.init) ?? "", type: words.dropFirst().joined(separator: " "),
                    isVariadic: isVariadic)
            }
        }

        private var returned: String {
            guard let start = head.firstRange(of: "RETURNS ") else { return "" }
            let rest = head[start.upperBound...]
            let end = rest.firstRange(of: "\nLANGUAGE")?.lowerBound ?? rest.endIndex
            return String(rest[..<end])
        }

        private func calls(besides name: String) -> Set<String> {
            let pieces = statement.split(
                separator: CompatibilityCatalog.placeholder + ".", omittingEmptySubsequences: false)
            let names = pieces.dropFirst().map { piece in
                String(piece.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            }
            return Set(names).subtracting([name])
        }
    }
}
