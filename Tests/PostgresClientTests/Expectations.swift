import Foundation
import Testing

// The macros' expansions leave the actor, so inside of `connection.run` these stand for them.

func expectEqual<Value: Equatable>(
    _ found: Value, _ expected: Value, at place: SourceLocation = #_sourceLocation
) {
    #expect(found == expected, sourceLocation: place)
}

@discardableResult
func expectFailure<Failure: Error, Result>(
    _ type: Failure.Type, at place: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) throws -> Failure {
    do {
        _ = try body()
    } catch let error as Failure {
        return error
    }
    return try #require(nil as Failure?, "Nothing was thrown.", sourceLocation: place)
}

/// How long something may take that must not hang; under a sanitizer everything takes some ten times as long.
func limit(_ seconds: Int) -> Duration {
    let isSlow = ProcessInfo.processInfo.environment["OUTGROW_DEADLINE_SECONDS"] != nil
    return .seconds(isSlow ? 10 * seconds : seconds)
}
