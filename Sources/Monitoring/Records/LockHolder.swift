/// A process that was seen to hold the write lock, and how much of it.
package struct LockHolder: Sendable, Hashable, Codable {
    package var process: Int32
    /// `comm`, read while the process held the lock; nil when it was gone or hidden.
    package var name: String?
    /// The path of the program, where it may be read.
    package var executable: String?
    /// Only when asked for: arguments hold secrets.
    package var arguments: String?
    package var busySeconds: Double = 0
    /// Seconds of its longest single hold.
    package var longestHold: Double = 0
    package var episodes: Int = 0

    package init(process: Int32) { self.process = process }

    /// The program's own name where it is known: `comm` is what a thread calls itself.
    package var shownName: String? {
        executable.map { String($0[($0.lastIndex(of: "/").map($0.index(after:)) ?? $0.startIndex)...]) }
            ?? name
    }
}
