internal import Diagnostics
internal import Monitoring
internal import Outgrow

/// What became of the check of one database among several.
enum CheckOutcome: Sendable {
    case report(CheckReport)
    case failed(String, OutgrowError)

    /// Watches all of them at the same time, each on a thread of its own; in the order of the requests.
    static func all(of requests: [Check.Request]) async -> [CheckOutcome] {
        await withTaskGroup(of: (Int, CheckOutcome).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, await one(request)) }
            }
            var outcomes: [Int: CheckOutcome] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return requests.indices.compactMap { outcomes[$0] }
        }
    }

    private static func one(_ request: Check.Request) async -> CheckOutcome {
        do {
            return .report(try await Check(request).run())
        } catch {
            return .failed(request.source, OutgrowError(describing: error))
        }
    }

    var status: CheckStatus {
        switch self {
        case .report(let report): CheckStatus(report.verdict.state)
        case .failed: .unknown
        }
    }
}

extension CheckOutcome: Encodable {
    private enum Key: String, CodingKey { case source, error, code, summary, remedy }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .report(let report): try report.encode(to: encoder)
        case .failed(let source, let failure):
            var fields = encoder.container(keyedBy: Key.self)
            try fields.encode(source, forKey: .source)
            var error = fields.nestedContainer(keyedBy: Key.self, forKey: .error)
            try error.encode(failure.code.rawValue, forKey: .code)
            try error.encode(failure.summary, forKey: .summary)
            try error.encode(failure.remedy, forKey: .remedy)
        }
    }
}

/// The document of several checks.
struct CheckDocument: Encodable {
    var databases: [CheckOutcome]
}
