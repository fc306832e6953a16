/// When the write lock will be full if the writes go on growing as they do.
package struct Forecast: Sendable, Hashable, Codable {
    package enum Outcome: Sendable, Hashable, Codable {
        /// Too few days to say anything.
        case tooFewDays(have: Int, need: Int)
        /// The band of the growth contains none.
        case noTrend
        /// The writes become fewer.
        case shrinking
        /// Seconds since 1970: the likely date and the band; `latest` is nil beyond a hundred years.
        case full(likely: Int64, earliest: Int64, latest: Int64?)
        /// Already so.
        case fullAlready
    }

    package var outcome: Outcome
    /// Commits per second, per day.
    package var slope: Double
    package var slopeBand: ClosedRange<Double>
    /// Today on the line: commits per second in the day's busiest quarter of an hour.
    package var today: Double
    /// The rate at which the lock is full: the limit divided by the hold time.
    package var fullRate: Double
}
