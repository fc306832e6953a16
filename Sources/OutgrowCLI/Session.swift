internal import Diagnostics
internal import Foundation
internal import Outgrow

/// One run of a command: how it talks, how it ends, what the user does next.
struct Session: Sendable {
    let terminal: Terminal
    let progress: ProgressPrinter
    let isJSON: Bool

    init(_ flags: OutputFlags) {
        terminal = flags.terminal
        progress = ProgressPrinter(terminal)
        isJSON = flags.json
    }

    enum State: String { case nothing, partial, complete }

    /// The last line on standard error, always.
    func end(_ state: State, next: String) {
        if let reason = terminal.outputFailure {
            terminal.complain(
                "error: The result could not be written to standard output. [output-unwritable]", .error)
            terminal.complain("  why: \(reason)")
            terminal.complain(
                "  fix: Send it to a disk with room, then run again; what is in the target stays.")
        }
        terminal.complain("state: \(state.rawValue); next: \(next)", .dim)
    }

    func observe(_ event: StoryEvent) { progress.observe(event) }

    /// Prints `value` as one JSON document with the name and version of its schema.
    func printJSON(
        _ value: some Encodable, schema: String, status: ExitStatus, adding extra: [String: JSONValue] = [:]
    ) throws {
        try printJSON(value, schema: schema, exitStatus: status.rawValue, adding: extra)
    }

    func printJSON(
        _ value: some Encodable, schema: String, exitStatus: Int32, adding extra: [String: JSONValue] = [:]
    ) throws {
        var extra = extra
        extra["exit_status"] = .number(Int64(exitStatus))
        try printJSON(SchemaStamped(schema: schema, value: value, extra: extra), .prettyPrinted)
    }

    /// Prints `value` as one line, for a command that goes on and has no status yet.
    func printJSONLine(_ value: some Encodable, schema: String) throws {
        try printJSON(SchemaStamped(schema: schema, value: value, extra: [:]), [])
    }

    private func printJSON(_ document: some Encodable, _ form: JSONEncoder.OutputFormatting) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [form, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // JSON escapes control characters itself.
        terminal.outDocument(String(decoding: try encoder.encode(document), as: UTF8.self) + "\n")
    }
}

/// A plain value beside an encoded one.
enum JSONValue: Encodable, Sendable {
    case text(String), number(Int64), flag(Bool)

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        }
    }
}

private struct SchemaStamped<Value: Encodable>: Encodable {
    var schema: String
    var value: Value
    var extra: [String: JSONValue]

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(schema, forKey: Key("schema"))
        for (name, value) in extra { try container.encode(value, forKey: Key(name)) }
    }
}

/// The command line as it was typed, for "next" lines: pasteable, and without a password.
enum CommandText {
    static func again(
        adding flags: [String] = [], without others: Set<String> = [],
        arguments: [String] = Array(CommandLine.arguments.dropFirst())
    ) -> String {
        let shown = arguments.filter { !others.contains($0) }.map { argument in
            argument.contains("://") || argument.contains("password=")
                ? MigrationOptions.redacted(target: argument) : argument
        }
        let missing = flags.filter { !arguments.contains($0) }
        return make(shown + missing)
    }

    static func make(_ words: [String]) -> String { (["outgrow"] + words).map(quoted).joined(separator: " ") }

    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "-_./:=@,+%".unicodeScalars.contains($0)
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
