import Diagnostics
import SQLiteSyntax
import Schema

/// What happens when the first choice does not fit, or fits with a remark.
extension TypeQuestion {
    /// The choice stands: say what of the values' form or zone changes.
    func accepted(_ codec: ValueCodec, _ observed: ColumnObservation) -> TypeDecision {
        var decision = TypeDecision(codec: codec, reason: reason(for: codec, observed))
        guard let candidate = observed.candidate, !isByValues else { return decision }
        let isZoned = codec.type == .timestamptz
        let changed =
            if case .timestamp = proposal.codec, isZoned { observed.texts } else { candidate.formChanges }
        if let equivalence = codec.equivalence, changed > 0 {
            decision.findings.append(
                Finding(
                    "form-changes", .info, at: location,
                    "\(rows(changed, "reads", "read")) differently in Postgres, "
                        + "as \(codec.type.name) keeps \(equivalence).",
                    rowCount: changed))
        }
        if isZoned, candidate.withOffset > 0 {
            decision.findings.append(
                Finding(
                    "offset-dropped", .info, at: location,
                    "\(rows(candidate.withOffset, "keeps its", "keep their")) "
                        + "instant, not the offset that is written.",
                    rowCount: candidate.withOffset, examples: observed.sampleRowIDs(.offset)))
        }
        if case .timestamp = codec, candidate.inUTC > 0 {
            decision.findings.append(
                Finding(
                    "zone-mixed", .info, at: location,
                    "\(rows(candidate.inUTC, "says", "say")) UTC and "
                        + "\(rows(candidate.withoutZone, "says", "say")) no zone; "
                        + "all keep their wall clock, none its zone.",
                    fix: "Use --timezone UTC if all of them are UTC.", rowCount: candidate.inUTC))
        }
        return decision
    }

    private func reason(for codec: ValueCodec, _ observed: ColumnObservation) -> String {
        if isByValues { return "\(rule); all values are \(Self.words(for: codec))" }
        if codec == proposal.codec { return rule }
        return "\(rule); every value has a zone"
    }

    /// The values vetoed the first choice: the nearest type below that holds every one of them as it is.
    func widened(_ observed: ColumnObservation) -> TypeDecision {
        if case .numeric(.some) = proposal.codec, observed.isNumbers,
            observed.negativeZeros + observed.infinities == 0
        {
            return withoutBounds(observed)
        }
        if let codec = withoutLimit, codec == .integer ? observed.isWholeNumbers : observed.isTexts {
            return beyondLimit(codec, observed)
        }
        if let codec = uniformCodec(observed) ?? (observed.isNumbers ? nil : textCodec(observed)) {
            return observed.isNumbers ? toNumbers(codec, observed) : toText(codec, observed)
        }
        return blocked(observed)
    }

    private func textCodec(_ observed: ColumnObservation) -> ValueCodec? {
        guard observed.blobs == 0, isRestorableAsText(observed) else { return nil }
        return observed.integers + observed.reals == 0 ? .text : .textFromNumbers
    }

    private func withoutBounds(_ observed: ColumnObservation) -> TypeDecision {
        let count = observed.candidate?.misfits ?? 0
        let finding = Finding(
            "numeric-bounds-dropped", .info, at: location,
            "The column becomes numeric without bounds: "
                + "\(rows(count)) would not fit \(proposal.codec.type.name).",
            rowCount: count, examples: observed.sampleRowIDs(.misfit))
        return TypeDecision(
            codec: .numeric(nil), reason: "\(rule); the bounds do not hold", findings: [finding])
    }

    /// The wider type of the same kind, for proposals that set a limit which SQLite does not hold to.
    private var withoutLimit: ValueCodec? {
        switch proposal.codec {
        case .narrowInteger: .integer
        case .varchar: .text
        default: nil
        }
    }

    /// Nothing of the values changes: the limit alone does not hold.
    private func beyondLimit(_ codec: ValueCodec, _ observed: ColumnObservation) -> TypeDecision {
        let count = observed.candidate?.misfits ?? 0
        let finding = Finding(
            "limit-dropped", .info, at: location,
            "The column becomes \(codec.type.name): "
                + "\(rows(count)) would not fit \(proposal.codec.type.name).",
            rowCount: count, examples: observed.sampleRowIDs(.misfit))
        return TypeDecision(
            codec: codec, reason: "\(rule); its limit does not hold, so \(codec.type.name)",
            findings: [finding])
    }

    private func toNumbers(_ codec: ValueCodec, _ observed: ColumnObservation) -> TypeDecision {
        let misfits = misfitCount(observed)
        let samples = observed.sampleRowIDs(.misfit, .fractionalReal, .negativeZero, .infinity, .bigInteger)
        return changed(
            to: codec, observed, misfits: misfits, what: "\(Self.words(for: codec))", examples: samples)
    }

