import Diagnostics
import SQLiteSyntax
import Schema

/// Where the user has to decide, or has decided: blobs beside text, text that Postgres cannot hold,
/// overrides.
extension TypeQuestion {
    func decideMixedWithBlobs(_ observed: ColumnObservation) -> TypeDecision {
        let numbers = observed.integers + observed.reals
        if unstorableText == .bytea, numbers == 0, observed.textEqualsBlob == false {
            return asBytes(
                observed, "\(rows(observed.texts, "holds", "hold")) text beside blobs", samples: [.text])
        }
        let message: String
        var remedy = "Use --unstorable-text bytea to carry text as its UTF-8 bytes, or correct the rows."
        if numbers > 0 {
            message = "The column holds blobs beside numbers, which no one type holds."
            remedy = "Correct the rows, or exclude the table."
        } else if observed.textEqualsBlob == true {
            message = "The column holds text beside blobs, and some text has the bytes of some blob."
            remedy = "Correct the rows, or exclude the table: as bytes they could not be told apart."
        } else {
            message = "The column holds text in \(rows(observed.texts)) and blobs in \(rows(observed.blobs))."
        }
        let finding = Finding(
            "text-mixed-with-blobs", .blocker, at: location, message, fix: remedy,
            rowCount: min(observed.blobs, observed.values - observed.blobs),
            examples: observed.sampleRowIDs(.blob, .text))
        return TypeDecision(codec: .bytesFromText, reason: "\(rule); blocked", findings: [finding])
    }

    /// U+0000 or bytes that are not UTF-8: no text of Postgres holds them.
    func decideUnstorable(_ observed: ColumnObservation) -> TypeDecision {
        let count = observed.textsWithNUL + observed.textsInvalidUTF8
        if unstorableText == .bytea, observed.isTexts {
            return asBytes(
                observed, "\(rows(count, "holds", "hold")) text that Postgres cannot", count: count,
                samples: [.nul, .invalidUTF8])
        }
        let finding = Finding(
            "unstorable-text", .blocker, at: location,
            "\(rows(count, "holds", "hold")) text with U+0000 or invalid UTF-8, which Postgres cannot hold.",
            fix: observed.isTexts
                ? "Use --unstorable-text bytea, or --column \(location.description)=bytea."
                : "Correct these rows, or exclude the table.",
            rowCount: count, examples: observed.sampleRowIDs(.nul, .invalidUTF8))
        return TypeDecision(codec: .bytesFromText, reason: "\(rule); blocked", findings: [finding])
    }

    private func asBytes(
        _ observed: ColumnObservation, _ cause: String, count: Int64? = nil,
        samples: [ColumnObservation.Sample]
    ) -> TypeDecision {
        let finding = Finding(
            "text-as-bytes", .loss, at: location,
            "The column becomes bytea, its text as UTF-8 bytes: \(cause).", rowCount: count ?? observed.texts,
            examples: samples.flatMap { observed.sampleRowIDs($0) }.firstFew)
        return TypeDecision(
            codec: .bytesFromText, reason: "\(rule); --unstorable-text bytea", findings: [finding])
    }

    /// The user's type holds if every value fits it; otherwise nothing moves.
    func decideOverride(_ observed: ColumnObservation) -> TypeDecision {
        if let codec = overrideCodec(observed) {
            var decision = accepted(codec, observed)
            decision.reason = rule
            if codec == .textFromNumbers, !isRestorableAsText(observed) || affinity == .text {
                decision.findings.append(
                    Finding(
                        "numbers-as-text", .loss, at: location,
                        "Numbers become text by \(author), and nothing tells them from text any more.",
                        rowCount: observed.integers + observed.reals,
                        examples: observed.sampleRowIDs(.integer, .real)))
            }
            return decision
        }
        let finding = Finding(
            "override-vetoed", .blocker, at: location,
            "The type \(proposal.codec.type.name) given by \(author) does not hold all values of the column.",
            fix: vetoRemedy(observed), rowCount: observed.candidate?.misfits,
            examples: observed.sampleRowIDs(.misfit))
        return TypeDecision(codec: proposal.codec, reason: "\(rule); blocked", findings: [finding])
    }

    private var author: String { rule == TypeRules.override ? rule : "the mapping" }

    private func vetoRemedy(_ observed: ColumnObservation) -> String {
        let hasNaive = observed.candidate?.withoutZone ?? 0 > 0
        if proposal.codec == .timestampWithTimeZone(assumedOffset: nil), hasNaive {
            return "Say where clocks without zone stood: --timezone UTC, or an offset."
        }
        return "Correct the rows that do not fit, or give another type."
    }

    private func overrideCodec(_ observed: ColumnObservation) -> ValueCodec? {
        switch proposal.codec {
        case .textFromNumbers:
            guard observed.blobs == 0, observed.textsWithNUL + observed.textsInvalidUTF8 == 0 else {
                return nil
            }
            return observed.isTexts ? .text : .textFromNumbers
        case .bytesFromText:
            if observed.isBlobs { return .bytes }
            guard observed.integers + observed.reals == 0 else { return nil }
            return observed.blobs == 0 || observed.textEqualsBlob == false ? .bytesFromText : nil
        case .timestamp:
            guard let candidate = observed.candidate, observed.isTexts,
                candidate.misfits + candidate.withOffset == 0
            else { return nil }
            return .timestamp
        default:
            return fittingCodec(observed)
        }
    }
}
