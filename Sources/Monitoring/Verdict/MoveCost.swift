/// What each transaction would pay for a server at the other end of a network: a local file answers a
/// statement within microseconds, a server after a round trip.
package struct MoveCost: Sendable, Hashable, Codable {
    package var statementsPerTransaction: Double
    /// Seconds from the application to the server and back.
    package var roundTrip: Double
    package var commitsPerSecond: Double

    package init(statementsPerTransaction: Double, roundTrip: Double, commitsPerSecond: Double) {
        self.statementsPerTransaction = max(0, statementsPerTransaction)
        self.roundTrip = max(0, roundTrip)
        self.commitsPerSecond = max(0, commitsPerSecond)
    }

    /// Seconds: each statement's round trip, and those of BEGIN and COMMIT.
    package var secondsPerTransaction: Double { (statementsPerTransaction + 2) * roundTrip }

    /// Connections that would be waiting for the network at any time, at today's rate.
    package var waitingConnections: Double { secondsPerTransaction * commitsPerSecond }

    package var sentence: String {
        "On Postgres a transaction of \(Wording.times(statementsPerTransaction)) statements would take about "
            + "\(Wording.seconds(secondsPerTransaction)) longer than on a local file: each statement, BEGIN "
            + "and COMMIT "
            + "go to the server and back in \(Wording.seconds(roundTrip)) (assuming no pipelining); "
            + "at \(Wording.times(commitsPerSecond)) transactions a second about "
            + "\(Wording.times(max(1, waitingConnections.rounded(.up)))) of them would be under way at a "
            + "time, "
            + "but none would wait for another's lock on the whole database."
    }
}
