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
