internal import Diagnostics
internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// The address of `--listen`, and the names under which it may be asked for.
package struct ListenAddress: Sendable, Hashable {
    package var host: String
    package var port: UInt16
    /// Names in the `Host` header that are taken beside the address itself.
    package var allowedHosts: [String] = []

    /// `127.0.0.1:9187`, `[::1]:9187`, `:9187` for loopback.
    package init(_ text: String) throws {
        let refusal = OutgrowError(
            "option-invalid", .usage, "--listen takes an address and a port, not \"\(text)\".",
            fix: "Write 127.0.0.1:9187; only this machine can reach that.")
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw refusal
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.isEmpty || host == "localhost" { host = "127.0.0.1" }
        self.host = host
        self.port = port
        guard Self.isNumeric(host) else { throw refusal }
        do { _ = try socketAddress } catch { throw refusal }
    }

    /// A name would have to be looked up, and might be another address tomorrow.
    private static func isNumeric(_ host: String) -> Bool {
        host.allSatisfy { $0.isHexDigit || $0 == "." || $0 == ":" }
    }

    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    var socketAddress: any SocketAddress {
        get throws {
            host.contains(":")
                ? try .inet6(ip6: host, port: port) as any SocketAddress
                : try .inet(ip4: host, port: port) as any SocketAddress
        }
    }
}

/// Answers for metrics and status over HTTP: it reads the board and nothing else, and changes nothing.
///
/// A page in a browser can make the browser ask any address, and with a name that leads to 127.0.0.1 read the answer;
/// so a request must name this machine in its `Host` header.
struct WatchServer: Sendable {
    let address: ListenAddress
    let board: WatchBoard

    /// Serves until the task is canceled.
    func run() async throws {
        do {
            let server = HTTPServer(address: try address.socketAddress, logger: .disabled, handler: self)
            try await server.run()
        } catch {
            guard !Task.isCancelled else { return }
            throw OutgrowError(
                "listen-failed", .usage, "The address of --listen cannot be listened on.",
                at: "\(address.host):\(address.port)",
                fix: "Choose another port; ports below 1024 need root.", cause: "\(error)")
        }
    }

    struct Answer: Sendable {
        var code: Int
        var phrase: String
        var type = "text/plain; charset=utf-8"
        var body: String
        var allows: String?
    }

    func answer(method: String, path: String, host: String?) -> Answer {
        guard let host, isAllowed(host) else {
            return Answer(
                code: 421, phrase: "Misdirected Request",
                body: "The Host header names another machine; --allow-host NAME lets one in.\n")
        }
        guard method == "GET" || method == "HEAD" else {
            return Answer(
                code: 405, phrase: "Method Not Allowed", body: "Only GET and HEAD.\n", allows: "GET, HEAD")
        }
        switch path {
        case "/metrics":
            return Answer(
                code: 200, phrase: "OK", type: WatchReport.metricsType, body: WatchReport.metrics(board))
        case "/healthz": return health
        case "/api/v1/status": return status
        case "/": return Answer(code: 200, phrase: "OK", body: "/metrics\n/healthz\n/api/v1/status\n")
        default:
            return Answer(
                code: 404, phrase: "Not Found", body: "There is /metrics, /healthz and /api/v1/status.\n")
        }
    }

    /// Healthy while the databases are there and the history takes what it gets.
    private var health: Answer {
        var problems = board.all.filter(\.isMissing).map { "\($0.name): the file is missing" }
        if !board.history.isReachable { problems.append("the history cannot be written") }
        return problems.isEmpty
            ? Answer(code: 200, phrase: "OK", body: "ok\n")
            : Answer(code: 503, phrase: "Service Unavailable", body: problems.joined(separator: "\n") + "\n")
    }

    private var status: Answer {
        do {
            return Answer(
                code: 200, phrase: "OK", type: "application/json", body: try WatchReport.status(board))
        } catch {
            return Answer(
                code: 500, phrase: "Internal Server Error", body: "The status has no JSON form: \(error)\n")
        }
    }

    /// The address itself, the names of loopback, and what was allowed by name; with any port.
    func isAllowed(_ header: String) -> Bool {
        var name = header.lowercased()
        if name.hasPrefix("[") {
            name = String(name.dropFirst().prefix { $0 != "]" })
        } else if let colon = name.lastIndex(of: ":") {
            name = String(name[..<colon])
        }
        if address.allowedHosts.contains(where: { $0.lowercased() == name }) { return true }
        if address.isLoopback { return ["localhost", "127.0.0.1", "::1", address.host].contains(name) }
        // An address cannot be made to lead elsewhere by a name server.
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = name.contains(":") || (parts.count == 4 && parts.allSatisfy { UInt8($0) != nil })
        return isAddress || name == "localhost" || name == HistoryPlace.hostName.lowercased()
    }
}

extension WatchServer: HTTPHandler {
    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let answer = answer(method: request.method.rawValue, path: request.path, host: request.headers[.host])
        var headers: HTTPHeaders = [
            .contentType: answer.type, HTTPHeader("Cache-Control"): "no-store",
            HTTPHeader("X-Content-Type-Options"): "nosniff",
        ]
        if let allows = answer.allows { headers[HTTPHeader("Allow")] = allows }
        let body = Data(answer.body.utf8)
        headers[.contentLength] = "\(body.count)"
        return HTTPResponse(
            statusCode: HTTPStatusCode(answer.code, phrase: answer.phrase), headers: headers,
            body: request.method == .HEAD ? Data() : body)
    }
}
