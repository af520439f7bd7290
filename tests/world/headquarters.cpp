#include "tests/world/headquarters.hpp"

#include <utility>

#include "agent/sqlite/database.hpp"
#include "tests/world/chain_keys.hpp"

namespace aisle::world {
namespace {

constexpr const char* kFile = "/hq/hq.db";

}  // namespace

Headquarters::Headquarters(Timeline& timeline, Network& network, std::uint64_t seed, Wrap wrap)
    : disk{seed},
      timeline_{timeline},
      network_{network},
      wrap_{std::move(wrap)},
      noise_{seed, 53},
      guard_{timeline_, clock_} {}

Headquarters::~Headquarters() { die(); }

void Headquarters::start() {
    starting_.cancel();
    disk.set_now(timeline_.truth());
    auto opened = hq::open_event_store(std::string{"sqlite:"} + kFile,
                                       {.accept_new = accept_another, .disk = &disk});
    if (!opened) {
        last_failure_ = opened.error().detail;
        return start_after(seconds{5});
    }
    accept_another = false;
    store_ = wrap_ ? wrap_(std::move(*opened)) : std::move(*opened);
    node_ = std::make_unique<Node>(timeline_, clock_);
    metrics_ = runtime::make_metrics();
    link_ = network_.client(*node_, "hq");
    collector_ = std::make_unique<hq::Collector>(
        hq::Collector::Parts{*link_, *store_, *node_, *metrics_, on_node()});
    if (!open_downlink()) return die();
    collector_->start();
}

hq::StorageRunner Headquarters::on_node() {
    return [node = node_.get()](runtime::Task task) {
        node->post(std::move(task));
        return true;
    };
}

// As hq_service.cpp puts them together.
bool Headquarters::open_downlink() {
    server_ = std::make_unique<Server>();
    downlink_ = std::make_unique<hq::Downlink>(
        hq::Downlink::Parts{.store = *store_,
                            .storage = on_node(),
                            .worker = on_node(),
                            .loop = *node_,
                            .metrics = *metrics_,
                            .random = [this] { return noise_.next(); },
                            .publish =
                                [this](Message message, std::function<void(Status)> answer) {
                                    return collector_->publish(std::move(message),
                                                               std::move(answer));
                                }},
        hq::DownlinkSettings{.keys_dir = hq_keys_dir(shops), .signing_key = hq_key_file(shops)});
    downlink_->add_routes(*server_);
    collector_->on_presence([this](const std::string& name, const hq::Presence& presence) {
        downlink_->presence(name, presence);
    });
    collector_->on_notice([this] { downlink_->noticed(); });
    const Status begun = downlink_->start();
    if (!begun) last_failure_ = begun.error().detail;
    return bool{begun};
}

void Headquarters::start_after(milliseconds pause) {
    starting_ = guard_.after(pause, [this] { start(); });
}

void Headquarters::die() {
    if (!collector_) return;
    disk.cut_after(1);
    downlink_.reset();
    server_.reset();
    collector_.reset();
    link_.reset();
    node_.reset();  // with the tasks that still hold the store
    store_.reset();
    metrics_.reset();
}

void Headquarters::take_down() {
    starting_.cancel();
    die();
    disk.restart({.mode = kit::PowerLoss::Mode::KeepAll});
}

void Headquarters::kill(milliseconds pause) {
    take_down();
    start_after(pause);
}

void Headquarters::cut_power(const kit::PowerLoss& loss, milliseconds pause) {
    starting_.cancel();
    die();
    disk.restart(loss);
    start_after(pause);
}

bool Headquarters::readable() {
    auto database = sqlite::Database::open(kFile, {.read_only = true, .vfs = disk.vfs()});
    return database && database->integer("SELECT count(*) FROM streams").has_value();
}

std::vector<HqRow> Headquarters::events() {
    std::vector<HqRow> all;
    auto database = sqlite::Database::open(kFile, {.read_only = true, .vfs = disk.vfs()});
    if (!database) return all;
    auto rows = database->prepare(
        "SELECT store, epoch, stream, seq, from_seq, kind, event_id, revision, at, boot, mono, "
        "body FROM events ORDER BY store, epoch, stream, seq");
    if (!rows) return all;
    for (auto more = rows->step(); more && *more; more = rows->step()) {
        all.push_back({.store = rows->text(0),
                       .epoch = rows->text(1),
                       .stream = rows->text(2),
                       .seq = rows->integer(3),
                       .from = rows->integer(4),
                       .kind = rows->text(5),
                       .event_id = rows->text(6),
                       .revision = rows->integer(7),
                       .at = parse_rfc3339(rows->text(8)).value_or(WallTime{}),
                       .boot = rows->integer(9),
                       .mono_us = rows->integer(10),
                       .body = rows->text(11)});
    }
    return all;
}

HqMarks Headquarters::marks() {
    HqMarks marks;
    auto database = sqlite::Database::open(kFile, {.read_only = true, .vfs = disk.vfs()});
    if (!database) return marks;
    auto rows = database->prepare("SELECT store, epoch, stream, next FROM streams");
    if (!rows) return marks;
    for (auto more = rows->step(); more && *more; more = rows->step())
        marks[{rows->text(0), rows->text(1), rows->text(2)}] = rows->integer(3);
    return marks;
}

HqElsewhere Headquarters::elsewhere() {
    HqElsewhere all;
    auto database = sqlite::Database::open(kFile, {.read_only = true, .vfs = disk.vfs()});
    if (!database) return all;
    auto rows = database->prepare(
        "SELECT a.store, a.epoch, a.stream, e.from_seq, e.to_seq, b.epoch, b.stream, "
        "e.shown_key & ((1 << 40) - 1) FROM elsewhere e JOIN streams a ON a.key = e.stream_key "
        "JOIN streams b ON b.key = e.shown_key >> 40");
    if (!rows) return all;
    for (auto more = rows->step(); more && *more; more = rows->step()) {
        const HqStream here{rows->text(0), rows->text(1), rows->text(2)};
        const HqStream there{rows->text(0), rows->text(5), rows->text(6)};
        const std::int64_t from = rows->integer(3), to = rows->integer(4);
        const std::int64_t shown = rows->integer(7);  // of `to`; those before it before
        for (std::int64_t seq = from; seq <= to; ++seq)
            all[{here, seq}] = {there, shown - (to - seq)};
    }
    return all;
}

}  // namespace aisle::world
