internal import SQLiteSyntax
package import Schema
internal import Translation

/// `outgrow translate --queries`: what becomes of the statements that an application sends.
package struct StatementTranslation: Sendable {
    private let source: String
    private let options: PlanOptions
    private let pinnedPlan: MigrationPlan?
    private let observer: StoryObserver

    package init(
        source: String, options: PlanOptions, pinnedPlan: MigrationPlan? = nil,
        observer: @escaping StoryObserver = { _ in }
    ) {
        self.source = source
        self.options = options
        self.pinnedPlan = pinnedPlan
        self.observer = observer
    }

    /// Scans the source, as a migration would: what a statement means depends on the types that are chosen.
    ///
    /// - Parameter script: the statements, one after the other.
    package func run(_ script: String) async throws -> [ClassifiedStatement] {
        try await OpenSource.withOpen(source, observer: observer) { open in
            let inspection = try await SourceInspection(
                source: open, options: options, pinned: pinnedPlan, observer: observer
            ).run()
            let plan = Planning(inspection: inspection, pinned: pinnedPlan).plan()
            let classification = QueryClassification(plan: plan)
            let statements = Translator.statements(
                of: Script(script), for: inspection.schema, options: plan.options)
            return statements.map(classification.classified)
        }
    }
}
