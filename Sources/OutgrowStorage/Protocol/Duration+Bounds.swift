extension Duration {
    /// At least zero and at most a century: clocks and timers trap on instants that no count of seconds can
    /// hold, and `.seconds(Int64.max)` is a usual way to write “without end”.
    var bounded: Duration { min(max(self, .zero), .seconds(3_155_760_000)) }
}
