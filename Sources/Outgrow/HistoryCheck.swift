internal import Diagnostics
internal import Foundation
internal import Monitoring
internal import SQLiteClient

/// Which history a verdict came from.
package struct CheckedHistory: Sendable, Encodable {
    /// Without a password.
    package var place: String
    /// Seconds since 1970: when the oldest minute began and the newest ended.
    package var start: Int64
    package var end: Int64
}

/// `check` from what a watch has kept, without a look at the database's locks.
struct HistoryCheck: Sendable {
    enum Outcome: Sendable {
        case verdict(CheckReport)
        /// Nothing to go by; with the reason, when there is something worth saying.
        case nothing(String?)
    }

    /// A watch that is at work has written a minute within this time.
    static let freshSeconds: Int64 = 180

    private let request: Check.Request

    init(_ request: Check.Request) { self.request = request }

    func run() async throws -> Outcome {
        guard !request.ignoresHistory else { return .nothing(nil) }
        let files = try SourceFiles.look(at: request.source)
        let place: HistoryPlace
        do {
            place = try HistoryPlace(request.history)
        } catch  where request.history == nil {
            // Without a home there is no usual place, and nothing was asked for.
            return .nothing(nil)
        }
        try place.requireOther(than: [files])
        do {
            guard let store = try await HistoryStore.openForReading(place) else {
                return .nothing(
                    request.history.map { _ in "There is no history yet at \(place.description)." })
            }
            let key = HistoryStore.Key(host: HistoryPlace.hostName, path: files.path)
            let outcome = try await judge(key, files, in: store, place)
            await store.close()
            return outcome
        } catch  where request.history == nil {
            let error = OutgrowError(describing: error)
            return .nothing("The history at \(place.description) could not be read: \(error.summary)")
        }
    }

    private func judge(
        _ key: HistoryStore.Key, _ files: SourceFiles, in store: HistoryStore, _ place: HistoryPlace
    ) async throws -> Outcome {
        let now = Watch.now
        let history = try await store.recall(key, now: now, rules: request.rules)
        guard let start = history.firstStart, let end = history.lastEnd else {
            let isKnown = history.firstStart != nil
            guard request.history != nil || isKnown else { return .nothing(nil) }
            return .nothing(
                "The history at \(place.description) holds nothing recent of this database on this machine.")
        }
        guard end >= now - Self.freshSeconds else {
            let age = Self.age(now - end)
            return .nothing(
                "The history at \(place.description) ends \(age) ago: no watch keeps it at the moment.")
        }
        var report = CheckReport(history, files, request.rules, now: now)
        report.history = CheckedHistory(place: place.description, start: start, end: end)
        return .verdict(report)
    }

    private static func age(_ seconds: Int64) -> String {
        if seconds < 7200 { return "\(seconds / 60) minutes" }
        return seconds < 2 * 86400 ? "\(seconds / 3600) hours" : "\(seconds / 86400) days"
    }
}

extension CheckReport {
    /// The verdict over days, and the last hour for the rest.
    fileprivate init(
        _ history: RecalledHistory, _ files: SourceFiles, _ rules: VerdictRules, now: Int64
    ) {
        self.init(source: files.path, windows: [], wasCutShort: false, rules: rules)
        verdict = HistoryVerdict.judge(history.minutes, now: now, rules: rules)
        forecast =
            RecalledHistory.forecast(
                from: history.quarters, holdTime: verdict.figures.holdTime, now: now, rules: rules
            ).sentence
        minutes = history.minutes.filter { $0.start >= now - 3600 }
        commits = minutes.reduce(0) { $0 + $1.commits }
        seconds = minutes.reduce(0) { $0 + $1.observed }
        holders = Self.holders(of: minutes)
        pageSize = files.header.pageSize
        databaseByteCount = files.byteCount
        blindSpots = minutes.last?.blindSpots ?? []
    }

    private static func holders(of minutes: [MinuteRecord]) -> [LockHolder] {
        var totals: [Int32: LockHolder] = [:]
        for time in minutes.flatMap(\.holders) {
            var holder = totals[time.process] ?? LockHolder(process: time.process)
            holder.name = time.executable ?? holder.name
            holder.busySeconds += time.seconds
            holder.longestHold = max(holder.longestHold, time.longest)
            totals[time.process] = holder
        }
        return totals.values.sorted { ($0.busySeconds, $1.process) > ($1.busySeconds, $0.process) }
    }
}
