/// All metrics in Prometheus' text format, version 0.0.4.
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
package enum MetricsText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package static func render(_ databases: [MonitoredDatabase], _ health: MonitorHealth) -> String {
        var text = ""
        for metric in Metric.all {
            let lines = databases.flatMap { Self.lines(metric, $0) }
            // A family without samples is left out, as nothing is known.
            guard !lines.isEmpty else { continue }
            text += head(metric.name, metric.kind, metric.help)
            for line in lines { text += line + "\n" }
        }
        return text + lines(health)
    }

    private static func head(_ name: String, _ kind: Metric.Kind, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private static func lines(_ metric: Metric, _ database: MonitoredDatabase) -> [String] {
        let label = "db=\"\(escaped(database.name))\""
        switch metric.value(database) {
        case .none: return []
        case .number(let number): return ["\(metric.name){\(label)} \(text(number))"]
        case .labeled(let name, let values):
            return values.map { "\(metric.name){\(label),\(name)=\"\($0.0)\"} \(text($0.1))" }
        case .histogram(let histogram): return lines(metric, label, histogram)
        case .labeledHistogram(let name, let value, let histogram):
            return lines(metric, "\(label),\(name)=\"\(value)\"", histogram)
        }
    }

    private static func lines(
        _ metric: Metric, _ labels: String, _ histogram: MetricHistogram
    ) -> [String] {
        let buckets = zip(MetricHistogram.bounds, histogram.counts).map {
            "\(metric.name)_bucket{\(labels),le=\"\(text($0))\"} \($1)"
        }
        return buckets + [
            "\(metric.name)_bucket{\(labels),le=\"+Inf\"} \(histogram.count)",
            "\(metric.name)_sum{\(labels)} \(text(histogram.sum))",
            "\(metric.name)_count{\(labels)} \(histogram.count)",
        ]
    }

    private static func lines(_ health: MonitorHealth) -> String {
        var text =
            head("sqlite_monitor_build_info", .gauge, "The program that measures; always 1.")
            + "sqlite_monitor_build_info{version=\"\(escaped(health.version))\","
            + "sqlite=\"\(escaped(health.sqliteVersion))\"} 1\n"
        guard let isReachable = health.historyIsReachable else { return text }
        let rows: [(String, Metric.Kind, String, Int)] = [
            (
                "sqlite_monitor_history_up", .gauge, "1 while minutes reach the history.",
                isReachable ? 1 : 0
            ),
            (
                "sqlite_monitor_history_waiting_records", .gauge, "Minutes that wait to be written.",
                health.historyWaiting
            ),
            (
                "sqlite_monitor_history_dropped_records_total", .counter,
                "Minutes that were given up because too many waited.", health.historyDropped
            ),
        ]
        for (name, kind, help, value) in rows { text += head(name, kind, help) + "\(name) \(value)\n" }
        return text
    }

    /// A label's value: a file name may hold anything.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// `1`, `0.025`, `1.5e+09` as Go's `ParseFloat` reads them.
    private static func text(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf" }
        if number.rounded() == number, abs(number) < 1e15 { return "\(Int64(number))" }
        return "\(number)"
    }
}
