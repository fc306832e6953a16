internal import Diagnostics
package import Monitoring
internal import SQLiteClient
internal import Threading

/// `outgrow check`: watches a live database for a while, without touching it, and judges what it saw.
package struct Check: Sendable {
    package struct Request: Sendable {
        package var source: String
        package var seconds: Double = 60
        /// As `HistoryPlace` takes it; nil for the usual file.
        package var history: String?
        /// Samples although a watch keeps a history.
        package var ignoresHistory = false
        /// Arguments of processes hold secrets.
        package var showsArguments = false
        package var rules = VerdictRules()
        /// Only when asked for: nothing else here touches the database.
        package var probe: ProbeKind?

        package init(source: String) { self.source = source }
    }

    private let request: Request

    package init(_ request: Request) { self.request = request }

    /// Reads the history that a watch keeps; without one it watches until the time is over or the task is canceled:
    /// then what was seen until then is judged.
    package func run() async throws -> CheckReport {
        switch try await HistoryCheck(request).run() {
        case .verdict(let report): return report
        case .nothing(let note):
            var report = try await sample()
            report.note = note
            return report
        }
    }

    private func sample() async throws -> CheckReport {
        let stop = StopFlag()
        let request = request
        return try await withTaskCancellationHandler {
            try await onOwnThread(named: "sampler") { try Self.watch(request, until: stop) }
        } onCancel: {
            stop.raise()
        }
    }

    private static func watch(_ request: Request, until stop: StopFlag) throws -> CheckReport {
        var settings = SamplingSettings()
        settings.showsArguments = request.showsArguments
        let probe = try request.probe.map { kind in
            let (link, log) = (ProbeLink(), ProbeLog(kind))
            settings.probe = link
            let path = try SourceFiles.look(at: request.source).path
            return (driver: try ProbeDriver(kind, path: path, link: link, log: log), log: log)
        }
        let sampler = try DatabaseSampler(request.source, settings: settings)
        probe?.driver.start()
        ProgramPages.letGo()
        var windows: [SampleWindow] = []
        var left = request.seconds
        while left > 0, !stop.isRaised {
            // A rest that is too short to be judged goes with the minute before it.
            let length = left < 90 ? left : 60
            windows.append(sampler.observe(seconds: length) { stop.isRaised })
            left -= length
        }
        ProgramPages.letGo()
        probe?.driver.finish()
        return CheckReport(
            source: sampler.path, windows: windows, wasCutShort: stop.isRaised, rules: request.rules,
            probe: probe?.log.take())
    }
}
