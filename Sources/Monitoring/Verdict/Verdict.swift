/// Whether an application has outgrown its database, and why.
package struct Verdict: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case ok
        case watch
        case fixFirst = "fix_first"
        case outgrown
        case unknown

        /// The word on the screen.
        package var label: String {
            switch self {
            case .ok: "OK"
            case .watch: "WATCH"
            case .fixFirst: "FIX FIRST"
            case .outgrown: "OUTGROWN"
            case .unknown: "UNKNOWN"
            }
        }

        /// The exit status of `outgrow check`, as monitoring plugins have it.
        package var exitStatus: Int32 {
            switch self {
            case .ok: 0
            case .watch, .fixFirst: 1
            case .outgrown: 2
            case .unknown: 3
            }
        }
    }

    package var state: State
    /// From a short window instead of a day's history.
    package var isProvisional: Bool
    /// Why, in one sentence.
    package var explanation: String
    /// Every number that was judged, beside its threshold.
    package var judgements: [Judgement]
    /// The first is the one to look at first.
    package var causes: [Cause]
    /// With every found cause fixed; nil when none was found.
    package var ifAllFixed: Prediction?
    package var figures: Figures

    /// What the verdict rests on, for reports.
    package struct Figures: Sendable, Hashable, Codable {
        package var activeMinutes = 0
        package var badMinutes = 0
        package var idleMinutes = 0
        package var unknownMinutes = 0
        /// The mean of the busiest hour of the last 24, or of the window.
        package var peakBusyFraction = 0.0
        /// Of the bad minutes, or of the whole window when none is bad.
        package var stallShare = 0.0
        /// The same without the writer's own hold.
        package var waitShare = 0.0
        /// As ``MinuteRecord/feltShare``.
        package var feltShare = 0.0
        package var waitP99 = 0.0
        package var commitsPerSecond = 0.0
        package var holdTime = 0.0
        package var writerProcesses = 0
        /// As ``MinuteRecord/lockingProcesses``: what decides.
        package var lockingProcesses = 0
        package var writersAreAtLeast = false
        package var pendingPages: Int?

        /// How many times the peak's writes fit before the lock is full; nil when nothing was written.
        package func headroom(limit: Double = 0.7) -> Double? {
            peakBusyFraction > 0 ? limit / peakBusyFraction : nil
        }
    }
}

/// A number and the threshold that it was held against.
package struct Judgement: Sendable, Hashable, Codable {
    package enum Unit: String, Sendable, Hashable, Codable {
        case ratio, seconds, count, hours, pages
    }

    /// What was measured, in words.
    package var subject: String
    package var value: Double
    package var threshold: Double
    package var unit: Unit
    /// The value is on the bad side of the threshold.
    package var exceeds: Bool

    package init(_ subject: String, _ value: Double, threshold: Double, unit: Unit, exceeds: Bool) {
        self.subject = subject
        self.value = value
        self.threshold = threshold
        self.unit = unit
        self.exceeds = exceeds
    }
}
