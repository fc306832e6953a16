package import PostgresClient

/// How the rows travel. Merged from the options once.
package struct CopySettings: Sendable {
    /// Workers, each with a connection and a thread.
    package var jobs: Int
    package var partByteCount: Int64
    /// The role that owns what is made; nil: the one that connects.
    package var role: String?
    package var copiesRows = true
    package var finishesSchema = true

    package init(jobs: Int, partByteCount: Int64 = 32 << 20, role: String? = nil) {
        self.jobs = jobs
        self.partByteCount = partByteCount
        self.role = role
    }

    /// What every session of a load sets.
    ///
    /// Timeouts of the role must not cut a long COPY; lz4 costs a fifth of pglz where the server has it; a part and
    /// its ledger row vanish together in a crash, so their commits need not wait for the disk. How many processes build an index is decided per index.
    package static func session() -> SessionSettings {
        SessionSettings.standard
            .adding("lock_timeout", "10s")
            .adding("default_toast_compression", "lz4", isRequired: false)
            .adding("synchronous_commit", "off", isRequired: false)
            .adding("max_parallel_maintenance_workers", "0", isRequired: false)
            .adding("maintenance_work_mem", "256MB", isRequired: false)
    }
}
