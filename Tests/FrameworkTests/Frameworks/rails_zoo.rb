# Every column type, key, index and constraint of ActiveRecord, in one small schema.
#
#     rails_zoo.rb make|dump|write URL
#
# URL is sqlite:PATH or a conninfo with host, port, user and dbname.
require "active_record"
require "bigdecimal"

url = ARGV[1]
if url.start_with?("sqlite:")
  ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: url[7..])
else
  parts = url.split.to_h { |word| word.split("=", 2) }
  ActiveRecord::Base.establish_connection(
    adapter: "postgresql", host: parts["host"], port: parts["port"], username: parts["user"], database: parts["dbname"])
end

class CreateZoo < ActiveRecord::Migration[6.1]
  def change
    create_table :keepers do |t|
      t.string :name, null: false, limit: 40
      t.string :email, null: false, default: "none"
      t.text :note
      t.timestamps
      t.index :name, unique: true
    end
    create_table :cages, id: false do |t|
      t.string :code, primary_key: true
      t.boolean :locked, null: false, default: true
    end
    create_table :animals do |t|
      t.string :name, null: false
      t.boolean :tame, null: false, default: false
      t.boolean :vaccinated
      t.date :born, null: false
      t.datetime :seen, null: false
      t.time :fed
      t.time :rests, default: "08:00:00"
      t.decimal :price, precision: 12, scale: 2, null: false, default: 0
      t.decimal :tax
      t.float :weight, default: 1.5
      t.json :facts
      t.binary :photo
      t.integer :score, null: false, default: 0
      t.integer :rank, limit: 2, default: 7
      t.bigint :steps, null: false
      t.references :keeper, null: false, foreign_key: { on_delete: :cascade }
      t.references :parent, foreign_key: { to_table: :animals }
      t.references :owner, polymorphic: true
      t.string :cage_code
      t.timestamps
      t.index [:name, :born], unique: true
      t.index [:rank, :score], order: { score: :desc }
      t.index :steps, unique: true, where: "score > 10"
      t.check_constraint "score >= 0", name: "animals_score"
      t.foreign_key :cages, column: :cage_code, primary_key: :code
    end
  end
end

class Keeper < ActiveRecord::Base; end
class Cage < ActiveRecord::Base; self.primary_key = "code"; end
class Animal < ActiveRecord::Base; end

MODELS = [Keeper, Cage, Animal]

def make
  ActiveRecord::Migration.verbose = false
  ActiveRecord::SchemaMigration.create_table
  ActiveRecord::InternalMetadata.create_table
  ActiveRecord::SchemaMigration.create!(version: "20240101000000")
  ActiveRecord::InternalMetadata[:environment] = "test"
  CreateZoo.migrate(:up)
  Keeper.create!(name: "Ann")
  Keeper.create!(name: "Bjørn", email: "b@example.org", note: "long " * 90)
  Cage.create!(code: "north")
  facts = [{}, { "b" => [1, 2.5, nil, true], "a" => 1 }, [1, "é"], "text", 7, { "n" => { "deep" => ["x"] } }, nil]
  moment = Time.utc(2024, 3, 31, 0, 30)
  Animal.transaction do
    210.times do |number|
      Animal.create!(
        name: "animal #{number} ü", tame: number.even?, vaccinated: [nil, true, false][number % 3],
        born: Date.new(1900 + number, 1 + number % 12, 1 + number % 28),
        seen: moment + number * 3600 + Rational(number * 4679, 1_000_000),
        fed: number % 5 == 0 ? nil : Time.utc(2000, 1, 1, number % 24, number % 60, 7, number * 11),
        price: BigDecimal(number * 1237 - 9000) / 100, tax: BigDecimal(number) / 8, weight: number / 7.0,
        facts: facts[number % 7], photo: number % 4 == 0 ? nil : (0...number).to_a.pack("C*"),
        score: number * 1000, rank: number - 32768, steps: number - (1 << 62), keeper_id: 1 + number % 2,
        parent_id: number > 2 && number.odd? ? number / 2 : nil, cage_code: number % 4 == 0 ? "north" : nil,
        owner_type: number % 2 == 0 ? "Keeper" : nil, owner_id: number % 2 == 0 ? 1 : nil)
    end
  end
end

def shown(value)
  case value
  when ActiveSupport::TimeWithZone, Time then value.utc.strftime("%F %T.%6N")
  when BigDecimal then value.to_s("F")
  when String then value.encoding == Encoding::BINARY ? value.unpack1("H*") : value.inspect
  else value.inspect
  end
end

def dump
  MODELS.each do |model|
    # The times at which the rows were made are those of the one run.
    model.order(model.primary_key).each do |row|
      puts ([model.name] + row.attributes.map { |name, value| "#{name}=#{shown(value)}" }).join("\t")
    end
  end
  puts Animal.where(tame: true).where("seen >= ?", Time.utc(2024, 4, 1)).count
  puts Animal.where(fed: nil).count, Animal.where(vaccinated: true, cage_code: "north").count
end

# A row by the framework into what we made: defaults, sequences and types take it.
def write
  animal = Animal.create!(
    name: "new", tame: true, born: Date.new(2024, 1, 1), seen: Time.utc(2024, 1, 1), fed: "12:30", price: 1,
    facts: { "a" => 1 }, steps: 0, keeper_id: 1)
  again = Animal.find(animal.id)
  raise "not as written" unless again.id > 210 && again.tame == true && again.rank == 7 && again.weight == 1.5 &&
    again.facts == { "a" => 1 } && again.fed.strftime("%T") == "12:30:00" && again.rests.strftime("%T") == "08:00:00"
  puts "written"
end

{ "make" => :make, "dump" => :dump, "write" => :write }.fetch(ARGV[0]).then { |step| send(step) }
