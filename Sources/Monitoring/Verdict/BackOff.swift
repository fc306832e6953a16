/// How a writer that finds the lock held waits before it asks again.
package enum BackOff: Sendable, Hashable {
    /// `sqlite3_busy_timeout()`: SQLite's own handler, whose pauses grow from 1 ms to 100 ms.
    case sqlite(busyTimeout: Duration = .seconds(5))
    /// A busy handler that asks at a fixed interval until the same kind of limit.
    case polling(every: Duration = .milliseconds(1), busyTimeout: Duration = .seconds(5))

    /// The pauses of `sqliteDefaultBusyCallback` in SQLite's `main.c`, in milliseconds; the last one repeats.
    private static let pauses: [Int64] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

    /// Microseconds after which the writer gives up with `SQLITE_BUSY`.
    var limit: Int64 {
        switch self {
        case .sqlite(let busyTimeout), .polling(_, let busyTimeout): max(0, busyTimeout.microseconds)
        }
    }

    /// When the writer asks, in microseconds since it asked first; ends with the limit.
    ///
    /// SQLite shortens the pause that would pass the limit, so that the last question comes exactly then.
    func attempts() -> [Int64] {
        let limit = limit
        var attempts: [Int64] = [0]
        var index = 0
        while let last = attempts.last, last < limit {
            attempts.append(min(limit, last + pause(index)))
            index += 1
        }
        return attempts
    }

    private func pause(_ index: Int) -> Int64 {
        switch self {
        case .sqlite: 1000 * Self.pauses[min(index, Self.pauses.count - 1)]
        case .polling(let interval, _): max(1, interval.microseconds)
        }
    }
}

extension Duration {
    /// Whole microseconds, rounded down.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
