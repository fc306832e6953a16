extension PostgresStorage {
    /// How a storage on Postgres connects and how many connections it holds.
    public struct Configuration: Sendable {
        /// How many connections there are at most. More than the server has processors seldom helps.
        public var maximumConnections = 10
        /// How long a transaction waits for a connection before ``StorageError/Kind/poolTimeout``; nil waits without
        /// end.
        public var acquireTimeout: Duration? = .seconds(30)
        /// How long connecting may take, for each host of a list; at least two seconds. A `connect_timeout` in the
        /// connection string goes before.
        public var connectTimeout: Duration = .seconds(10)
        /// How old a connection may get before it is replaced, so that a changed address of the server is noticed;
        /// nil for any age.
        public var lifetime: Duration? = .seconds(3600)
        /// A random part of this is taken off the lifetime, so that connections do not all end at the same time.
        public var lifetimeJitter: Duration = .seconds(360)
        /// How long a connection may rest before ``PostgresStorage/run()`` closes it; nil keeps it.
        public var idleTimeout: Duration? = .seconds(60)
        /// A connection that rested longer than this is asked whether it is well before it is used.
        public var healthCheckAfter: Duration = .seconds(1)
        /// How many prepared statements each connection keeps on the server.
        ///
        /// 0 keeps none and sends every statement unnamed, as a pooler in transaction mode (PgBouncer before 1.21)
        /// needs it. https://www.postgresql.org/docs/current/sql-prepare.html
        public var statementCacheSize = 256
        /// The name that `pg_stat_activity` shows; nil leaves it to the connection string.
        public var applicationName: String?
        /// SQL that is run on every new connection, outside of any transaction: `SET search_path TO app`.
        public var preparation: SQL?

        /// The defaults, which suit a server application.
        public init() {}
    }
}
