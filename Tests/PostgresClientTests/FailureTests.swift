import Diagnostics
import PostgresClient
import Testing

@Suite("Failures of the server")
struct FailureTests {
    let endpoint = PostgresEndpoint(database: "app", host: "localhost", port: "5432", user: "Ada")

    @Test(arguments: [
        ("permission denied for schema public", "GRANT USAGE, CREATE ON SCHEMA public TO \"Ada\";"),
        ("permission denied for database My App", "GRANT CREATE ON DATABASE \"My App\" TO \"Ada\";"),
        ("permission denied for table orders", "ON TABLE orders TO \"Ada\";"),
        ("must be owner of table orders", "Connect as the owner of table orders"),
        ("permission denied to set parameter", "Let the owner grant Ada"),
    ])
    func `a missing right names the GRANT`(_ message: String, _ remedy: String) {
        let failure = PostgresFailure(sqlState: "42501", primary: message)
        let error = failure.outgrowError(at: endpoint)
        #expect(error.code == "target-permission")
        #expect(error.remedy.contains(remedy))
    }

    @Test(arguments: [
        ("28P01", "target-authentication"), ("3D000", "target-missing-database"),
        ("53100", "target-disk-full"),
        ("53300", "target-connections"), ("55P03", "target-lock-timeout"), ("57014", "target-canceled"),
        ("57P01", "target-lost"), ("57P03", "target-unreachable"), ("08006", "target-lost"),
        ("22003", "target-refused-value"), ("22021", "target-refused-text"), ("23505", "target-constraint"),
        ("XX001", "target-broken"), ("42601", "target-error"),
    ])
    func `each SQLSTATE has its code`(_ state: String, _ code: String) {
        let error = PostgresFailure(sqlState: state, primary: "x").outgrowError(at: endpoint)
        #expect(error.code.rawValue == code)
        #expect(error.causeCode == state)
        #expect(error.kind == OutgrowError.Kind.target)
        #expect(!error.remedy.contains("{"))
        #expect(error.remedy.hasSuffix(".") || error.remedy.hasSuffix(" app") || error.remedy.hasSuffix(";"))
    }

    @Test(arguments: [
        (
            "22P02", #"invalid input syntax for type integer: "s3cret""#,
            "invalid input syntax for type integer: …"
        ),
        (
            "22003", #"value "s3cret" is out of range for type bigint"#,
            "value … is out of range for type bigint"
        ),
        ("22P02", #"invalid input syntax: "a "s3cret" b""#, "invalid input syntax: …"),
        ("22P02", "syntaxe en entrée invalide : « s3cret »", "syntaxe en entrée invalide : …"),
        ("42P01", #"relation "orders" does not exist"#, #"relation "orders" does not exist"#),
    ])
    func `messages about values do not quote them`(_ state: String, _ message: String, _ shown: String) {
        let failure = PostgresFailure(sqlState: state, primary: message)
        #expect(failure.outgrowError(at: endpoint).cause == shown)
        #expect(failure.outgrowError(at: endpoint, showingValues: true).cause == message)
    }
}
