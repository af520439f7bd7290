#include "agent/app/rehearsal.hpp"

#include <algorithm>

#include "agent/app/restore.hpp"
#include "drivers/reference/reference_lines.hpp"

// The shop itself: its database, its engines, and what it is told of the chain.
namespace aisle::app {
namespace {

constexpr milliseconds kDay{24LL * 60 * 60 * 1000};
constexpr seconds kTickOpen{5};
constexpr minutes kTickClosed{10};
constexpr std::size_t kRecordsTogether = 100;  // a transaction a shopper would take hours of disk

ShopKeys keys_of(std::uint64_t seed) {
    ShopKeys keys{.pseudonyms = {.bytes = {}, .id = "rehearsal"}, .codes = "a rehearsal"};
    simulated::Noise noise{seed, 71};
    for (std::uint8_t& byte : keys.pseudonyms.bytes)
        byte = static_cast<std::uint8_t>(noise.below(256));
    return keys;
}

config::AgentConfig config_of(const RehearsalSettings& settings) {
    config::AgentConfig config;
    config.store.id = "rehearsal";
    config.store.data_dir = settings.data_dir;
    config.doors.push_back({.id = "main"});
    for (const std::string& zone : simulated::make_chain(settings.seed).zones)
        config.zones.push_back({.id = zone, .scanners = {"gw-" + zone}});
    return config;
}

}  // namespace

Rehearsal::Rehearsal(RehearsalSettings settings, const TimeZone& zone, SetOfDay set_of_day)
    : settings_{std::move(settings)},
      zone_{zone},
      set_of_day_{std::move(set_of_day)},
      noise_{settings_.seed, 72},
      began_{std::chrono::hours{1}} {
    turn_.now = {.boot = 1, .mono = began_, .wall = settings_.from, .quality = ClockQuality::Ntp};
}

Rehearsal::~Rehearsal() = default;

Result<std::unique_ptr<Rehearsal>> Rehearsal::make(RehearsalSettings settings, const TimeZone& zone,
                                                   SetOfDay set_of_day) {
    std::unique_ptr<Rehearsal> made{
        new Rehearsal{std::move(settings), zone, std::move(set_of_day)}};
    if (const Status opened = made->open(); !opened) return opened.error();
    return made;
}

// Also what a restart does: nothing is carried over but the database.
Status Rehearsal::open() {
    floor_.reset();
    engines_.reset();
    store_.reset();
    auto store = store::Store::open(
        settings_.data_dir,
        {.store = StoreId{"rehearsal"}, .epoch = "00000000000e5e11", .ballast_bytes = 0},
        settings_.from);
    if (!store) return store.error();
    store_ = std::move(*store);
    auto engines = Engines::make(config_of(settings_), keys_of(settings_.seed), zone_);
    if (!engines) return engines.error();
    engines_ = std::move(*engines);
    floor_ = std::make_unique<Floor>(*engines_, [this](const Offer& offer) { meet(offer); });
    if (settings_.segments) engines_->customers.segments(settings_.segments);
    engines_->offers->load(set_of_day_(day_));
    const auto boot = store_->boot_number("rehearsal");
    if (!boot) return boot.error();
    turn_.now.boot = *boot;
    if (const Status restored = restore_engines(*store_, *engines_, turn_.now); !restored)
        return restored;
    if (const Status restored = restore_floor(*store_, *floor_); !restored) return restored;
    tell_reference();
    return {};
}

// As the files of the reference directory would. What is known already changes nothing.
void Rehearsal::tell_reference() {
    const auto files = simulated::reference_files(simulated::make_chain(settings_.seed),
                                                  to_rfc3339(settings_.from - kDay));
    for (const auto& [name, bytes] : files) {
        const auto kind = std::ranges::find_if(reference::kReferenceFiles,
                                               [&](auto file) { return file_name(file) == name; });
        auto parsed = reference::parse_reference(*kind, bytes);
        if (!parsed) continue;
        const auto clean = engines_->intake.reference(
            {.source = "rehearsal", .file = name, .rows = std::move(parsed->rows)});
        for (const ReferenceRow& row : clean.reading.rows) {
            if (const auto* product = std::get_if<ProductRow>(&row))
                engines_->customers.product(*product);
            if (const auto* fact = std::get_if<FactRow>(&row)) engines_->facts.push_back(*fact);
            if (const auto* tag = std::get_if<TagRow>(&row))
                engines_->tags[TagKey{tag->tag}] = *tag;
            if (const auto* member = std::get_if<MemberRow>(&row)) floor_->member(turn_, *member);
        }
    }
    tell_weather(weather_);
}

// Drawn by its number, so that a restart changes nothing.
void Rehearsal::tell_weather(int number) {
    weather_ = number;
    simulated::Noise noise{settings_.seed + static_cast<std::uint64_t>(number), 73};
    std::erase_if(engines_->facts, [](const FactRow& row) { return row.key == "ctx.weather"; });
    const bool known = noise.chance(850);
    if (known)
        engines_->facts.push_back(
            {.key = "ctx.weather", .value = std::string{noise.chance(400) ? "rain" : "sun"}});
    for (FactRow& row : engines_->facts)
        if (row.key.starts_with("stock.")) row.value = noise.between(0, 60);
    engines_->context_changed();
}

void Rehearsal::at(milliseconds when, std::function<void()> what) {
    agenda_.emplace(std::max(when, now_), std::move(what));
}

Status Rehearsal::commit() {
    Batch batch = std::exchange(turn_.batch, {});
    std::vector<Record> records = std::exchange(batch.records, {});
    std::size_t done = 0;
    while (records.size() - done > kBatchRecordsMax) {
        Batch part;
        const auto from = records.begin() + static_cast<std::ptrdiff_t>(done);
        part.records.assign(from, from + static_cast<std::ptrdiff_t>(kBatchRecordsMax));
        done += kBatchRecordsMax;
        if (const Status kept = store_->append(part, turn_.now.wall); !kept) return kept;
    }
    batch.records.assign(records.begin() + static_cast<std::ptrdiff_t>(done), records.end());
    if (batch.empty()) return {};
    return store_->append(batch, turn_.now.wall);
}

Status Rehearsal::commit_when_full() {
    // What is said follows at once: nobody else is here who could see it too early.
    auto after = std::exchange(turn_.after, {});
    for (const auto& say : after) say();
    if (turn_.batch.records.size() < kRecordsTogether) return {};
    return commit();
}

Status Rehearsal::live_until(milliseconds end) {
    while (!agenda_.empty() && agenda_.begin()->first < end) {
        auto next = agenda_.extract(agenda_.begin());
        now_ = next.key();
        const milliseconds since = kDay * day_ + now_;
        turn_.now.wall = settings_.from + since;
        turn_.now.mono = began_ + since;
        turn_.now.quality = ClockQuality::Ntp;
        next.mapped()();
        if (const Status kept = commit_when_full(); !kept) return kept;
    }
    return {};
}

Status Rehearsal::run() {
    for (day_ = 0; day_ < settings_.days; ++day_)
        if (const Status played = play(day_); !played) return played;
    return commit();
}

Status Rehearsal::play(int day) {
    now_ = milliseconds{0};
    engines_->offers->load(set_of_day_(day));
    plan_day(day);
    const auto part = settings_.open / (settings_.restarts_per_day + 1);
    for (int n = 1; n <= settings_.restarts_per_day; ++n) {
        if (const Status lived = live_until(part * n); !lived) return lived;
        if (const Status kept = commit(); !kept) return kept;
        if (const Status opened = open(); !opened) return opened;
        ++played_.restarts;
    }
    return live_until(kDay);
}

void Rehearsal::plan_ticks() {
    const auto tick = [this] { floor_->tick(turn_); };
    for (milliseconds when{0}; when < settings_.open; when += kTickOpen) at(when, tick);
    for (milliseconds when = settings_.open; when < kDay; when += kTickClosed) at(when, tick);
}

}  // namespace aisle::app
