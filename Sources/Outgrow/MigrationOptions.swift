internal import CopyEngine
package import PostgresClient
package import Schema

/// What the user asked for. Merged from flags and environment once, then only read.
package struct MigrationOptions: Sendable {
    package var source: String
    package var target: Conninfo
    package var plan = PlanOptions()
    package var scope: Scope = .everything
    package var jobs: Int
    /// How large a part may be; nil leaves it to the engine.
    package var partByteCount: Int64?
    package var role: String?
    package var ledgerSchema = Ledger.defaultSchema
    /// Drops what our ledger says we made in this schema before.
    package var replaces = false
    /// Stops before anything is touched.
    package var isDryRun = false
    /// A plan that was saved before; it decides instead of `plan`.
    package var pinnedPlan: MigrationPlan?
    /// Where the plan is saved, before anything is done by it.
    package var planDestination: String?
    /// Runs `quick_check` beside the scan.
    package var checksSource = true
    /// Quotes values in messages.
    package var showsValues = false

    package init(source: String, target: Conninfo, jobs: Int) {
        self.source = source
        self.target = target
        self.jobs = jobs
    }

    package enum Scope: String, Sendable, Codable {
        case everything, schemaOnly = "schema-only", dataOnly = "data-only"
    }
}

/// What happens while a story runs, for whoever shows it. Called from many threads.
package enum StoryEvent: Sendable {
    case phase(Phase, expectedRows: Int64?, expectedBytes: Int64?)
    case progress(rows: Int64, bytes: Int64)
    case forecast(Forecast)
    /// A sentence for the user, such as why a private copy is made.
    case note(String)

    package enum Phase: String, Sendable, Codable {
        case inspect, create, copy, finish, verify, start
    }
}

package typealias StoryObserver = @Sendable (StoryEvent) -> Void

/// What is said before anything moves.
package struct Forecast: Sendable, Hashable, Codable {
    package var tables: Int
    package var rows: Int64
    package var bytes: Int64
    /// From a modest rate; the first progress lines know better.
    package var seconds: Double
    package var targetDiskBytes: Int64
    /// Who has the source open, as `process 4711 (myapp)`.
    package var openedBy: String?
    /// What the held snapshot means for the application's writers.
    package var meaning: String
}