    private func toText(_ codec: ValueCodec, _ observed: ColumnObservation) -> TypeDecision {
        let isNumeric =
            [.integer, .double, .boolean].contains(proposal.codec) || proposal.codec.type.isNumeric
        let misfits = isByValues ? observed.integers + observed.reals : misfitCount(observed)
        let samples = observed.sampleRowIDs(.misfit) + (isNumeric ? observed.sampleRowIDs(.text) : [])
        var decision = changed(
            to: codec, observed, misfits: misfits, what: Self.words(for: codec), examples: samples.firstFew)
        if case .timestamp = proposal.codec, let candidate = observed.candidate, candidate.misfits == 0,
            candidate.withOffset > 0, !decision.findings.isEmpty
        {
            decision.findings[0].message =
                "The column becomes text: \(rows(candidate.withOffset, "has", "have")) an offset and "
                + "\(rows(candidate.withoutZone, "has", "have")) no zone, so there is no common clock."
            decision.findings[0].remedy = "Use --timezone UTC if those without zone are UTC."
            decision.findings[0].rowCount = candidate.withOffset
            decision.findings[0].examples = observed.sampleRowIDs(.offset)
        }
        return decision
    }

    /// A loss when some rows have the declared meaning and others break it; when no row ever had it, only a
    /// remark.
    private func changed(
        to codec: ValueCodec, _ observed: ColumnObservation, misfits: Int64, what: String, examples: [String]
    ) -> TypeDecision {
        let declared = proposal.codec.type.name
        let chosen = codec.type.name
        let isMixed = misfits < observed.values || codec == .textFromNumbers
        let finding =
            isMixed
            ? Finding(
                "column-widened", .loss, at: location,
                isByValues
                    ? "The column becomes \(chosen): it holds numbers beside text."
                    : "The column becomes \(chosen): \(rows(misfits)) of \(grouped(observed.values)) "
                        + "\(misfits == 1 ? "does" : "do") not fit \(declared).",
                fix: "Correct these rows in the source, or accept the type.", rowCount: misfits,
                examples: examples)
            : Finding(
                "type-from-values", .info, at: location,
                "The column becomes \(chosen): all of its values are \(what), none fits \(declared).",
                rowCount: misfits)
        return TypeDecision(
            codec: codec, reason: "\(rule); vetoed by \(rows(misfits)), so \(chosen)", findings: [finding])
    }

    /// Values that the proposed codec refuses, by the scan's own count where it made one.
    private func misfitCount(_ observed: ColumnObservation) -> Int64 {
        let others = observed.texts + observed.blobs
        switch proposal.codec {
        case .integer: return others + observed.fractionalReals + observed.negativeZeros + observed.infinities
        case .double: return others + observed.integersBeyondDouble
        case .numeric: return others + observed.negativeZeros + observed.infinities
        case .boolean: return others + observed.reals + observed.integersBeyondBoolean
        case .text: return observed.values - observed.texts
        case .bytes: return observed.values - observed.blobs
        default:
            guard let candidate = observed.candidate, candidate.codec == proposal.codec else {
                return observed.values
            }
            return candidate.misfits + (proposal.codec == .timestamp ? candidate.withOffset : 0)
        }
    }

    /// Text and numbers that cannot be told apart again, or numbers that no type holds.
    private func blocked(_ observed: ColumnObservation) -> TypeDecision {
        let finding =
            observed.isNumbers
            ? Finding(
                "numbers-unstorable", .blocker, at: location,
                "The column holds integers beyond 2^53 beside negative zeros or infinities: "
                    + "no Postgres number holds both.",
                fix: "Correct these rows, or exclude the table.",
                rowCount: observed.negativeZeros + observed.infinities,
                examples: observed.sampleRowIDs(.infinity, .negativeZero))
            : Finding(
                "numbers-mixed-with-text", .blocker, at: location,
                "The column holds numbers beside text, and its affinity could not tell them apart again.",
                fix: "Use --column \(location.description)=text to carry all of them as text.",
                rowCount: observed.integers + observed.reals, examples: observed.sampleRowIDs(.integer, .real)
            )
        return TypeDecision(codec: .textFromNumbers, reason: "\(rule); blocked", findings: [finding])
    }

    static func words(for codec: ValueCodec) -> String {
        switch codec {
        case .integer, .narrowInteger: "integers"
        case .double, .numeric: "numbers"
        case .bytes: "blobs"
        case .text: "texts"
        default: "texts and numbers"
        }
    }
}

extension PostgresType {
    var isNumeric: Bool {
        switch self {
        case .smallint, .integer, .bigint, .doublePrecision, .numeric: true
        default: false
        }
    }
}

/// `1 row`, `12,480 rows`.
func rows(_ count: Int64) -> String { count == 1 ? "1 row" : "\(grouped(count)) rows" }

/// `1 row holds`, `12,480 rows hold`.
func rows(_ count: Int64, _ one: String, _ many: String) -> String {
    "\(rows(count)) \(count == 1 ? one : many)"
}

/// Digits in groups of three.
func grouped(_ count: Int64) -> String {
    let digits = Array(String(count.magnitude))
    var result = count < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
        if position > 0, (digits.count - position) % 3 == 0 { result.append(",") }
        result.append(digit)
    }
    return result
}
