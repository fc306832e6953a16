import Testing

@Suite struct ToolTests {
    @Test func `prints its version`() async throws {
        let result = try await Tool.run(["--version"])
        #expect(result.status == 0)
    }
}
