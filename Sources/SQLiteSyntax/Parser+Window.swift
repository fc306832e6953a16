// Windows: FILTER and OVER behind a call, the WINDOW clause, frames.
extension Parser {
    /// `WINDOW` is a keyword only before `name AS`; elsewhere it is a name.
    var startsWindowClause: Bool {
        token.keyword == .window && isName(token(ahead: 1)) && token(ahead: 2).keyword == .as
    }

    /// `WINDOW name AS (…), …`.
    mutating func windowClause() throws(SyntaxError) -> [NamedWindow] {
        try expect(.window)
        var result: [NamedWindow] = []
        repeat {
            let name = try name("the name of a window")
            try expect(.as)
            result.append(NamedWindow(name, try window()))
            tallest = max(tallest, height)
        } while accept(.comma)
        return result
    }

    /// `FILTER (WHERE …)` and `OVER …`; the height is that of the taller one.
    mutating func filterAndOver(_ call: inout FunctionCall) throws(SyntaxError) {
        height = 0
        if token.keyword == .filter, token(ahead: 1).kind == .leftParenthesis {
            index += 2
            try expect(.where)
            call.filter = try expression()
            try expect(.rightParenthesis, ")")
        }
        guard token.keyword == .over, token(ahead: 1).kind == .leftParenthesis || isName(token(ahead: 1))
        else { return }
        advance()
        guard token.kind == .leftParenthesis else {
            call.over = .named(try name("the name of a window"))
            return
        }
        let filterHeight = height
        call.over = .window(try window())
        height = max(height, filterHeight)
    }

    /// Reads `(…)`; the height is that of its tallest expression.
    private mutating func window() throws(SyntaxError) -> Window {
        try expect(.leftParenthesis, "(")
        var result = Window()
        if isName(token), !startsWindowPart { result.base = try name("the name of a window") }
        height = 0
        if accept(.partition) {
            try expect(.by)
            guard token.kind != .rightParenthesis else { throw unexpected("an expression") }
            result.partitionBy = try expressionList()
        }
        var tallestPart = height
        result.orderBy = try orderBy()
        tallestPart = max(tallestPart, height)
        result.frame = try frame()
        height = max(tallestPart, height)
        try expect(.rightParenthesis, ")")
        return result
    }

    private var startsWindowPart: Bool {
        switch token.keyword {
        case .partition, .rows, .range, .groups: true
        default: false
        }
    }

    private mutating func frame() throws(SyntaxError) -> Window.Frame? {
        height = 0
        let unit: Window.Unit
        switch token.keyword {
        case .rows: unit = .rows
        case .range: unit = .range
        case .groups: unit = .groups
        default: return nil
        }
        advance()
        guard accept(.between) else {
            let start = try bound(isStart: true)
            return Window.Frame(unit, from: start, excluding: try exclusion())
        }
        let start = try bound(isStart: true)
        let startHeight = height
        try expect(.and)
        let end = try bound(isStart: false)
        height = max(height, startHeight)
        return Window.Frame(unit, from: start, to: end, excluding: try exclusion())
    }

    private mutating func bound(isStart: Bool) throws(SyntaxError) -> Window.Bound {
        if accept(.unbounded) {
            height = 0
            try expect(isStart ? .preceding : .following)
            return isStart ? .unboundedPreceding : .unboundedFollowing
        }
        if accept(.current) {
            height = 0
            try expect(.row)
            return .currentRow
        }
        let distance = try expression()
        if accept(.preceding) { return .preceding(distance) }
        guard accept(.following) else { throw unexpected("PRECEDING or FOLLOWING") }
        return .following(distance)
    }

    private mutating func exclusion() throws(SyntaxError) -> Window.Exclusion? {
        guard accept(.exclude) else { return nil }
        if accept(.no) {
            try expect(.others)
            return .noOthers
        }
        if accept(.current) {
            try expect(.row)
            return .currentRow
        }
        if accept(.group) { return .group }
        guard accept(.ties) else { throw unexpected("NO OTHERS, CURRENT ROW, GROUP or TIES") }
        return .ties
    }
}
