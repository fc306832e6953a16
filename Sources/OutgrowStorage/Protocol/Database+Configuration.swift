public import Logging

extension Database {
    /// How ``open(_:_:)`` sets a database up. Every value has a default that suits a server application.
    public struct Configuration: Sendable {
        /// Where slow transactions, failures and repetitions are logged; nil logs nothing.
        public var logger: Logger?
        /// From which time on a transaction is logged as slow; nil for never.
        public var slowTransactionThreshold: Duration? = .seconds(1)
        /// Whether metrics are recorded (`docs/reference/storage-metrics.md`).
        public var recordsMetrics = true
        /// How conflicts are repeated.
        public var retry = RetryPolicy.standard
        /// When to look whether the database was moved away; nil checks each write on SQLite and the opening on
        /// Postgres, where each check is a round trip.
        public var tombstoneCheck: TombstoneCheck?
        /// Refuses every `write`, on either backend; `?mode=ro` and `?outgrow_mode=ro` set it too.
        public var isReadOnly = false
        /// What is SQLite's own; options of the URL go before it.
        public var sqlite = SQLiteStorage.Configuration()
        /// What is Postgres' own; options of the URL go before it.
        public var postgres = PostgresStorage.Configuration()

        /// The defaults, with a place for the log.
        public init(logger: Logger? = nil) { self.logger = logger }
    }
}
