import SQLiteSyntax
import Schema

extension NamePolicy {
    /// Returns `name` as the policy spells it; never empty unless `name` is.
    func applied(to name: String) -> String {
        switch self {
        case .preserve: name
        case .lower: SQLiteName.folded(name)
        case .snake: snake(name)
        }
    }

    /// `OrderItems` → `order_items`, `HTTPServer` → `http_server`, `unit price` → `unit_price`.
    private func snake(_ name: String) -> String {
        let characters = Array(name)
        var result = ""
        for (position, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber || character == "_" else {
                if !result.isEmpty, result.last != "_" { result.append("_") }
                continue
            }
            if character.isUppercase, position > 0, result.last != "_", !result.isEmpty {
                let before = characters[position - 1]
                let startsWord = position + 1 < characters.count && characters[position + 1].isLowercase
                if before.isLowercase || before.isNumber || startsWord { result.append("_") }
            }
            result += character.lowercased()
        }
        while result.count > 1, result.last == "_", characters.last != "_" { result.removeLast() }
        return result.isEmpty ? name : result
    }
}
