internal import Diagnostics
internal import Foundation
internal import Monitoring
internal import SQLiteClient

/// What a watch tells other programs: metrics and a status.
enum WatchReport {
    static let metricsType = MetricsText.contentType

    static func metrics(_ board: WatchBoard) -> String {
        let history = board.history
        let health = MonitorHealth(
            version: toolVersion, sqliteVersion: sqliteLibraryVersion,
            historyIsReachable: history.place == nil ? nil : history.isReachable,
            historyWaiting: history.waiting, historyDropped: history.dropped)
        return MetricsText.render(board.all.map(\.monitored), health)
    }

    private struct Status: Encodable {
        var schema = "outgrow.status/1"
        var databases: [WatchedState]
        var history: HistoryHealth
    }

    /// The whole board as JSON.
    static func status(_ board: WatchBoard) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let status = Status(databases: board.all, history: board.history)
        return String(decoding: try encoder.encode(status), as: UTF8.self) + "\n"
    }
}

extension WatchedState {
    var monitored: MonitoredDatabase {
        MonitoredDatabase(
            name: name, isUp: !isMissing, live: live, totals: totals, minute: minute,
            state: verdict?.state ?? .unknown, databaseByteCount: databaseByteCount, saturation: saturation)
    }
}

/// The metrics as a file that node_exporter's textfile collector reads.
/// https://github.com/prometheus/node_exporter#textfile-collector
struct MetricsFile: Sendable {
    let folder: String

    static let name = "outgrow.prom"

    /// A reader sees the old file or the new one, never a part.
    func write(_ board: WatchBoard) throws {
        let path = "\(folder)/\(Self.name)"
        do {
            let isNew = !FileManager.default.fileExists(atPath: path)
            // Written beside it under a name that the collector does not read, then renamed; the mode stays.
            try Data(WatchReport.metrics(board).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            if isNew {
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            }
        } catch {
            throw OutgrowError(
                "textfile-unwritable", .target, "The file with the metrics cannot be written.", at: path,
                fix: "Make the folder, and let this user write to it.", cause: error.localizedDescription)
        }
    }
}
