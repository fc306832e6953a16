/// What the scan found in one column: every value was looked at, none was guessed.
package struct ColumnObservation: Sendable, Hashable, Codable {
    package var nulls: Int64 = 0
    package var integers: Int64 = 0
    package var reals: Int64 = 0
    package var texts: Int64 = 0
    package var blobs: Int64 = 0

    package var minInteger: Int64?
    package var maxInteger: Int64?
    /// Integers other than 0 and 1.
    package var integersBeyondBoolean: Int64 = 0
    /// Integers outside ±2^53, which a double cannot hold.
    package var integersBeyondDouble: Int64 = 0
    /// REALs that are not whole numbers within ±2^53.
    package var fractionalReals: Int64 = 0
    package var negativeZeros: Int64 = 0
    /// Infinities (SQLite cannot store NaN).
    package var infinities: Int64 = 0
    /// TEXT with U+0000 in it.
    package var textsWithNUL: Int64 = 0
    package var textsInvalidUTF8: Int64 = 0
    /// TEXT that the column's affinity would have made a number (possible in untyped columns).
    package var textsLookingNumeric: Int64 = 0
    /// Some TEXT has the bytes of some BLOB of the column; nil when it was not looked for
    /// (only a column that mixes the two needs it).
    package var textEqualsBlob: Bool?
    /// The longest TEXT or BLOB, in bytes.
    package var maxByteCount: Int64 = 0

    /// How the values fare under the codec that the declared type or an override proposes.
    package var candidate: CandidateObservation?
    /// One row for each thing above that was seen, for findings; by rowid or ordinal.
    package var samples: [Sample: [Int64]] = [:]

    package init() {}

    package enum Sample: String, Sendable, Hashable, Codable, CodingKeyRepresentable {
        case null, integer, real, text, blob, fractionalReal, bigInteger, negativeZero, infinity, nul,
            invalidUTF8
        case misfit, offset
    }

    package var values: Int64 { integers + reals + texts + blobs }
}

/// How a column's values fare under one proposed codec.
package struct CandidateObservation: Sendable, Hashable, Codable {
    package var codec: ValueCodec
    package var fits: Int64 = 0
    package var misfits: Int64 = 0
    /// Fitting values whose text in Postgres differs from their text in SQLite.
    package var formChanges: Int64 = 0
    /// Date-times without any zone, with Z or a zero offset, and with another offset.
    package var withoutZone: Int64 = 0
    package var inUTC: Int64 = 0
    package var withOffset: Int64 = 0
    /// The length of every date-time, as long as all are of one form: `YYYY-MM-DD HH:MM:SS.ffffff` or the start of it.
    package var momentLength: Int?
    /// Some date-time is of another form.
    package var hasOtherForms = false
    /// Two texts are one value under the codec; nil when it was not looked for (only unique columns need it).
    package var meaningsClash: Bool?

    package init(codec: ValueCodec) { self.codec = codec }
}
