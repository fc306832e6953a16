import Foundation
import Testing

/// The reference pages against the sources: a code without an entry is a code nobody can look up.
@Suite struct ReferenceTests {
    private static let sources = ArchitectureTests.root.appending(path: "Sources")

    @Test func `every error code has an entry`() throws {
        let page = try text("docs/reference/errors.md")
        let codes = try codes(matching: /OutgrowError\(\s*"([a-z][a-z0-9-]+)"/)
        #expect(codes.count > 20)
        for code in codes.sorted() { #expect(page.contains("`\(code)`"), "\(code)") }
    }

    @Test func `every finding code has an entry`() throws {
        let page = try text("docs/reference/findings.md")
        let codes = try codes(matching: /Finding\(\s*"([a-z][a-z0-9-]+)"/).union(
            codes(matching: /code: "([a-z][a-z0-9-]+)"/))
        #expect(codes.count > 25)
        for code in codes.sorted() { #expect(page.contains("`\(code)`"), "\(code)") }
    }

    @Test func `every exit status has an entry`() throws {
        let page = try text("docs/reference/exit-status.md")
        let statuses = try text("Sources/OutgrowCLI/ExitStatus.swift").matches(of: /case \w+ = (\d+)/).map {
            String($0.1)
        }
        #expect(statuses.count == 11)
        for status in statuses { #expect(page.contains(try Regex("\\| *`?\(status)\\b")), "\(status)") }
    }

    @Test func `every page that is linked exists`() throws {
        let root = ArchitectureTests.root
        let pages =
            try ["README.md", "CHANGELOG.md"]
            + FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "docs").path)
            .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        for page in pages {
            let folder = root.appending(path: page).deletingLastPathComponent()
            for link in try text(page).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/).map({ String($0.1) }) {
                #expect(
                    FileManager.default.fileExists(atPath: folder.appending(path: link).path),
                    "\(page) links \(link)")
            }
        }
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: ArchitectureTests.root.appending(path: path), encoding: .utf8)
    }

    private func codes(matching pattern: Regex<(Substring, Substring)>) throws -> Set<String> {
        var codes: Set<String> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path)
        where name.hasSuffix(".swift") {
            let text = try String(contentsOf: Self.sources.appending(path: name), encoding: .utf8)
            codes.formUnion(text.matches(of: pattern).map { String($0.1) })
        }
        return codes
    }
}
