internal import Diagnostics
internal import Monitoring

/// Writes minutes to the history, and keeps those that cannot be written until they can.
///
/// The history may be away for as long as it likes: a full disk, a server that is down. Sampling goes on; up to
/// ``limit`` minutes wait, and the oldest give way.
actor HistoryKeeper {
    /// A day of one database: some megabytes.
    static let limit = 1440

    private let place: HistoryPlace
    private let rules: VerdictRules
    private let report: @Sendable (HistoryHealth) -> Void
    private var store: HistoryStore?
    private var waiting: [(HistoryStore.Key, KeptMinute)] = []
    private var health: HistoryHealth
    private var rolledUpAt: Int64 = 0

    init(_ place: HistoryPlace, rules: VerdictRules, report: @escaping @Sendable (HistoryHealth) -> Void) {
        self.place = place
        self.rules = rules
        self.report = report
        health = HistoryHealth()
        health.place = place.description
    }

    /// What is kept of a database; nil when that cannot be had now.
    func recall(_ key: HistoryStore.Key, now: Int64) async -> RecalledHistory? {
        await attempt { try await $0.recall(key, now: now, rules: rules) }
    }

    /// Takes a minute and writes it with all that wait.
    func keep(_ minute: KeptMinute, of key: HistoryStore.Key) async {
        waiting.append((key, minute))
        if waiting.count > Self.limit {
            health.dropped += waiting.count - Self.limit
            waiting.removeFirst(waiting.count - Self.limit)
        }
        await flush()
    }

    private func flush() async {
        // Not all at once: a server that was away gets them in portions.
        while !waiting.isEmpty {
            let portion = Array(waiting.prefix(200))
            guard await attempt({ try await $0.append(portion) }) != nil else { break }
            waiting.removeFirst(portion.count)
        }
        tell()
    }

    /// Once an hour, what is old is added up.
    func rollUp(now: Int64) async {
        guard now >= rolledUpAt + 3600 else { return }
        if await attempt({ try await $0.rollUp(now: now, rules: rules) }) != nil { rolledUpAt = now }
    }

    func close() async {
        if !waiting.isEmpty { await flush() }
        await store?.close()
        store = nil
    }

    /// Runs `body` on the open history; nil when that failed, and then it is opened anew the next time.
    private func attempt<Result: Sendable>(
        _ body: (HistoryStore) async throws -> Result
    ) async -> Result? {
        do {
            let store = try await opened()
            let result = try await body(store)
            (health.isReachable, health.problem) = (true, nil)
            return result
        } catch {
            let error = OutgrowError(describing: error)
            health.isReachable = false
            health.problem = error.summary + (error.cause.map { " (\($0))" } ?? "")
            await store?.close()
            store = nil
            tell()
            return nil
        }
    }

    private func opened() async throws -> HistoryStore {
        if let store { return store }
        let opened = try await HistoryStore.open(place)
        store = opened
        return opened
    }

    private func tell() {
        health.waiting = waiting.count
        report(health)
    }
}
