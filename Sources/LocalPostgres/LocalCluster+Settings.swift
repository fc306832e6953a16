extension LocalCluster {
    /// How a throw-away cluster is made.
    package struct Settings: Sendable {
        /// Where the cluster's folder is made; nil for the folder of temporary files.
        package var workFolder: String?
        /// How much the cluster is going to hold;
        /// the start fails when there is less room. 0 skips the question.
        package var requiredBytes: Int64 = 0
        /// Server parameters beside those that make it private.
        package var parameters: [String: String]
        /// Lines for pg_hba.conf before the one that lets everybody in who can open the socket.
        package var authenticationRules: [String] = []

        package init(parameters: [String: String]) { self.parameters = parameters }
    }
}

extension LocalCluster.Settings {
    /// For a rehearsal: nothing has to survive a crash, the load is large, and it should be over soon.
    ///
    /// - Without `fsync` and full page images a crash loses the copy, which is a copy.
    /// - `wal_level=minimal` lets COPY into a table made in the same transaction skip the WAL.
    /// - Autovacuum would only get in the way of a load that analyzes at its end.
    package static func rehearsal(requiredBytes: Int64, workFolder: String? = nil) -> LocalCluster.Settings {
        var settings = LocalCluster.Settings(
            parameters: throwAway.merging([
                "shared_buffers": "128MB", "maintenance_work_mem": "256MB", "work_mem": "32MB",
                "max_wal_size": "2GB", "checkpoint_timeout": "30min", "max_connections": "60",
                "wal_level": "minimal", "max_wal_senders": "0",
            ]) { $1 })
        settings.requiredBytes = requiredBytes
        settings.workFolder = workFolder
        return settings
    }

    /// For tests: small, quick to start, and many connections at once.
    package static let tests = LocalCluster.Settings(
        parameters: throwAway.merging([
            "shared_buffers": "32MB", "max_connections": "500", "wal_level": "minimal",
            "max_wal_senders": "0",
        ]) { $1 })

    /// Dynamic shared memory in files of the cluster: containers often have a tiny `/dev/shm`, and
    /// a killed server would leave its segments there.
    private static let throwAway = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
        "dynamic_shared_memory_type": "mmap",
    ]
}
