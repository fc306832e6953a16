internal import CoreMetrics
internal import Synchronization

/// The metrics of one storage, made once for each combination of dimensions that occurs.
///
/// Names and units are those of `docs/reference/storage-metrics.md`.
final class StorageInstruments: Sendable {
    /// What tells one series from another. All of them are words of the program, never values.
    struct Series: Hashable {
        var name: String
        var access: String
        var label: String
        /// The name and value of one more dimension.
        var detail: [String] = []
    }

    private struct Instruments {
        var timers: [Series: Timer] = [:]
        var counters: [Series: Counter] = [:]
    }

    private let backend: String
    private let factory: any MetricsFactory
    private let instruments = Mutex(Instruments())

    init(backend: String, factory: any MetricsFactory) {
        self.backend = backend
        self.factory = factory
    }

    func record(_ duration: Duration, _ series: Series) {
        let timer = instruments.withLock { instruments in
            if let timer = instruments.timers[series] { return timer }
            let timer = Timer(label: series.name, dimensions: dimensions(of: series), factory: factory)
            instruments.timers[series] = timer
            return timer
        }
        timer.recordNanoseconds(duration.nanoseconds)
    }

    func count(_ series: Series, by amount: Int = 1) {
        let counter = instruments.withLock { instruments in
            if let counter = instruments.counters[series] { return counter }
            let counter = Counter(label: series.name, dimensions: dimensions(of: series), factory: factory)
            instruments.counters[series] = counter
            return counter
        }
        counter.increment(by: amount)
    }

    private func dimensions(of series: Series) -> [(String, String)] {
        var dimensions = [("backend", backend), ("access", series.access), ("label", series.label)]
        if series.detail.count == 2 { dimensions.append((series.detail[0], series.detail[1])) }
        return dimensions
    }
}

extension Duration {
    /// Rounded down; the largest integer when it is longer than 292 years.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ attoseconds / 1_000_000_000
    }
}
