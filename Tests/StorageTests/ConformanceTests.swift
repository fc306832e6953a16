import Foundation
import OutgrowStorageConformance
import Testing

/// Every promise of the library, on every backend and through the policies.
@Suite("Storage conformance")
struct ConformanceTests {
    @Suite("on a SQLite file", .serialized) struct OnSQLite {
        @Test(arguments: StorageConformance.checks)
        func `keeps its promise`(_ check: ConformanceCheck) async throws {
            try await examine(Subjects.sqlite, check)
        }
    }

    @Suite("on SQLite in memory", .serialized) struct InMemory {
        @Test(arguments: StorageConformance.checks)
        func `keeps its promise`(_ check: ConformanceCheck) async throws {
            try await examine(Subjects.sqliteInMemory, check)
        }
    }

    @Suite("on Postgres", .serialized) struct OnPostgres {
        @Test(arguments: StorageConformance.checks)
        func `keeps its promise`(_ check: ConformanceCheck) async throws {
            try await examine(Subjects.postgres, check)
        }
    }

    /// What policies can change; values pass through them untouched.
    static let behavior = StorageConformance.checks.filter { $0.area != .values && $0.area != .lists }

    @Suite("on a SQLite file through all policies", .serialized) struct OnSQLiteThroughPolicies {
        @Test(arguments: behavior)
        func `keeps its promise`(_ check: ConformanceCheck) async throws {
            try await examine(Subjects.sqliteThroughPolicies, check)
        }
    }

    @Suite("on Postgres through all policies", .serialized) struct OnPostgresThroughPolicies {
        @Test(arguments: behavior)
        func `keeps its promise`(_ check: ConformanceCheck) async throws {
            try await examine(Subjects.postgresThroughPolicies, check)
        }
    }

    @Test func `there are at least two hundred checks, each with a name of its own`() {
        let names = StorageConformance.checks.map(\.description)
        #expect(names.count >= 200)
        #expect(Set(names).count == names.count)
        #expect(Set(StorageConformance.checks.map(\.area)) == Set(ConformanceCheck.Area.allCases))
    }

    @Test func `a check that needs what a subject lacks is skipped and says what`() async throws {
        let check = try #require(StorageConformance.checks.first { $0.needs == [.restarts] })
        let outcome = try await check.run(on: Subjects.sqlite)
        #expect(outcome == .skipped(missing: [.restarts]))
    }
}

/// Runs one check; what the subject cannot do shows as canceled, with the reason.
private func examine(_ subject: ConformanceSubject, _ check: ConformanceCheck) async throws {
    if case .skipped(let missing) = try await check.run(on: subject) {
        try Test.cancel("\(subject.name) lacks what the check needs: \(missing)")
    }
}

/// A variable of the environment, unless it is empty.
func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
}
