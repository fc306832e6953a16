/// Which server, database and user a connection has reached; for messages.
package struct PostgresEndpoint: Sendable, Equatable, CustomStringConvertible {
    package var database: String
    /// A host name, an address or a socket folder; nil for libpq's own socket folder.
    package var host: String?
    package var port: String
    package var user: String

    package init(database: String, host: String?, port: String, user: String) {
        self.database = database
        self.host = host
        self.port = port
        self.user = user
    }

    package var description: String {
        Conninfo.describe(database: database, host: host, port: port, user: user)
    }
}

extension Conninfo {
    package var endpoint: PostgresEndpoint {
        PostgresEndpoint(database: database, host: host, port: port, user: user)
    }
}
