#include "chain.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <fstream>
#include <sstream>

#include "agent/app/keys.hpp"
#include "agent/sqlite/database.hpp"
#include "sync/hq/hq_pages.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::chain {
namespace {

namespace fs = std::filesystem;

// The worlds' time begins four hours before the tests' noon.
constexpr milliseconds kToNoon = std::chrono::hours{4};
constexpr minutes kAnswerMax{2};
constexpr std::size_t kPacketMax = 8 * 1024 * 1024;  // beyond all bounds of what comes down

hq::Today day_of(WallTime now) {
    const auto day = std::chrono::floor<std::chrono::days>(now);
    return {.date = Date{day}, .from = day, .to = day + std::chrono::days{1}};
}

}  // namespace

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

boost::json::object json_of(const runtime::HttpResponse& response) {
    boost::system::error_code error;
    auto value = boost::json::parse(response.body, error);
    if (!error && value.is_object()) return std::move(value.get_object());
    ADD_FAILURE() << response.status << ": " << response.body;
    return {};
}

std::string basket_campaign(const std::string& id, std::int64_t off_fen,
                            const std::string& limits) {
    return R"({"schema": 1, "id": ")" + id +
           R"(", "trigger": {"type": "basket"}, "action": {"type": "spend_tiers", "tiers": [[10000, )" +
           std::to_string(off_fen) + R"(]]}, "experiment": {"holdout": 0})" +
           (limits.empty() ? "" : R"(, "limits": )" + limits) + "}";
}

Device::Device(world::Timeline& timeline, world::Network& network, std::string name,
               std::string dir)
    : timeline_{timeline}, network_{network}, name_{std::move(name)}, dir_{std::move(dir)} {
    clock.off = kToNoon;
    config.store.id = name_;
    config.store.data_dir = data_dir();
    config.store.ballast_mb = 1;
    config.uplink.enabled = true;
    config.doors.push_back({.id = "main"});
    fs::create_directories(data_dir());
    EXPECT_TRUE(app::create_keys(data_dir()));
}

app::Platform Device::platform() {
    const auto run = [node = node_.get()](runtime::Task task) {
        node->post(std::move(task));
        return true;
    };
    return {.loop = *node_,
            .metrics = *metrics_,
            .http = *routes_,
            .write = run,
            .read = run,
            .slow = run,
            .random = [noise = world::Noise{std::hash<std::string>{}(name_),
                                            static_cast<std::uint64_t>(
                                                starts_)}]() mutable { return noise.next(); },
            .transport = [this](const app::LinkWish&) { return network_.client(*node_, name_); },
            .drivers = app::all_drivers(),
            .resident_bytes = [] { return 1.0; },
            .broken = [](const Error& error) { ADD_FAILURE() << error.detail; },
            .hints = nullptr};
}

void Device::start() {
    ++starts_;
    node_ = std::make_unique<world::Node>(timeline_, clock);
    metrics_ = runtime::make_metrics();
    routes_ = std::make_unique<Routes>();
    auto opened = app::open_shop(
        config,
        {.clock = node_->clock(), .boot_id = name_ + "-boot", .disk = sqlite::system_disk()});
    ASSERT_TRUE(opened) << opened.error().why;
    node_->set_boot(opened->boot);
    shop_ = std::make_unique<app::Shop>(std::move(*opened), platform());
    const Status prepared = shop_->prepare();
    ASSERT_TRUE(prepared) << prepared.error().detail;
    shop_->start();
}

void Device::kill() {
    shop_.reset();
    node_.reset();
    routes_.reset();
    metrics_.reset();
}

std::vector<std::string> Device::journal(const std::string& kind) {
    std::vector<std::string> bodies;
    const auto reader = store::StoreReader::open(data_dir());
    const auto rows = (*reader)->read(JournalQuery{.kind = kind, .limit = 100'000});
    for (const JournalRow& row : *rows) bodies.push_back(row.record.body);
    return bodies;
}

Chain::Chain(ChainSettings settings) {
    clock_.off = kToNoon;
    network.weather.packet_bytes_max = kPacketMax;
    const auto made = hq::make_signing_key(keys_dir);
    key = *hq::load_signing_key(keys_dir + "/" + made->id + ".secret");
    hq::StoreKeys keys;
    const std::string campaigns = folder.file("campaigns");
    fs::create_directories(campaigns);
    for (std::size_t i = 0; i < settings.campaigns.size(); ++i)
        std::ofstream{campaigns + "/" + std::to_string(i) + ".json"} << settings.campaigns[i];
    for (const auto& name : settings.stores) {
        auto device = std::make_unique<Device>(timeline, network, name, folder.file(name));
        for (const auto& zone : settings.zones)
            device->config.zones.push_back({.id = zone, .scanners = {"gw-" + zone}});
        device->config.offers.campaigns_dir = campaigns;
        device->config.customers.link_cards = settings.link_cards;
        const std::string trusted = device->data_dir() + "/keys/hq";
        fs::create_directories(trusted);
        fs::copy(keys_dir + "/" + made->id + ".pub", trusted + "/" + made->id + ".pub");
        const std::string hex = text_of(device->data_dir() + "/keys/store.key").substr(0, 64);
        EXPECT_TRUE(keys.add(name, hex, teller_.clock().now().wall - std::chrono::hours{1}));
        EXPECT_TRUE(keys.save(keys_dir, name));
        devices[name] = std::move(device);
    }
    start_hq();
    for (auto& [name, device] : devices) device->start();
    whisperer_ = network.client(teller_, "whisperer");
    whisperer_->start();
    pass(seconds{5});
}

Chain::~Chain() {
    devices.clear();
    kill_hq();
}

void Chain::start_hq() {
    hq_node_ = std::make_unique<world::Node>(timeline, clock_);
    hq_metrics_ = runtime::make_metrics();
    hq_routes_ = std::make_unique<Routes>();
    const auto run = [node = hq_node_.get()](runtime::Task task) {
        node->post(std::move(task));
        return true;
    };
    store_ = std::move(*hq::open_event_store("sqlite:" + folder.file("hq.db")));
    hq_link_ = network.client(*hq_node_, "hq");
    collector_ = std::make_unique<hq::Collector>(
        hq::Collector::Parts{*hq_link_, *store_, *hq_node_, *hq_metrics_, run});
    down_ = std::make_unique<hq::Downlink>(
        hq::Downlink::Parts{.store = *store_,
                            .storage = run,
                            .worker = run,
                            .loop = *hq_node_,
                            .metrics = *hq_metrics_,
                            .random = [this] { return noise_.next(); },
                            .publish =
                                [this](Message message, std::function<void(Status)> answer) {
                                    return collector_->publish(std::move(message),
                                                               std::move(answer));
                                }},
        hq::DownlinkSettings{.keys_dir = keys_dir,
                             .signing_key = keys_dir + "/" + key.id + ".secret"});
    hq::add_pages(*hq_routes_, {*collector_, *store_, *hq_node_, *hq_metrics_, run, day_of});
    down_->add_routes(*hq_routes_);
    collector_->on_presence([this](const std::string& name, const hq::Presence& presence) {
        down_->presence(name, presence);
    });
    collector_->on_notice([this] { down_->noticed(); });
    const Status started = down_->start();
    ASSERT_TRUE(started) << started.error().detail;
    collector_->start();
}

void Chain::kill_hq() {
    down_.reset();
    collector_.reset();
    hq_link_.reset();
    hq_node_.reset();
    hq_routes_.reset();
    store_.reset();
    hq_metrics_.reset();
}

void Chain::pass(milliseconds time) {
    const MonoTime end = timeline.now() + time;
    while (timeline.run_one(end)) {
    }
}

bool Chain::until(const std::function<bool()>& holds, milliseconds most) {
    const MonoTime end = timeline.now() + most;
    while (!holds()) {
        if (timeline.now() >= end) return false;
        pass(milliseconds{100});
    }
    return true;
}

// "POST /api/v1/erasures"
runtime::HttpResponse Chain::call(Routes& routes, const std::string& what,
                                  runtime::HttpRequest request) {
    const auto blank = what.find(' ');
    request.method = what.substr(0, blank);
    request.path = what.substr(blank + 1);
    const auto answer = std::make_shared<std::optional<runtime::HttpResponse>>();
    routes.call(std::move(request),
                [answer](runtime::HttpResponse response) { *answer = std::move(response); });
    until([&] { return answer->has_value(); }, kAnswerMax);
    return answer->value_or(runtime::HttpResponse{.status = 0});
}

runtime::HttpResponse Chain::hq(const std::string& what, std::string body,
                                std::map<std::string, std::string> query, const std::string& type) {
    return call(
        *hq_routes_, what,
        {.query = std::move(query), .headers = {{"content-type", type}}, .body = std::move(body)});
}

runtime::HttpResponse Chain::shop(const std::string& store, const std::string& what,
                                  std::string body, bool local) {
    return call(device(store).routes(), what,
                {.headers = {{"content-type", "application/json"}},
                 .body = std::move(body),
                 .peer = "127.0.0.1",
                 .local = local});
}

boost::json::object Chain::hq_json(const std::string& what, std::string body) {
    return json_of(hq(what, std::move(body)));
}

int Chain::sell(const std::string& store, std::int64_t seq, std::int64_t fen, const Payer& payer) {
    const std::string amount = std::to_string(fen);
    const std::string body =
        R"({"source":"till","store":")" + store + R"(","till":"1","seq":)" + std::to_string(seq) +
        R"(,"business_date":"2026-06-12","ended_at":")" + to_rfc3339(teller_.clock().now().wall) +
        R"(","currency":"CNY","lines":[{"n":1,"kind":"sale","sku":"SKU1","text":"item",)" +
        R"("qty_milli":1000,"unit":"ea","gross":)" + amount + R"(,"discount":0,"net":)" + amount +
        R"(}],"tenders":[{"kind":"cash","amount":)" + amount + R"(,"change":0}],)" +
        (payer.member.empty() ? "" : R"("member":")" + payer.member + R"(",)") +
        (payer.card.empty() ? "" : R"("card_hash":")" + payer.card + R"(",)") + R"("total":)" +
        amount + "}";
    const auto answer = shop(store, "POST /api/v1/sales", body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status;
}

void Chain::whisper(const std::string& store, wire::Channel channel, std::string payload) {
    (void)whisperer_->publish(
        {.topic = wire::to_text({StoreId{store}, channel}), .payload = std::move(payload)},
        [](const Status&) {});
    pass(seconds{3});
}

std::vector<std::string> Chain::at_hq(const std::string& kind, const std::string& store) {
    std::vector<std::string> bodies;
    auto database = sqlite::Database::open(folder.file("hq.db"), {.read_only = true});
    auto rows = database->prepare(
        "SELECT body FROM events WHERE kind LIKE ? AND (? = '' OR store = ?) ORDER BY received_at, "
        "store, epoch, seq");
    if (!rows) return bodies;
    rows->bind(1, kind).bind(2, store).bind(3, store);
    for (auto more = rows->step(); more && *more; more = rows->step())
        bodies.push_back(rows->text(0));
    return bodies;
}

void Chain::roll_out(const wire::Bundle& bundle, std::map<std::string, std::string> plan) {
    const auto answer =
        hq("POST /api/v1/bundles", wire::seal(wire::Purpose::Bundle, key, wire::to_json(bundle)),
           std::move(plan));
    EXPECT_EQ(answer.status, 200) << answer.body;
}

}  // namespace aisle::chain
