import Testing

@testable import OutgrowStorage

@Suite struct DatabaseURLTests {
    private typealias Option = DatabaseURL.Option

    @Test(arguments: [
        ("sqlite:app.db", "app.db"),
        ("sqlite:./data/app.db", "./data/app.db"),
        ("sqlite:/srv/app.db", "/srv/app.db"),
        ("sqlite:///srv/app.db", "/srv/app.db"),
        ("sqlite:my%20app%3F%23%25.db", "my app?#%.db"),
        ("sqlite:caf%C3%A9.db", "café.db"),
        ("sqlite:a&b=c.db", "a&b=c.db"),
    ])
    func `a SQLite URL names a file`(_ url: String, _ path: String) throws {
        #expect(try DatabaseURL(url) == .sqlite(.file(path), options: []))
    }

    @Test func `a SQLite URL takes options`() throws {
        #expect(
            try DatabaseURL("sqlite:app.db?mode=ro&readers=8&x=%26%3D")
                == .sqlite(
                    .file("app.db"),
                    options: [
                        Option(name: "mode", value: "ro"), Option(name: "readers", value: "8"),
                        Option(name: "x", value: "&="),
                    ]))
        #expect(
            try DatabaseURL("sqlite::memory:?readers=2")
                == .sqlite(.memory, options: [Option(name: "readers", value: "2")]))
        #expect(try DatabaseURL("sqlite:app.db?") == .sqlite(.file("app.db"), options: []))
    }

    @Test(arguments: [
        (
            "postgres://ada:s3@db:5432/app?sslmode=require", "postgres://ada:s3@db:5432/app?sslmode=require",
            []
        ),
        ("postgresql:///app", "postgresql:///app", []),
        ("postgres://a,b:5433/app?outgrow_pool=20", "postgres://a,b:5433/app", ["pool=20"]),
        (
            "postgres:///app?host=/run/pg%20x&outgrow_pool=20&sslmode=require&outgrow_durability=full",
            "postgres:///app?host=/run/pg%20x&sslmode=require", ["pool=20", "durability=full"]
        ),
        // libpq lets these stand in a password.
        (
            "postgres://ada:a?b&outgrow_pool=1@db/app?outgrow_pool=2",
            "postgres://ada:a?b&outgrow_pool=1@db/app", ["pool=2"]
        ),
        ("postgres://db?outgrow_pool=2", "postgres://db", ["pool=2"]),
        ("host=/run/pg dbname=app", "host=/run/pg dbname=app", []),
        ("  dbname = app", "  dbname = app", []),
    ])
    func `a Postgres URL goes to libpq as it is, without our options`(
        _ url: String, _ conninfo: String, _ options: [String]
    ) throws {
        guard case .postgres(let found, let ours) = try DatabaseURL(url) else {
            Issue.record("not Postgres")
            return
        }
        #expect(found == conninfo)
        #expect(ours.map { "\($0.name)=\($0.value)" } == options)
    }

    @Test(arguments: [
        "", "hunter2", "app.db", "/srv/hunter2.db", "mysql://ada:hunter2@db/app", "sqlite", "sqlite:",
        "sqlite://", "sqlite://hunter2/app.db", "sqlite:?mode=ro", "sqlite:%zz", "sqlite:%", "sqlite:%4",
        "sqlite:%00", "sqlite:%FF.db", "sqlite:hunter2#x", "sqlite:app.db?hunter2", "postgres:/db",
        "postgres:hunter2", "Host=hunter2", "postgres://db/app?outgrow_hunter2", "sqlite:a\0b",
    ])
    func `anything else is refused with examples and without its text`(_ url: String) throws {
        let error = #expect(throws: StorageError.self) { try DatabaseURL(url) }
        let message = error.map(String.init(describing:)) ?? ""
        #expect(message.contains("sqlite:app.db") && message.contains("postgres://user@host:5432/database"))
        #expect(!message.contains("hunter2"))
    }

    @Test(arguments: [
        ("postgres://ada:hunter2@db:5432/app", "postgres://ada@db:5432/app"),
        ("postgres://ada:hun/te@r2@db/app?sslmode=require", "postgres://ada@db/app?sslmode=require"),
        ("postgres://db/app?user=ada&password=hunter2", "postgres://db/app?user=ada"),
        ("postgres://db/app?password=hunter2", "postgres://db/app"),
        ("host=db password=hunter2 dbname=app", "host=db"),
        ("host=db password='hunter2 hunter2'", "host=db"),
        ("host=db password = hunter2", "host=db"),
        ("sqlite:/srv/app.db", "sqlite:/srv/app.db"),
        ("ask Ada", "ask Ada"),
    ])
    func `an address is kept without its password`(_ address: String, _ expected: String) {
        #expect(DatabaseURL.withoutPassword(address) == expected)
    }
}
