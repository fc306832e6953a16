#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A minute as the history keeps it: the figures that the rules look at as columns, all else as text.
///
/// A verdict reads thousands of minutes and the text of a few, so a month of them costs milliseconds.
package struct KeptMinute: Sendable, Hashable {
    /// Seconds since 1970.
    package var start: Int64
    package var observed: Double
    package var ticks: Int
    package var busyFraction: Double
    package var commits: Int
    /// Seconds of the longest hold.
    package var longestHold: Double
    package var judgedShare: Double
    package var stallShare: Double
    package var feltShare: Double
    package var waitP99: Double
    package var writerProcesses: Int
    package var lockingProcesses: Int
    package var writersAreAtLeast: Bool
    package var pendingPages: Int?
    /// Why writers waited, as JSON; nil when nothing explains it or nothing had to be explained.
    package var causes: String?
    /// What else was seen, as JSON; nil where it was not asked for.
    package var detail: String?

    /// Only what makes a minute active, idle or bad.
    package init(
        start: Int64, observed: Double, ticks: Int, busyFraction: Double, commits: Int, longestHold: Double,
        judgedShare: Double
    ) {
        self.start = start
        self.observed = observed
        self.ticks = ticks
        self.busyFraction = busyFraction
        self.commits = commits
        self.longestHold = longestHold
        self.judgedShare = judgedShare
        (stallShare, feltShare, waitP99) = (0, 0, 0)
        (writerProcesses, lockingProcesses, writersAreAtLeast) = (0, 0, false)
    }

    package init(_ record: MinuteRecord) {
        self.init(
            start: record.start, observed: record.observed, ticks: record.ticks,
            busyFraction: record.busyFraction, commits: record.commits,
            longestHold: record.longestHold?.duration ?? 0, judgedShare: record.judgedShare)
        stallShare = record.stallShare
        feltShare = record.feltShare
        waitP99 = record.waitP99
        writerProcesses = record.writerProcesses
        lockingProcesses = record.lockingProcesses
        writersAreAtLeast = record.writersAreAtLeast
        pendingPages = record.pendingPages
        if !record.causes.isEmpty || record.ifAllFixed != nil {
            causes = Self.text(Explained(causes: record.causes, ifAllFixed: record.ifAllFixed))
        }
        detail = Self.text(MinuteDetail(record))
    }

    /// The minute for the rules; what was not read is empty.
    package var record: MinuteRecord {
        let detail = Self.value(MinuteDetail.self, in: detail) ?? MinuteDetail()
        var record = MinuteRecord(
            start: start, observed: observed, ticks: ticks, missedTicks: detail.missedTicks ?? 0,
            journalMode: detail.journalMode ?? "", busyFraction: busyFraction, commits: commits,
            longestHold: longestHold > 0
                ? detail.longestHold ?? HoldEpisode(start: 0, duration: longestHold) : nil,
            longestHolder: detail.longestHolder, longHolds: detail.longHolds ?? [], stallShare: stallShare,
            stallShareIfPolled: detail.stallShareIfPolled ?? 0, waitP50: detail.waitP50 ?? 0,
            waitP95: detail.waitP95 ?? 0, waitP99: waitP99, waitMaximum: detail.waitMaximum ?? 0,
            waits: detail.waits, checkpointBusySeconds: detail.checkpointBusySeconds ?? 0,
            longestCheckpoint: detail.longestCheckpoint ?? 0, pendingPages: pendingPages,
            walByteCount: detail.walByteCount, walRestarts: detail.walRestarts ?? 0,
            oldestReaderSeconds: detail.oldestReaderSeconds, oldestReader: detail.oldestReader,
            writerProcesses: writerProcesses, writersAreAtLeast: writersAreAtLeast,
            counterResets: detail.counterResets ?? 0, blindSpots: detail.blindSpots ?? [])
        record.holdTime = detail.holdTime ?? 0
        record.ordinaryHold = detail.ordinaryHold ?? 0
        record.judgedShare = judgedShare
        record.feltShare = feltShare
        record.lockingProcesses = lockingProcesses
        record.holders = detail.holders ?? []
        if let explained = Self.value(Explained.self, in: causes) {
            record.causes = explained.causes
            record.ifAllFixed = explained.ifAllFixed
        }
        return record
    }

    private struct Explained: Codable {
        var causes: [Cause]
        var ifAllFixed: Prediction?
    }

    private static func text(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            // A number that JSON has no form for: the columns say what matters.
            return nil
        }
    }

    private static func value<Value: Decodable>(_ type: Value.Type, in text: String?) -> Value? {
        guard let text else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            // Written by another version of this program: the columns say what matters.
            return nil
        }
    }
}

/// What reports show of a minute and no rule adds up. All of it may be missing: another version wrote it.
private struct MinuteDetail: Codable {
    var missedTicks: Int?
    var journalMode: String?
    var longestHold: HoldEpisode?
    var longestHolder: String?
    var longHolds: [HoldEpisode]?
    var stallShareIfPolled: Double?
    var waitP50: Double?
    var waitP95: Double?
    var waitMaximum: Double?
    var waits: String?
    var checkpointBusySeconds: Double?
    var longestCheckpoint: Double?
    var walByteCount: Int64?
    var walRestarts: Int?
    var oldestReaderSeconds: Double?
    var oldestReader: Int32?
    var counterResets: Int?
    var blindSpots: [String]?
    var holdTime: Double?
    var ordinaryHold: Double?
    var holders: [HolderTime]?

    init() {}

    init(_ record: MinuteRecord) {
        missedTicks = record.missedTicks
        journalMode = record.journalMode
        longestHold = record.longestHold
        longestHolder = record.longestHolder
        longHolds = record.longHolds
        stallShareIfPolled = record.stallShareIfPolled
        waitP50 = record.waitP50
        waitP95 = record.waitP95
        waitMaximum = record.waitMaximum
        waits = record.waits
        checkpointBusySeconds = record.checkpointBusySeconds
        longestCheckpoint = record.longestCheckpoint
        walByteCount = record.walByteCount
        walRestarts = record.walRestarts
        oldestReaderSeconds = record.oldestReaderSeconds
        oldestReader = record.oldestReader
        counterResets = record.counterResets
        blindSpots = record.blindSpots
        holdTime = record.holdTime
        ordinaryHold = record.ordinaryHold
        holders = record.holders
    }
}
