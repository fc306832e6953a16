#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// What only a call of the system's tells, or tells with less.
enum RawSystem {
    /// Columns and rows of the terminal on standard output; nil when there is none.
    static var screenSize: (columns: Int, rows: Int)? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1,
            unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// `2026-11-29T20:41:00Z`, of seconds since 1970.
    ///
    /// Foundation's formats take megabytes, and a watch writes one a minute for months.
    static func instant(_ seconds: Int64) -> String {
        var (time, parts) = unsafe (time_t(seconds), tm())
        _ = unsafe gmtime_r(&time, &parts)
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            unsafe text.initialize(repeating: 0)
            guard let start = text.baseAddress else { return "" }
            _ = unsafe strftime(start, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
            return unsafe String(cString: start)
        }
    }
}
