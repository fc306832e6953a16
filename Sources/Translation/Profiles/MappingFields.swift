import Diagnostics
import Schema

/// The members of one object of a mapping, all of them known, each asked for by its kind.
struct MappingFields {
    private let what: String
    private let file: String
    private let place: TextPosition
    private let values: [String: JSON5Node]

    init(
        _ node: JSON5Node, of what: String, keys: [String], file: String
    ) throws(OutgrowError) {
        self.what = what
        self.file = file
        place = node.place
        guard case .object(let members) = node.value else {
            throw mappingError(
                "\(what) is an object, not \(node.value.words).", at: "\(file):\(node.place)",
                fix: "Write { … } with \(keys.joined(separator: ", ")).")
        }
        for member in members where !keys.contains(member.key) {
            throw mappingError(
                "\(what) has no \"\(shown(member.key))\".", at: "\(file):\(member.place)",
                fix: "Use one of: \(keys.joined(separator: ", ")).")
        }
        // The reader let no key stand twice.
        values = Dictionary(members.map { ($0.key, $0.node) }) { first, _ in first }
    }

    func failure(_ summary: String, at position: TextPosition, fix remedy: String) -> OutgrowError {
        mappingError(summary, at: "\(file):\(position)", fix: remedy)
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    func requiredText(_ key: String) throws(OutgrowError) -> (text: String, place: TextPosition) {
        guard let text = try text(key) else {
            throw failure("\(what) needs \"\(key)\".", at: place, fix: "Add \(key): \"…\".")
        }
        return text
    }

    func text(_ key: String) throws(OutgrowError) -> (text: String, place: TextPosition)? {
        guard let node = values[key] else { return nil }
        return (try text(of: node, key), node.place)
    }

    /// One text, or a list of them.
    func texts(_ key: String) throws(OutgrowError) -> [(text: String, place: TextPosition)] {
        guard let node = values[key] else { return [] }
        guard case .array(let nodes) = node.value else { return [(try text(of: node, key), node.place)] }
        var result: [(text: String, place: TextPosition)] = []
        for node in nodes { result.append((try text(of: node, key), node.place)) }
        return result
    }

    func flag(_ key: String) throws(OutgrowError) -> Bool {
        guard let node = values[key] else { return false }
        guard case .boolean(let value) = node.value else { throw mismatch(node, key, "true or false") }
        return value
    }

    func nodes(_ key: String) throws(OutgrowError) -> [JSON5Node] {
        guard let node = values[key] else { return [] }
        guard case .array(let nodes) = node.value else { throw mismatch(node, key, "a list") }
        return nodes
    }

    func members(_ key: String) throws(OutgrowError) -> [JSON5Member] {
        guard let node = values[key] else { return [] }
        guard case .object(let members) = node.value else { throw mismatch(node, key, "an object") }
        return members
    }

    /// A name that Postgres takes as it is.
    func name(_ key: String) throws(OutgrowError) -> String? {
        guard let (text, place) = try text(key) else { return nil }
        guard (1...Namer.byteLimit).contains(text.utf8.count), !text.unicodeScalars.contains("\0") else {
            throw failure(
                "Postgres takes no name of \(text.utf8.count) bytes, nor one with a zero byte.", at: place,
                fix: "Give a name of 1 to \(Namer.byteLimit) bytes.")
        }
        return text
    }

    private func text(of node: JSON5Node, _ key: String) throws(OutgrowError) -> String {
        guard case .string(let text) = node.value else { throw mismatch(node, key, "a text") }
        return text
    }

    private func mismatch(_ node: JSON5Node, _ key: String, _ wanted: String) -> OutgrowError {
        failure(
            "\"\(key)\" takes \(wanted), not \(node.value.words).", at: node.place,
            fix:
                "Write \(key): \(wanted == "a text" ? "\"…\"" : wanted == "a list" ? "[…]" : wanted == "an object" ? "{ … }" : "true")."
        )
    }
}
