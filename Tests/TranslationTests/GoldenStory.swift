import Foundation
import Testing

/// One file of `Tests/Golden/ddl`: a sentence, then sections that start with `-- name --`.
struct GoldenStory: CustomTestStringConvertible, Sendable {
    let path: String
    let sentence: String
    let sections: [String: String]

    /// The sections in the order they are written.
    static let order = ["source.sql", "options", "target.sql", "findings"]

    static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Golden/ddl")
    }

    static func all() throws -> [GoldenStory] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".golden") }
            .sorted()
            .map { try GoldenStory(path: folder.appending(path: $0).path) }
    }

    init(path: String) throws {
        self.path = path
        var name: String?
        var parts: [String: [Substring]] = ["": []]
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let heading = Self.order.first { line == "-- \($0) --" }
            if let heading {
                name = heading
                parts[heading] = []
            } else {
                parts[name ?? "", default: []].append(line)
            }
        }
        sections = parts.mapValues { lines in
            lines.joined(separator: "\n").trimmingCharacters(in: .newlines) + "\n"
        }
        sentence = sections[""]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    }

    var testDescription: String { sentence }

    subscript(section: String) -> String { sections[section] ?? "" }

    /// Compares, or with `GOLDEN=update` rewrites the file.
    func expect(_ results: [String: String]) throws {
        if ProcessInfo.processInfo.environment["GOLDEN"] == "update" {
            var text = sentence + "\n"
            for name in Self.order {
                let content = results[name] ?? self[name]
                guard sections[name] != nil || results[name] != nil, content != "\n" || name == "findings"
                else { continue }
                text += "-- \(name) --\n" + (content == "\n" ? "" : content)
            }
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        for (name, result) in results.sorted(by: { $0.key < $1.key }) {
            #expect(result == self[name], "\(name) of \(path)")
        }
    }
}
