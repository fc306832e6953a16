internal import Diagnostics
internal import Foundation
internal import Outgrow

/// What `translate --queries` says.
struct StatementReport: Encodable {
    let statements: [ClassifiedStatement]

    /// Anything that may not stay as it is counts as a loss: somebody has to write it anew.
    var status: ExitStatus { statements.allSatisfy { $0.class == .portable } ? .complete : .losses }

    func show(_ session: Session, again next: [String]) throws -> ExitStatus {
        session.progress.finish()
        if session.isJSON {
            try session.printJSON(self, schema: "outgrow.queries/1", status: status)
        } else {
            for statement in statements { session.terminal.outDocument(text(of: statement)) }
            session.terminal.say(counts)
        }
        session.end(.nothing, next: CommandText.make(next))
        return status
    }

    private var counts: String {
        ClassifiedStatement.Class.allCases.map { kind in
            "\(statements.count { $0.class == kind }) \(Self.words[kind] ?? "")"
        }.joined(separator: ", ")
    }

    private static let words: [ClassifiedStatement.Class: String] = [
        .portable: "portable", .changesMeaning: "with another meaning", .fails: "that fail",
    ]

    /// A script for Postgres whose comments say what was there before.
    private func text(of statement: ClassifiedStatement) -> String {
        var lines = ["-- \(statement.line):\(statement.column) \(statement.class.rawValue)"]
        lines += statement.reasons.map { "--   " + Self.oneLine($0) }
        if statement.class == .portable {
            lines.append(Self.printable(statement.sql) + ";")
        } else {
            lines += Self.printable(statement.sql).split(separator: "\n").map { "-- \($0)" }
            if let form = statement.postgres { lines.append(form) }
        }
        return lines.joined(separator: "\n") + "\n\n"
    }

    private static func oneLine(_ text: String) -> String {
        printable(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Without what could steer a terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    return isControl && scalar != "\n" && scalar != "\t" ? "\u{FFFD}" : scalar
                }))
    }
}

/// The file of `--queries`.
enum StatementFile {
    private static let byteLimit = 64 << 20

    static func read(_ path: String) throws -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw OutgrowError(
                "queries-unreadable", .usage, "The file of --queries cannot be read.", at: path,
                fix: "Name a file with SQL statements.", cause: error.localizedDescription)
        }
        guard data.count <= byteLimit, let text = String(data: data, encoding: .utf8) else {
            throw OutgrowError(
                "queries-unreadable", .usage,
                "The file of --queries is \(data.count > byteLimit ? "larger than 64 MiB" : "not UTF-8").",
                at: path,
                fix: "Split it, or convert it to UTF-8.")
        }
        return text
    }
}
