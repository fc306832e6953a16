import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// Each trigger that can be vouched for; the others are losses with their SQL.
    mutating func translateTriggers(reading relations: Relations) {
        var triggers = source.triggers.map(TriggerSource.init)
        triggers.removeAll { isNeedless($0) }
        let map = TriggerMap(triggers, source: source)
        self.relations = relations
        effects = map.effects
        var functions = Namer()
        for trigger in triggers {
            if let table = trigger.object.table, source.table(named: table) != nil, !options.includes(table) {
                continue
            }
            do throws(Untranslatable) {
                try add(trigger, map, relations, &functions)
            } catch {
                let table = trigger.object.table.map { " on \($0)" } ?? ""
                findings.append(
                    Finding(
                        "trigger-not-carried", .loss, at: Location(trigger.object.name),
                        "The trigger\(table) is not carried because \(error.reason).",
                        fix: "Write it for Postgres.", sql: trigger.object.sql))
            }
        }
    }

    /// It only keeps full-text tables up to date, which are generated columns now.
    private mutating func isNeedless(_ trigger: TriggerSource) -> Bool {
        guard !fullText.isEmpty, let definition = trigger.definition,
            let kept = FullTextTrigger(trigger: definition, fates: fullText).keptTables
        else { return false }
        let names = Set(kept.map(SQLiteName.folded)).sorted().joined(separator: ", ")
        findings.append(
            Finding(
                "full-text-trigger-not-needed", .info, at: Location(trigger.object.name),
                "The trigger on \(definition.table) is not made: it keeps \(names) up to date, which is a generated "
                    + "column in Postgres.",
                sql: trigger.object.sql))
        return true
    }

    private mutating func add(
        _ trigger: TriggerSource, _ map: TriggerMap, _ relations: Relations, _ functions: inout Namer
    ) throws(Untranslatable) {
        let definition = try trigger.parsed.get()
        let environment = QueryEnvironment(relations: relations, options: options)
        let relation = try ChangedRelation(named: definition.table, in: environment)
        let translation = TriggerTranslation(
            definition: definition, environment: environment, effects: map.effects, relation: relation,
            hasSiblings: map.hasSiblings(definition))
        var result = try translation.translated(source: trigger.object.name)
        let name = options.names.applied(to: trigger.object.name.isEmpty ? "trigger" : trigger.object.name)
        result.name = Namer.shortened(name)
        result.function = functions.take(name)
        result.isGuarded = map.mayReturn(to: definition)
        target.triggers.append(result)
        noteDifferences(of: trigger, definition, relation)
    }

    /// What the trigger does otherwise than in SQLite, where that can show.
    private mutating func noteDifferences(
        of trigger: TriggerSource, _ definition: CreateTrigger, _ relation: ChangedRelation
    ) {
        let location = Location(trigger.object.name)
        let fails = definition.actions.contains { action in
            if case .select(let query) = action { query.holdsFail } else { false }
        }
        if fails {
            findings.append(
                Finding(
                    "trigger-fail-aborts", .loss, at: location,
                    "RAISE(FAIL) keeps the rows that the statement has changed before; in Postgres they are "
                        + "given up with the rest of it.",
                    fix: "Use RAISE(ABORT) if that is meant.", sql: trigger.object.sql))
        }
        guard let table = relation.table else { return }
        let key = table.rowKeyNames
        let views = target.views
        let readers: (String) -> Set<String> = { name in
            guard let view = views.first(where: { SQLiteName.equal($0.source, name) }) else { return [] }
            return view.query.allRelations(views).contains(table.target)
                ? [SQLiteName.folded(table.name)] : []
        }
        if definition.timing == .after, definition.seesOwnRows(through: readers, key: key) {
            findings.append(
                Finding(
                    "trigger-timing", .loss, at: location,
                    "The trigger sees other rows of \(table.name). Of a statement that changes several rows, SQLite "
                        + "runs it after each row and Postgres after the last one.",
                    fix: "See that the order does not matter, or change one row with each statement.",
                    sql: trigger.object.sql))
        }
        if definition.timing == .before, definition.event == .insert,
            let alias = table.columns.first(where: \.isRowIDAlias),
            trigger.object.sql.readsNew(alias.name)
        {
            findings.append(
                Finding(
                    "trigger-new-id", .info, at: location,
                    "NEW.\(alias.name) is the row's id in Postgres; in SQLite it is -1 when the INSERT gives none.",
                    sql: trigger.object.sql))
        }
    }
}

extension String {
    /// `NEW.name` stands in the text.
    fileprivate func readsNew(_ name: String) -> Bool {
        let words = SQLiteName.folded(self).split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
        let names = ["new." + SQLiteName.folded(name), "new.rowid", "new.oid", "new._rowid_"]
        return words.contains { names.contains(String($0)) }
    }
}

extension TargetQuery {
    /// The relations that it reads, those of views that it reads included.
    fileprivate func allRelations(_ views: [TargetView]) -> Set<String> {
        var result: Set<String> = []
        var open = relations
        while let name = open.popFirst() {
            guard result.insert(name).inserted, let view = views.first(where: { $0.name == name }) else {
                continue
            }
            open.formUnion(view.query.relations)
        }
        return result
    }
}

/// Which trigger can set off which.
struct TriggerMap: Sendable {
    let effects: ChangeEffects
    private let triggers: [CreateTrigger]
    /// By folded name: the tables that rows of others go or change with.
    private var children: [String: Set<String>] = [:]

    init(_ sources: [TriggerSource], source: SourceSchema) {
        triggers = sources.compactMap(\.definition)
        var effects = ChangeEffects()
        for trigger in triggers {
            effects.triggers[SQLiteName.folded(trigger.table), default: []].insert(trigger.eventName)
        }
        for table in source.tables {
            for key in table.foreignKeys {
                let parent = SQLiteName.folded(key.clause.table)
                effects.references[parent, default: []].append(key.clause.onDelete)
                let acts: (ForeignKeyClause.Action?) -> Bool = {
                    $0 == .cascade || $0 == .setNull || $0 == .setDefault
                }
                if acts(key.clause.onDelete) || acts(key.clause.onUpdate) {
                    children[parent, default: []].insert(SQLiteName.folded(table.name))
                }
            }
        }
        self.effects = effects
    }

    func hasSiblings(_ trigger: CreateTrigger) -> Bool {
        triggers.count { $0.eventName == trigger.eventName && SQLiteName.equal($0.table, trigger.table) } > 1
    }

    /// Its changes may reach its own table again, through whatever triggers and foreign keys.
    func mayReturn(to trigger: CreateTrigger) -> Bool {
        let own = SQLiteName.folded(trigger.table)
        var open = trigger.changedNames
        var reached: Set<String> = []
        while let name = open.popFirst() {
            guard reached.insert(name).inserted else { continue }
            open.formUnion(children[name] ?? [])
            for other in triggers where SQLiteName.folded(other.table) == name {
                open.formUnion(other.changedNames)
            }
        }
        return reached.contains(own)
    }
}
