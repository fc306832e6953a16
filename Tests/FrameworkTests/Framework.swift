import Foundation
import PostgresClient
import TestSupport
import Threading

/// A framework that the machine has, and the script that makes one of everything with it.
struct Framework: Sendable, CustomStringConvertible {
    let name: String
    /// Debian's packages install for these, whatever else stands in PATH.
    let program: String
    let script: String
    /// Succeeds when the framework and its drivers are there.
    let probe: [String]
    /// Flags that a user of the framework would add.
    var flags: [String] = []
    /// What the schema does not tell, as the user would say it.
    let mapping: String
    /// Rows that the script makes, at the least.
    let rowCount: Int

    var description: String { name }

    var isInstalled: Bool {
        do {
            try Program.run(program, probe)
            return true
        } catch {
            return false
        }
    }

    /// Runs the script's `step` on a database.
    @discardableResult
    func run(_ step: String, on database: String) async throws -> String {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Frameworks/\(script)").path
        let arguments = (program.hasSuffix("python3") ? ["-W", "ignore"] : ["-W0"]) + [path, step, database]
        return try await onOwnThread(named: "framework") {
            try Program.run("timeout", ["100", program] + arguments)
        }
    }

    static let python = "/usr/bin/python3"
    static let ruby = "/usr/bin/ruby"
}

extension TestDatabase {
    /// For the scripts, which hand it to other drivers.
    var words: String {
        "host=\(conninfo.host ?? "") port=\(conninfo.port) user=\(conninfo.user) dbname=\(name)"
    }
}

extension Framework {
    static let django = Framework(
        name: "django", program: python, script: "django_zoo.py", probe: ["-c", "import django, psycopg2"],
        mapping: """
            { format: "outgrow.mapping/1", columns: { "zoo_animal.nap": { type: "interval", stored: "microseconds" } } }
            """, rowCount: 250)

    static let sqlalchemy = Framework(
        name: "sqlalchemy", program: python, script: "sqlalchemy_zoo.py",
        probe: ["-c", "import sqlalchemy, alembic, psycopg2"],
        mapping: """
            {
              format: "outgrow.mapping/1",
              columns: { "animal.nap": { type: "interval", stored: "text since 1970-01-01" } },
            }
            """, rowCount: 210)

    static let peewee = Framework(
        name: "peewee", program: python, script: "peewee_zoo.py", probe: ["-c", "import peewee, psycopg2"],
        flags: ["--profile", "peewee"],
        mapping: """
            {
              format: "outgrow.mapping/1",
              columns: {
                "animal.tame": "boolean", "animal.token": "uuid", "cage.code": "uuid", "animal.cage_id": "uuid",
              },
            }
            """, rowCount: 250)

    static let rails = Framework(
        name: "rails", program: ruby, script: "rails_zoo.rb",
        probe: ["-e", "require 'active_record'; require 'pg'; require 'sqlite3'"],
        mapping: #"{ format: "outgrow.mapping/1" }"#, rowCount: 210)

    static let all = [django, sqlalchemy, peewee, rails]
}
