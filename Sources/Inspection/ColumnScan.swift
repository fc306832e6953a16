internal import CopyEncoding
internal import SQLiteClient
internal import Schema

/// What is being learned about one column while its table is scanned.
struct ColumnScan {
    private(set) var observation = ColumnObservation()
    private let check: ValueCheck?
    private var candidateObservation: CandidateObservation?

    private static let exactDouble: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
    private static let sampleCount = 5

    init(candidate: ValueCodec?) {
        // Plain numbers, text and bytes are judged by the counts alone.
        let isJudged =
            switch candidate {
            case nil, .integer, .double, .text, .textFromNumbers, .bytes, .bytesFromText: false
            default: true
            }
        let judged = isJudged ? candidate : nil
        check = judged.map { ValueCheck($0) }
        candidateObservation = judged.map { CandidateObservation(codec: $0) }
    }

    var result: ColumnObservation {
        var result = observation
        result.candidate = candidateObservation
        return result
    }

    /// Looks at one value; returns its length in bytes.
    mutating func observe(_ value: BorrowedValue, rowID: Int64) -> Int64 {
        let byteCount: Int64
        switch value.storageClass {
        case .null:
            observation.nulls += 1
            if observation.nulls == 1 { sample(.null, rowID) }
            return 0
        case .integer:
            observe(integer: value.integer, rowID: rowID)
            byteCount = 8
        case .real:
            observe(real: value.real, rowID: rowID)
            byteCount = 8
        case .text:
            byteCount = observe(text: value, rowID: rowID)
        case .blob:
            observation.blobs += 1
            if observation.blobs <= Self.sampleCount { sample(.blob, rowID) }
            byteCount = Int64(value.byteCount)
            observation.maxByteCount = max(observation.maxByteCount, byteCount)
        }
        if let check { judge(value, by: check, rowID: rowID) }
        return byteCount
    }

    private mutating func observe(integer: Int64, rowID: Int64) {
        observation.integers += 1
        if observation.integers <= Self.sampleCount { sample(.integer, rowID) }
        observation.minInteger = min(observation.minInteger ?? integer, integer)
        observation.maxInteger = max(observation.maxInteger ?? integer, integer)
        if integer & ~1 != 0 { observation.integersBeyondBoolean += 1 }
        if !Self.exactDouble.contains(integer) {
            observation.integersBeyondDouble += 1
            sample(.bigInteger, rowID)
        }
    }

    private mutating func observe(real: Double, rowID: Int64) {
        observation.reals += 1
        if observation.reals <= Self.sampleCount { sample(.real, rowID) }
        if real == 0, real.sign == .minus {
            observation.negativeZeros += 1
            sample(.negativeZero, rowID)
        }
        if real.isInfinite {
            observation.infinities += 1
            sample(.infinity, rowID)
        }
        if real.rounded(.towardZero) != real || abs(real) > 9_007_199_254_740_992 {
            observation.fractionalReals += 1
            if observation.fractionalReals <= Self.sampleCount { sample(.fractionalReal, rowID) }
        }
    }

    private mutating func observe(text value: BorrowedValue, rowID: Int64) -> Int64 {
        observation.texts += 1
        if observation.texts <= Self.sampleCount { sample(.text, rowID) }
        let traits = TextTraits(value)
        if traits.hasNUL {
            observation.textsWithNUL += 1
            sample(.nul, rowID)
        }
        if !traits.isValidUTF8 {
            observation.textsInvalidUTF8 += 1
            sample(.invalidUTF8, rowID)
        }
        if traits.looksNumeric { observation.textsLookingNumeric += 1 }
        let byteCount = Int64(value.byteCount)
        observation.maxByteCount = max(observation.maxByteCount, byteCount)
        return byteCount
    }

    private mutating func judge(_ value: BorrowedValue, by check: ValueCheck, rowID: Int64) {
        let fit = check.observe(value)
        candidateObservation?.count(fit)
        guard !fit.isFitting else { return }
        if fit.zone == .offset {
            // Another codec takes it: a finding of its own, not a misfit.
            candidateObservation?.misfits -= 1
            sample(.offset, rowID)
        } else {
            sample(.misfit, rowID)
        }
    }

    private mutating func sample(_ kind: ColumnObservation.Sample, _ rowID: Int64) {
        guard observation.samples[kind]?.count ?? 0 < Self.sampleCount else { return }
        observation.samples[kind, default: []].append(rowID)
    }
}
