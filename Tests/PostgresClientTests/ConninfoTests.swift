import Diagnostics
import PostgresClient
import Testing

@Suite("Conninfo")
struct ConninfoTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var target: String
        var redacted: String
        var warns = true
        var testDescription: String { target }
    }

    @Test(arguments: [
        Example(
            target: "postgres://ada:s3cret@db.example:6432/app",
            redacted: "host=db.example port=6432 dbname=app user=ada"),
        Example(target: "postgresql:///app?password=s3cret&user=ada", redacted: "dbname=app user=ada"),
        Example(target: "postgres://ada:s3c%40ret@h/app", redacted: "host=h dbname=app user=ada"),
        Example(
            target: "host=h dbname=app user=ada password='s3cret'", redacted: "host=h dbname=app user=ada"),
        Example(target: "host=h sslpassword=s3cret sslkey=/k", redacted: "host=h sslkey=/k"),
        Example(target: "dbname='my app' host=/tmp", redacted: "host=/tmp dbname='my app'", warns: false),
        Example(target: "app", redacted: "dbname=app", warns: false),
        Example(target: "it's", redacted: #"dbname='it\'s'"#, warns: false),
    ])
    func `text for people never holds a password`(_ example: Example) throws {
        let conninfo = try Conninfo(example.target)
        #expect(conninfo.redacted == example.redacted)
        #expect(conninfo.hasPasswordInArgument == example.warns)
        #expect(!conninfo.connectableDescription.contains("s3c"))
    }

    @Test(arguments: [
        "postgres://ada:s3cret@[h/app", "postgres://ada:s3cret@h/app?nonsense=s3cret",
        "password=s3cret s3cret",
        "host=h password='s3cret", "postgres://ada:p@s3cret@h/app", "postgres://ada:p/s3cret@h/app",
        "postgres://ada:p%zzs3cret@h/app", "host=h port=s3cret", "dbname=a s3cret=b",
    ])
    func `a malformed string is refused without being repeated`(_ target: String) throws {
        let error = try #require(throws: OutgrowError.self) { try Conninfo(target) }
        #expect(error.kind == .usage)
        #expect(!error.description.contains("s3cret"))
    }

    @Test func `the parts are the ones in force`() throws {
        let conninfo = try Conninfo("postgres://ada@localhost:5433/app")
        #expect(conninfo.connectableDescription == "app on localhost:5433 as ada")
        #expect(conninfo.host == "localhost")
        #expect(conninfo.port == "5433")
        #expect(try Conninfo("postgres://ada@localhost").database == "ada")
    }

    @Test func `nothing given leaves everything to libpq`() throws {
        let conninfo = try Conninfo(nil)
        #expect(conninfo.redacted.isEmpty)
        #expect(!conninfo.user.isEmpty)
    }
}
