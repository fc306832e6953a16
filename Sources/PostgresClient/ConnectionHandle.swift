internal import COutgrowLibPQ
internal import Foundation
internal import Synchronization

/// A notice or warning that the server sent along.
package struct PostgresNotice: Sendable, Equatable {
    package var severity: String
    package var sqlState: String
    package var message: String
}

/// The notices of one connection: libpq would print them on standard error.
final class NoticeLog: Sendable {
    private struct State {
        var notices: [PostgresNotice] = []
        var count = 0
    }

    /// A loop in a DO block may raise millions.
    private static let limit = 1000
    private let state = Mutex(State())

    var notices: [PostgresNotice] { state.withLock { $0.notices } }
    /// How many ever came, kept or not.
    var count: Int { state.withLock { $0.count } }

    func append(_ notice: PostgresNotice) {
        state.withLock { state in
            state.count += 1
            if state.notices.count < Self.limit { state.notices.append(notice) }
        }
    }

    func removeAll() { state.withLock { $0.notices.removeAll() } }
}

/// Owns a `PGconn`, which ends with the last reference.
@safe final class ConnectionHandle {
    let pointer: OpaquePointer
    let notices = NoticeLog()
    /// Watches the socket and the wake-up for input; -1 without one, as on systems without epoll.
    private(set) var inputWatch: Int32 = -1
    /// Part of what libpq was given has not gone out yet.
    var isSending = false

    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        // The log lives as long as the connection, so libpq may hold it unretained.
        let log = unsafe Unmanaged.passUnretained(notices).toOpaque()
        _ = unsafe PQsetNoticeReceiver(pointer, receiveNotice, log)
    }

    deinit {
        if inputWatch >= 0 { Foundation.close(inputWatch) }
        unsafe PQfinish(pointer)
    }

    /// To be called once the connection is up: until then the socket may become another one.
    func watchInput(orWakeUpAt wake: Int32) { inputWatch = outgrow_watch(socket, wake) }

    /// From here on nothing reaches the server, which ends the session when it looks for the next statement.
    func stopSending() { _ = shutdown(socket, Int32(SHUT_WR)) }

    var errorMessage: String { unsafe String(cString: PQerrorMessage(pointer)) }
    var socket: Int32 { unsafe PQsocket(pointer) }
    var isUp: Bool { unsafe PQstatus(pointer) == CONNECTION_OK }
}

private func receiveNotice(_ argument: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
    guard let argument = unsafe argument else { return }
    let field = { (code: Character) -> String in
        let value = unsafe PQresultErrorField(result, Int32(code.asciiValue ?? 0))
        return unsafe value.map { unsafe String(cString: $0) } ?? ""
    }
    let notice = PostgresNotice(severity: field("V"), sqlState: field("C"), message: field("M"))
    unsafe Unmanaged<NoticeLog>.fromOpaque(argument).takeUnretainedValue().append(notice)
}
