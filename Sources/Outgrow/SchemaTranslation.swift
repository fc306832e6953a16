internal import Diagnostics
internal import PostgresDDL
package import Schema

/// The Postgres DDL for a source, and the findings; no server is asked.
package struct SchemaTranslation: Sendable {
    package let source: String
    package let options: PlanOptions
    package let pinnedPlan: MigrationPlan?
    package let observer: StoryObserver

    package init(
        source: String, options: PlanOptions, pinnedPlan: MigrationPlan? = nil,
        observer: @escaping StoryObserver = { _ in }
    ) {
        self.source = source
        self.options = options
        self.pinnedPlan = pinnedPlan
        self.observer = observer
    }

    /// Scans the source, as a migration would, and returns the plan with its script for `psql -f`.
    package func run() async throws -> (plan: MigrationPlan, script: String) {
        try await OpenSource.withOpen(source, observer: observer) { open in
            let inspection = try await SourceInspection(
                source: open, options: options, pinned: pinnedPlan, observer: observer
            ).run()
            let plan = Planning(inspection: inspection, pinned: pinnedPlan).plan()
            return (plan, PostgresDDL.script(for: plan.target))
        }
    }
}
