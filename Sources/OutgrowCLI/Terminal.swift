internal import Foundation
internal import Synchronization

/// The only door to standard output and standard error.
///
/// What is written here may hold names from a hostile file: control characters,
/// escape sequences and text-direction marks are shown, never obeyed.
struct Terminal: Sendable {
    var isQuiet = false
    let isInteractive: Bool
    let usesColor: Bool
    private let output = OutputWatch()

    /// Why a part of the result could not be written; nil when all was, or when nobody wants it any more.
    var outputFailure: String? { output.failure.withLock(\.self) }

    init(isQuiet: Bool = false, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.isQuiet = isQuiet
        isInteractive = isatty(STDERR_FILENO) == 1
        usesColor = isInteractive && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    enum Style: String { case plain = "", error = "31", warning = "33", command = "36", dim = "2" }

    /// A line of the result.
    func out(_ line: String = "") { write(Self.shown(line) + "\n", to: STDOUT_FILENO) }

    /// A whole document of our own making, such as DDL or JSON, as it is.
    func outDocument(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// A line for the person at the terminal.
    func say(_ line: String, _ style: Style = .plain) {
        guard !isQuiet else { return }
        complain(line, style)
    }

    /// A line that not even `--quiet` silences.
    func complain(_ line: String, _ style: Style = .plain) {
        let text = Self.shown(line)
        let painted = usesColor && style != .plain ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
        write((isInteractive ? "\r\u{1B}[K" : "") + painted + "\n", to: STDERR_FILENO)
    }

    /// Replaces the current line of an interactive terminal.
    func show(_ line: String) {
        guard isInteractive, !isQuiet else { return }
        write("\r\u{1B}[K" + String(Self.shown(line).prefix(100)), to: STDERR_FILENO)
    }

    func clearLine() {
        guard isInteractive, !isQuiet else { return }
        write("\r\u{1B}[K", to: STDERR_FILENO)
    }

    private func write(_ text: String, to descriptor: Int32) {
        // A reader that went away (`| head`) must not end a migration; its output is simply not wanted any more.
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            guard descriptor == STDOUT_FILENO, OutputWatch.isLoss(error) else { return }
            output.failure.withLock { $0 = $0 ?? error.localizedDescription }
        }
    }

    /// The text with everything that would steer a terminal written as an escape.
    static func shown(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSteering) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isSteering(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// What became of standard output, shared by the copies of a `Terminal`.
private final class OutputWatch: Sendable {
    let failure = Mutex<String?>(nil)

    /// A full or broken disk loses the result. A pipe that was closed, or a stream that was never open, loses nothing.
    static func isLoss(_ error: any Error) -> Bool {
        if (error as? CocoaError)?.code == .fileWriteOutOfSpace { return true }
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return cause.domain == NSPOSIXErrorDomain && [ENOSPC, EDQUOT, EFBIG, EIO].contains(Int32(cause.code))
    }
}
