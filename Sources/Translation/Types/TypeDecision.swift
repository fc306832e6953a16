package import Diagnostics
package import SQLiteSyntax
package import Schema

/// What one column becomes, why, and what the report says about it.
package struct TypeDecision: Sendable, Hashable {
    package var codec: ValueCodec
    package var reason: String
    package var findings: [Finding] = []

    package init(codec: ValueCodec, reason: String, findings: [Finding] = []) {
        self.codec = codec
        self.reason = reason
        self.findings = findings
    }
}

/// One column's declaration and data, and the ladder from its first choice down:
/// boolean → bigint → numeric or double precision → text; date, time, UUID, JSON → text.
///
/// The declared type proposes, the values may only veto; a step down is taken only
/// when re-applying the column's affinity would restore every value.
package struct TypeQuestion: Sendable {
    package var location: Location
    package var declaredType: String?
    package var affinity: Affinity
    package var proposal: ColumnProposal
    package var observed: ColumnObservation?
    package var unstorableText: UnstorableTextPolicy

    package init(
        at location: Location, declaredType: String?, affinity: Affinity, proposal: ColumnProposal,
        observed: ColumnObservation?, unstorableText: UnstorableTextPolicy = .stop
    ) {
        self.location = location
        self.declaredType = declaredType
        self.affinity = affinity
        self.proposal = proposal
        self.observed = observed
        self.unstorableText = unstorableText
    }

    package func decide() -> TypeDecision {
        guard let observed, observed.values > 0 else {
            return TypeDecision(codec: withoutValues, reason: "\(proposal.rule); no values")
        }
        if proposal.isOverride { return decideOverride(observed) }
        if observed.blobs > 0, observed.blobs < observed.values { return decideMixedWithBlobs(observed) }
        if observed.texts > 0, observed.textsWithNUL + observed.textsInvalidUTF8 > 0 {
            return decideUnstorable(observed)
        }
        if let codec = fittingCodec(observed) {
            return observed.candidate?.meaningsClash == true ? keptAsText(codec) : accepted(codec, observed)
        }
        return widened(observed)
    }

    /// The key comes first: the texts stay as they are, and as many as they are.
    private func keptAsText(_ codec: ValueCodec) -> TypeDecision {
        let finding = Finding(
            "key-kept-as-text", .info, at: location,
            "The column stays text instead of \(codec.type.name): it has to be unique, "
                + "and some of its texts are \(codec.equivalence ?? "the same value").",
            fix: "Correct these rows in the source to have the type.")
        return TypeDecision(
            codec: .text, reason: "\(rule); two texts of a unique column are one value, so text",
            findings: [finding])
    }

    var rule: String { proposal.rule }

    var isByValues: Bool { proposal.rule == TypeRules.byValues }

    private var withoutValues: ValueCodec {
        switch proposal.codec {
        case .textFromNumbers: .text
        case .bytesFromText: .bytes
        case .booleanFromWords: .boolean
        case let codec: codec
        }
    }
}

extension TypeQuestion {
    /// The proposed codec, or the member of its family that fits, when every value fits it.
    func fittingCodec(_ observed: ColumnObservation) -> ValueCodec? {
        if isByValues { return uniformCodec(observed) }
        switch proposal.codec {
        case .integer: return observed.isWholeNumbers ? .integer : nil
        case .double: return observed.isNumbers && observed.integersBeyondDouble == 0 ? .double : nil
        case .numeric(let bounds):
            guard observed.isNumbers, observed.negativeZeros + observed.infinities == 0 else { return nil }
            if let bounds { return candidateFits(observed) ? .numeric(bounds) : nil }
            return .numeric(nil)
        case .boolean: return observed.isBoolean ? .boolean : nil
        case .text: return observed.isTexts ? .text : nil
        case .bytes: return observed.isBlobs ? .bytes : nil
        case .timestamp: return observed.isTexts ? timestampCodec(observed) : nil
        case .json: return observed.blobs == 0 && candidateFits(observed) ? .json : nil
        case .timestampWithTimeZone, .date, .time, .uuid:
            return observed.isTexts && candidateFits(observed) ? proposal.codec : nil
        case .narrowInteger:
            return observed.isWholeNumbers && candidateFits(observed) ? proposal.codec : nil
        case .varchar(let limit):
            return observed.isTexts && (limit == nil || candidateFits(observed)) ? proposal.codec : nil
        case .timeFromDateTime, .intervalFromDateTime, .inet:
            return observed.isTexts && candidateFits(observed) ? proposal.codec : nil
        case .timestampFromEpoch, .intervalFromMicroseconds:
            return observed.isNumbers && candidateFits(observed) ? proposal.codec : nil
        case .booleanFromWords:
            if observed.isBoolean { return .boolean }
            return observed.blobs == 0 && candidateFits(observed) ? .booleanFromWords : nil
        case .jsonAsWritten:
            return observed.blobs == 0 && candidateFits(observed) ? .jsonAsWritten : nil
        case .textFromNumbers, .bytesFromText: return nil
        }
    }

