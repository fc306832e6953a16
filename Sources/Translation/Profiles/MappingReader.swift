package import Diagnostics
import SQLiteSyntax
package import Schema

/// Reads a mapping file, and refuses what it does not know: with the place, and how to mend it.
package struct MappingReader {
    package static let format = "outgrow.mapping/1"

    private let file: String
    private var mapping: Mapping

    /// A user's file, called `file` in messages.
    package static func read(_ bytes: [UInt8], file: String) throws(OutgrowError) -> Mapping {
        try read(bytes, file: file, name: "mapping", keys: MappingKeys.file)
    }

    /// A profile of ours, which says more about itself.
    static func readProfile(_ bytes: [UInt8], name: String) throws(OutgrowError) -> Mapping {
        try read(bytes, file: "\(name).json5", name: name, keys: MappingKeys.profile)
    }

    private static func read(
        _ bytes: [UInt8], file: String, name: String, keys: [String]
    ) throws(OutgrowError) -> Mapping {
        var reader = MappingReader(file: file, mapping: Mapping(name: name))
        let fields = try MappingFields(
            try JSON5Reader.read(bytes, file: file), of: "A mapping", keys: keys, file: file)
        try reader.readFormat(fields)
        try reader.readFacts(fields)
        try reader.readRules(fields)
        try reader.readColumns(fields)
        try reader.readTables(fields)
        reader.mapping.exclude = try fields.texts("exclude").map(\.text)
        try reader.readAccepted(fields)
        return reader.mapping
    }

    private func readFormat(_ fields: MappingFields) throws(OutgrowError) {
        let format = try fields.requiredText("format")
        guard format.text == Self.format else {
            throw fields.failure(
                "This version does not know the format \"\(shown(format.text))\".", at: format.place,
                fix: "Write format: \"\(Self.format)\".")
        }
    }

    private mutating func readFacts(_ fields: MappingFields) throws(OutgrowError) {
        guard fields.has("framework") else { return }
        var facts = ProfileFacts(
            framework: try fields.requiredText("framework").text,
            summary: try fields.requiredText("summary").text)
        facts.markers = try fields.texts("markers").map(\.text)
        for node in try fields.nodes("differences") {
            let difference = try MappingFields(
                node, of: "A difference", keys: MappingKeys.difference, file: file)
            facts.differences.append(
                ProfileFacts.Difference(
                    of: try difference.requiredText("of").text,
                    framework: try difference.requiredText("framework").text,
                    outgrow: try difference.requiredText("outgrow").text,
                    because: try difference.requiredText("because").text))
        }
        mapping.profile = facts
    }

    private mutating func readRules(_ fields: MappingFields) throws(OutgrowError) {
        for node in try fields.nodes("rules") {
            let rule = try MappingFields(node, of: "A rule", keys: MappingKeys.rule, file: file)
            var result = MappingRule(name: try rule.requiredText("name").text)
            result.declared = try rule.texts("declared").map { Self.normalized($0.text) }
            result.tables = try rule.texts("table").map { SQLiteName.folded($0.text) }
            result.columns = try rule.texts("column").map { SQLiteName.folded($0.text) }
            for (text, place) in try rule.texts("affinity") {
                guard let affinity = Affinity(rawValue: SQLiteName.folded(text)) else {
                    throw rule.failure(
                        "There is no affinity \"\(shown(text))\".", at: place,
                        fix: "Name integer, text, blob, real or numeric.")
                }
                result.affinities.append(affinity)
            }
            result.check = try rule.text("check").map { SQLiteName.folded($0.text) }
            result.isForRowIDAlias = try rule.flag("rowid_alias")
            let hasPattern =
                !(result.declared + result.tables + result.columns).isEmpty || !result.affinities.isEmpty
                || result.check != nil || result.isForRowIDAlias
            let type = try rule.requiredText("type")
            if type.text == Self.byValues, mapping.profile != nil {
                result.name = TypeRules.byValues
            } else {
                guard hasPattern else {
                    throw rule.failure(
                        "The rule \"\(shown(result.name))\" says no column it is for.", at: node.place,
                        fix: "Add declared, affinity, table, column or check.")
                }
                result.type = try self.type(rule)
            }
            mapping.rules.append(result)
        }
    }

    static let byValues = "by values"

    private mutating func readColumns(_ fields: MappingFields) throws(OutgrowError) {
        for member in try fields.members("columns") {
            guard let dot = member.key.lastIndex(of: "."), dot > member.key.startIndex,
                member.key.index(after: dot) < member.key.endIndex
            else {
                throw fields.failure(
                    "A column is named by its table and its name, not \"\(shown(member.key))\".",
                    at: member.place, fix: "Write it as \"orders.note\".")
            }
            var column = MappedColumn(
                table: String(member.key[..<dot]),
                column: String(member.key[member.key.index(after: dot)...]),
                place: "\(file):\(member.place)")
            if case .string(let text) = member.node.value {
                column.type = try type(text, at: member.node.place, stored: nil, fields)
            } else {
                let own = try MappingFields(
                    member.node, of: "A column", keys: MappingKeys.column, file: file)
                column.name = try own.name("name")
                if own.has("type") || own.has("stored") { column.type = try type(own) }
            }
            mapping.columns.append(column)
        }
    }

    private mutating func readTables(_ fields: MappingFields) throws(OutgrowError) {
        for member in try fields.members("tables") {
            let own = try MappingFields(member.node, of: "A table", keys: MappingKeys.table, file: file)
            guard let name = try own.name("name") else {
                throw fields.failure(
                    "The table \"\(shown(member.key))\" is given no name.", at: member.node.place,
                    fix: "Write { name: \"orders\" }, or leave it out.")
            }
            mapping.tables.append(
                MappedTable(table: member.key, name: name, place: "\(file):\(member.place)"))
        }
    }

    private mutating func readAccepted(_ fields: MappingFields) throws(OutgrowError) {
        for (text, place) in try fields.texts("accept") {
            let words = text.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2, words[0].utf8.allSatisfy({ (97...122).contains($0) || $0 == 45 }) else {
                throw fields.failure(
                    "A loss is accepted by its code and its place, not by \"\(shown(text))\".", at: place,
                    fix: "Write it as the report shows it: \"nocase-collation users.email\".")
            }
            mapping.accept.append(AcceptedLoss(code: words[0], location: words[1]))
        }
    }

    // MARK: Types

    private func type(_ fields: MappingFields) throws(OutgrowError) -> MappedType {
        let type = try fields.requiredText("type")
        return try self.type(type.text, at: type.place, stored: try fields.text("stored"), fields)
    }

    /// Only spellings that name one of our types: nothing of the file is ever part of a statement.
    private func type(
        _ text: String, at place: TextPosition, stored: (text: String, place: TextPosition)?,
        _ fields: MappingFields
    ) throws(OutgrowError) -> MappedType {
        var result: MappedType
        switch SQLiteName.folded(text) {
        case "numeric(p,s)": result = MappedType(.numeric(nil), takesDeclaredArguments: true)
        case "varchar(n)": result = MappedType(.varchar(nil), takesDeclaredArguments: true)
        default:
            guard let type = TypeNames.parse(text) else {
                throw fields.failure(
                    "No column can become \"\(shown(text))\".", at: place,
                    fix: "Name one of: \((TypeNames.accepted + ["interval"]).joined(separator: ", ")).")
            }
            result = MappedType(type)
        }
        guard let stored else {
            guard result.type != .interval else {
                throw fields.failure(
                    "An interval says how SQLite holds it.", at: place,
                    fix: "Add stored: \"microseconds\" or stored: \"text since 1970-01-01\".")
            }
            return result
        }
        guard let form = StoredForm(rawValue: stored.text), form != .usual,
            StoredFormRule.table.contains(where: { $0.form == form && $0.type == result.type })
        else {
            let known = StoredFormRule.table.filter { $0.type == result.type }
            throw fields.failure(
                "No \(result.type.name) is read from \"\(shown(stored.text))\".", at: stored.place,
                fix: known.isEmpty
                    ? "Leave out stored."
                    : "Name one of: \(known.map { $0.form.rawValue }.joined(separator: ", ")).")
        }
        result.form = form
        return result
    }

    /// In lower case, with one space between words and none within parentheses.
    private static func normalized(_ pattern: String) -> String {
        let folded = SQLiteName.folded(pattern)
        let words = folded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let open = words.firstIndex(of: "(") else { return words }
        let name = words[..<open].split(separator: " ").joined(separator: " ")
        return name + words[open...].filter { $0 != " " }
    }
}

/// The keys that each object of a mapping may have; `mappings/schema.json` says the same to editors.
package enum MappingKeys {
    /// `$schema` is for editors alone.
    package static let file = ["format", "$schema", "rules", "columns", "tables", "exclude", "accept"]
    package static let profile = file + ["framework", "summary", "markers", "differences"]
    package static let rule = [
        "name", "declared", "affinity", "table", "column", "check", "rowid_alias", "type", "stored",
    ]
    package static let column = ["type", "stored", "name"]
    package static let table = ["name"]
    package static let difference = ["of", "framework", "outgrow", "because"]
}

/// As much of a text as a message shows.
func shown(_ text: String) -> String {
    let printable = String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(61).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    return text.unicodeScalars.count > 60
        ? printable.unicodeScalars.prefix(60).map(String.init).joined() + "…" : printable
}
