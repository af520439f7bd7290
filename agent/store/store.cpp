#include "agent/store/store.hpp"

#include "agent/store/migrations.hpp"
#include "agent/store/store_inside.hpp"

namespace aisle::store {
namespace {

// What holds for this connection only. Erased means overwritten: secure_delete, whatever the
// library was built with. The page size holds for a database that has no pages yet.
std::string connection_pragmas(const StoreSettings& settings) {
    std::string sql = "PRAGMA page_size = " + std::to_string(settings.page_bytes) +
                      "; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                      "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
                      "PRAGMA cache_size = -4000; PRAGMA journal_size_limit = 16777216;"
                      "PRAGMA wal_autocheckpoint = " +
                      std::to_string(settings.checkpoint_pages) + ";";
    if (settings.pages_max > 0) {
        sql += "PRAGMA max_page_count = " + std::to_string(settings.pages_max) + ";";
    }
    return sql;
}

Error within(const std::string& path, const Error& error) {
    return {error.fault, path + ": " + error.detail};
}

}  // namespace

Store::~Store() {
    const bool ready =
        in_ != nullptr && in_->last_wall != WallTime{};  // a start that failed is not
    if (!ready || !in_->suspect.empty()) return;
    if (const auto now = in_->manifest_now(in_->last_wall)) (void)in_->manifest_file.keep(*now);
}

Result<std::unique_ptr<Store>> Store::open(const std::string& data_dir, const StoreSettings& given,
                                           WallTime now) {
    StoreSettings settings = given;
    if (settings.vfs.empty()) settings.vfs = settings.disk->vfs();
    const std::string path = data_dir + "/aisle.db";
    Space space{*settings.disk, data_dir, {settings.ballast_bytes, settings.ledger_reserve_bytes}};
    ManifestFile manifest{*settings.disk, data_dir};
    Start start{data_dir, {settings, space, manifest}, now};
    std::optional<DataLock> lock;
    if (settings.disk->vfs().empty()) {  // a simulated disk has no locks that others would see
        auto taken = DataLock::take(data_dir);
        if (!taken) return taken.error();
        lock.emplace(std::move(*taken));
    }
    start.read_manifest();
    for (int tries = 0;; ++tries) {
        auto database = start.open_database();
        if (!database) return within(path, database.error());
        std::unique_ptr<Store> store{new Store{std::move(*database), std::nullopt}};
        store->in_ = std::make_unique<Inside>(*store, data_dir, settings);
        auto ready = store->in_->set_up(start);
        if (ready) {
            if (lock) store->lock_.emplace(std::move(*lock));
            return store;
        }
        if (ready.error().fault == Fault::Full) space.relieve();
        const bool damaged = ready.error().fault == Fault::Malformed && tries < 2;
        const bool worth = damaged || (ready.error().fault == Fault::Full && tries < 2);
        if (!worth) return within(path, ready.error());
        store.reset();
        if (!damaged) continue;
        if (auto done = start.condemn(ready.error().detail); !done) return done.error();
    }
}

const Opening& Store::opening() const { return in_->opening; }

Status Store::Inside::within_transaction(const std::function<Status()>& work) {
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return transaction.error();
    if (auto done = work(); !done) return done;
    return transaction->commit();
}

Status Store::Inside::prepare() {
    if (auto done = self.prepare(); !done) return done;
    if (auto done = outbox.prepare(database); !done) return done;
    if (auto done = origins.prepare(database); !done) return done;
    return appender.prepare();
}

// What is in memory only, from the tables.
Status Store::Inside::load() {
    const auto known = self.depths();
    if (!known) return known.error();
    if (auto done = outbox.load(*known); !done) return done;
    rolled_to = 0;
    if (auto done = self.keys_.refresh(); !done) return done;
    return appender.load();
}

Status Store::Inside::set_up(Start& start) {
    if (auto done = database.exec(connection_pragmas(settings)); !done) return done;
    const auto mode = database.text("PRAGMA journal_mode");
    if (!mode) return mode.error();
    if (*mode != "wal") return unavailable("no write-ahead log here, but " + *mode);
    if (auto done = migrate(database); !done) return done;
    if (auto done = prepare(); !done) return done;
    if (auto done = load(); !done) return done;
    if (auto done = settle(start); !done) return done;
    space.tend();
    return {};
}

Status Store::append(const Batch& batch, WallTime committed_at) {
    const auto unused = [this]() -> std::int64_t {
        if (!in_->space.is_short()) return 0;
        const auto pages = database_.integer("PRAGMA freelist_count");
        return pages ? *pages * in_->settings.page_bytes : 0;
    };
    in_->last_wall = std::max(in_->last_wall, committed_at);
    if (auto admitted = in_->space.admit(batch, unused()); !admitted) return admitted;
    auto done = in_->appender.append(batch, committed_at);
    if (!done && done.error().fault == Fault::Full && in_->space.relieve()) {
        if (auto made = in_->make_room(committed_at); !made) return done;
        done = in_->appender.append(batch, committed_at);
    }
    if (!done && done.error().fault == Fault::Malformed) suspect(done.error().detail);
    return done;
}

Result<std::int64_t> Store::boot_number(std::string_view boot_id) {
    auto select = database_.prepare("SELECT number FROM boots WHERE boot_id = ?1");
    if (!select) return select.error();
    auto row = select->bind(1, boot_id).step();
    if (!row) return row.error();
    if (*row) return select->integer(0);
    auto insert = database_.prepare("INSERT INTO boots(boot_id) VALUES (?1)");
    if (!insert) return insert.error();
    if (auto done = insert->bind(1, boot_id).run(); !done) return done.error();
    return database_.last_insert_id();
}

Status Store::tend(WallTime now) {
    in_->last_wall = std::max(in_->last_wall, now);
    in_->space.tend();
    const auto manifest = in_->manifest_now(now);
    if (!manifest) return manifest.error();
    return in_->manifest_file.keep(*manifest);
}

void Store::suspect(std::string_view why) {
    if (!in_->suspect.empty()) return;
    in_->suspect = why.empty() ? "asked" : why;
    auto manifest = in_->manifest_file.read().value_or(Manifest{});
    manifest.suspect = in_->suspect;
    (void)in_->manifest_file.write(manifest);
}

}  // namespace aisle::store