    /// One storage class only, or numbers that are one kind of number.
    func uniformCodec(_ observed: ColumnObservation) -> ValueCodec? {
        if observed.isTexts { return .text }
        if observed.isBlobs { return .bytes }
        return observed.isNumbers ? numberCodec(observed) : nil
    }

    /// 1 and 1.0 are equal, so whole reals beside integers are integers; reals alone stay reals.
    func numberCodec(_ observed: ColumnObservation) -> ValueCodec? {
        if observed.isWholeNumbers, observed.integers > 0 || affinity == .integer { return .integer }
        if observed.integersBeyondDouble == 0 { return .double }
        return observed.negativeZeros + observed.infinities == 0 ? .numeric(nil) : nil
    }

    /// Every value was checked against the very codec that is proposed, and fits.
    func candidateFits(_ observed: ColumnObservation) -> Bool {
        guard let candidate = observed.candidate, candidate.codec == proposal.codec else { return false }
        return candidate.misfits == 0 && candidate.withOffset == 0
            || candidateTakesOffsets && candidate.misfits == 0
    }

    private var candidateTakesOffsets: Bool {
        if case .timestampWithTimeZone = proposal.codec { true } else { false }
    }

    /// Naive values, or naive ones beside Z → timestamp; a zone on every value → timestamptz.
    private func timestampCodec(_ observed: ColumnObservation) -> ValueCodec? {
        guard let candidate = observed.candidate, candidate.codec == proposal.codec, candidate.misfits == 0
        else { return nil }
        if candidate.withoutZone == 0 { return .timestampWithTimeZone(assumedOffset: nil) }
        return candidate.withOffset == 0 ? .timestamp : nil
    }

    /// Whether numbers written as text come back as they were, and texts stay texts, when the affinity is
    /// applied.
    func isRestorableAsText(_ observed: ColumnObservation) -> Bool {
        if observed.integers + observed.reals == 0 { return true }
        guard observed.infinities == 0, observed.negativeZeros == 0, observed.textsLookingNumeric == 0 else {
            return false
        }
        return affinity == .integer || affinity == .numeric || affinity == .real
    }
}

extension [String] {
    /// At most five, each once.
    var firstFew: [String] {
        var seen: Set<String> = []
        return Array(filter { seen.insert($0).inserted }.prefix(5))
    }
}

extension ColumnObservation {
    var isTexts: Bool { texts > 0 && texts == values }
    var isBlobs: Bool { blobs > 0 && blobs == values }
    var isNumbers: Bool { integers + reals == values }
    /// What `ValueCodec.integer` takes.
    var isWholeNumbers: Bool { isNumbers && fractionalReals + negativeZeros + infinities == 0 }
    var isBoolean: Bool { integers == values && integersBeyondBoolean == 0 }

    func sampleRowIDs(_ kinds: Sample...) -> [String] {
        var seen: Set<Int64> = []
        let rowIDs = kinds.flatMap { samples[$0] ?? [] }.filter { seen.insert($0).inserted }
        return rowIDs.prefix(5).map { "rowid \($0)" }
    }
}
