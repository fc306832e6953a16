internal import ArgumentParser
internal import Monitoring

/// What `check` and `watch` judge by.
struct ThresholdFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Change a threshold, such as stall=250ms; repeat for more.", valueName: "name=value"))
    var threshold: [String] = []

    func validate() throws { _ = try rules() }

    func rules() throws -> VerdictRules {
        var rules = VerdictRules()
        for text in threshold {
            do {
                try rules.set(text)
            } catch {
                throw ValidationError(error.message)
            }
        }
        return rules
    }
}

extension VerdictRules.SettingFailure {
    var message: String {
        switch self {
        case .form(let text): "--threshold takes name=value, not '\(text)'"
        case .unknown(let name):
            "there is no threshold '\(name)'; there are "
                + VerdictRules.thresholds.map(\.name).joined(separator: ", ")
        case .range(let name, let range): "--threshold \(name) takes \(range)"
        }
    }
}
