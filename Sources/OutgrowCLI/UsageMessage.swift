internal import ArgumentParser
internal import Foundation

/// What is said when the command line itself is answered: help, version, or what is wrong with it.
enum UsageMessage {
    /// Help never depends on the terminal, so that it can be quoted and compared.
    static let columns = 80

    /// Says it, and returns the exit status. `--help` and `--version` are results; all else is wrong usage.
    static func show(_ error: any Error, _ arguments: [String]) -> Int32 {
        let terminal = Terminal()
        let text = OutgrowCommand.fullMessage(for: error, columns: columns)
        guard OutgrowCommand.exitCode(for: error) != .success else {
            terminal.outDocument(text.trimmedLines + "\n")
            return ExitStatus.complete.rawValue
        }
        let help = helpCommand(in: text)
        if let unknown = unknownCommand(in: arguments) {
            terminal.complain("error: There is no command \"\(unknown)\". [usage]", .error)
            let meant = nearest(to: unknown)
            terminal.complain(
                "  fix: "
                    + (meant.map { "Did you mean: outgrow \($0)" }
                        ?? "Name one of: \(names.joined(separator: ", "))"))
        } else {
            let message = OutgrowCommand.message(for: error).split(separator: "\n").map(String.init)
            terminal.complain(
                "error: \((message.first ?? "The command line is not understood.").asSentence) [usage]",
                .error)
            for line in message.dropFirst() { terminal.complain("       \(line)") }
            for line in text.split(separator: "\n") where line.hasPrefix("Usage: ") {
                terminal.complain("  use: \(line.dropFirst(7))")
            }
            terminal.complain("  fix: Correct the command line; the options are listed by: \(help)")
        }
        terminal.complain("state: nothing; next: \(help)", .dim)
        return ExitStatus.usage.rawValue
    }

    private static let names = OutgrowCommand.configuration.subcommands.compactMap {
        $0.configuration.shouldDisplay ? $0.configuration.commandName : nil
    }

    /// The first word, when it should be a command and is none.
    private static func unknownCommand(in arguments: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help", !names.contains(first)
        else { return nil }
        return first
    }

    /// `  See 'outgrow verify --help' for more information.`
    private static func helpCommand(in text: String) -> String {
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("  See '") }),
            let end = line.lastIndex(of: "'")
        else { return "outgrow --help" }
        return String(line[..<end].dropFirst(7))
    }

    /// The command that was probably meant: at most two letters away, or begun like it.
    static func nearest(to word: String) -> String? {
        let byDistance = names.map { (name: $0, distance: distance(from: word, to: $0)) }.min {
            $0.distance < $1.distance
        }
        if let byDistance, byDistance.distance <= 2 { return byDistance.name }
        return names.first { word.count >= 2 && $0.hasPrefix(word) }
    }

    /// Letters to insert, remove or replace (Levenshtein).
    private static func distance(from one: String, to other: String) -> Int {
        let letters = Array(other)
        var row = Array(0...letters.count)
        for (index, letter) in one.enumerated() {
            var previous = row[0]
            row[0] = index + 1
            for column in letters.indices {
                let above = row[column + 1]
                row[column + 1] = min(
                    above + 1, row[column] + 1, previous + (letters[column] == letter ? 0 : 1))
                previous = above
            }
        }
        return row[letters.count]
    }
}

extension String {
    /// Without spaces at the ends of lines, which help text has where a column is empty.
    fileprivate var trimmedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    fileprivate var asSentence: String { last.map { ".?!".contains($0) } == true ? self : self + "." }
}
