/// The promises of `Storage` as checks that every backend, and every policy around one, can run.
///
/// The library's own tests run them on SQLite, on Postgres and through its policies. A storage of your own runs them
/// from its tests, with whatever testing library it uses: a check is a function that throws
/// ``ConformanceFailure``.
///
/// ```swift
/// @Test(arguments: StorageConformance.checks) func `keeps the promise`(_ check: ConformanceCheck) async throws {
///     _ = try await check.run(on: subject)
/// }
/// ```
public enum StorageConformance {
    /// All checks, in the order of their areas.
    public static let checks: [ConformanceCheck] =
        ValueChecks.all + RefusalChecks.all + ListChecks.all + DialectChecks.all + StatementChecks.all
        + BulkChecks.all + RowChecks.all + DecodingChecks.all + ErrorChecks.all + TransactionChecks.all
        + SavepointChecks.all + CancellationChecks.all + IsolationChecks.all + ConcurrencyChecks.all
        + StreamChecks.all + PoolChecks.all + LifeChecks.all
}
