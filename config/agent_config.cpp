#include "config/agent_config.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "agent/core/time.hpp"

#include "config/endpoint.hpp"
#include "config/toml_reader.hpp"

namespace aisle::config {
namespace {

bool made_of(std::string_view text, std::string_view allowed, std::size_t size_max) {
    return !text.empty() && text.size() <= size_max &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view kIdLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kNameBytesMax = 64;
constexpr std::array kCounterFields{"records", "id",  "door",      "at",    "from",  "to",
                                    "in",      "out", "direction", "count", "object"};

milliseconds milliseconds_of(Table& table, std::string_view key, Table::Range range) {
    return milliseconds{table.integer(key, range)};
}

// A name that other records, metrics and log lines will carry: short, plain, and once in its list.
std::string own_name(Table& row, std::string_view key, std::set<std::string>& taken) {
    std::string name = row.required(key);
    const bool plain = std::ranges::none_of(name, [](char c) {
        return c == '|' || c == '"' || c == '\\' || c == 0x7f ||
               static_cast<unsigned char>(c) < ' ';
    });
    if (!plain) row.fault(key, "must not contain | quotes or line ends");
    if (name.size() > kNameBytesMax) row.fault(key, "must be at most 64 bytes");
    if (!name.empty() && !taken.insert(name).second) row.fault(key, "is used twice: " + name);
    return name;
}

StoreConfig read_store(Table store) {
    StoreConfig config;
    config.id = store.required("id");
    if (!config.id.empty() && !made_of(config.id, kIdLetters, 32)) {
        store.fault("id", "must be 1 to 32 of a-z, 0-9 and -");
    }
    config.name = store.text("name", config.id);
    config.zone = store.text("zone", config.zone);
    config.currency = store.text("currency", config.currency);
    if (!made_of(config.currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3) || config.currency.size() != 3) {
        store.fault("currency", "must be an ISO 4217 code, as \"CNY\"");
    }
    config.minor_digits = static_cast<int>(store.integer("minor_digits", {2, 0, 3}));
    config.business_day_cut = store.time_of_day("business_day_cut", config.business_day_cut);
    if (config.business_day_cut >= std::chrono::hours{12}) {
        store.fault("business_day_cut", "must be before noon");
    }
    config.data_dir = store.text("data_dir", config.data_dir);
    config.outbox_quota_mb = store.integer("outbox_quota_mb", {512, 10, 1'000'000});
    config.ballast_mb = store.integer("ballast_mb", {32, 0, 10'000});
    return config;
}

TlsConfig read_tls(Table& broker) {
    TlsConfig tls{.enabled = broker.flag("tls", false),
                  .ca_file = broker.text("ca_file", ""),
                  .cert_file = broker.text("cert_file", ""),
                  .key_file = broker.text("key_file", ""),
                  .plaintext_allowed = broker.flag("plaintext_allowed", false)};
    if (tls.cert_file.empty() != tls.key_file.empty())
        broker.fault(
            tls.cert_file.empty() ? "key_file" : "cert_file",
            tls.cert_file.empty() ? "must come with cert_file" : "must come with key_file");
    if (!tls.enabled && !(tls.ca_file + tls.cert_file).empty())
        broker.fault("tls", "must be true where ca_file or cert_file is told");
    return tls;
}

BrokerConfig read_broker(Table broker) {
    BrokerConfig config;
    config.tls = read_tls(broker);
    for (const Endpoint& address : further_endpoints(broker, "further_addresses"))
        config.further.push_back({address.host, address.port});
    config.enabled = broker.has("address");
    // All keys are asked for even so: without its address a table keeps its settings, and a
    // misspelt `address` is told the right word.
    if (config.enabled) {
        const Endpoint address = endpoint(broker, "address", "");
        config.host = address.host;
        config.port = address.port;
    } else {
        (void)broker.text("address", "");
    }
    config.client_id = broker.text("client_id", "");
    config.username = broker.text("username", "");
    config.password_file = broker.text("password_file", "");
    config.reconnect_max = seconds{broker.integer("reconnect_max_s", {300, 1, 3600})};
    return config;
}

void read_pos(Table pos, AgentConfig& config) {
    std::set<std::string> names;
    for (Table& row : pos.tables("poslog_dir")) {
        PoslogDirConfig dir;
        dir.source = own_name(row, "source", names);
        dir.directory = row.required("directory");
        constexpr const char* kProfiles[] = {"generic", "ncr"};
        dir.profile = kProfiles[row.choice("profile", {"generic", "ncr"})];
        dir.done_dir = row.text("done_dir", "");
        dir.scan_every = milliseconds_of(row, "scan_every_ms", {5000, 100, 600'000});
        dir.stable_for = milliseconds_of(row, "stable_for_ms", {2000, 0, 600'000});
        dir.incomplete_after = minutes{row.integer("incomplete_after_min", {10, 1, 1440})};
        config.poslog_dirs.push_back(dir);
    }
    Table push = pos.table("http_push");
    config.http_push.enabled = push.flag("enabled", true);
    config.http_push.secret_file = push.text("secret_file", "");
}

void check_door(Table& row, const std::string& door, const AgentConfig& config) {
    const bool known =
        std::ranges::any_of(config.doors, [&](const auto& d) { return d.id == door; });
    if (!door.empty() && !known) row.fault("door", "names no [[door]]: " + door);
}

CounterConfig read_counter(Table& row, const std::string& source, const AgentConfig& config) {
    CounterConfig counter;
    counter.source = source;
    counter.door = row.required("door");
    check_door(row, counter.door, config);
    constexpr const char* kKinds[] = {"interval", "event", "cumulative"};
    counter.kind = kKinds[row.choice("kind", {"interval", "event", "cumulative"})];
    constexpr const char* kFormats[] = {"generic", "xovis_live", "xovis_logics", "axis_analytics",
                                        "axis_people"};
    counter.format = kFormats[row.choice("format", {kFormats, kFormats + std::size(kFormats)})];
    counter.swapped = row.texts("swapped");
    Table lines = row.table("lines");
    for (const std::string& line : lines.keys()) {
        counter.lines[line] = lines.text(line, "");
        check_door(row, counter.lines[line], config);
    }
    if (counter.format == "axis_analytics" && counter.lines.empty()) {
        row.fault("format", "needs [counter.lines]: each scenario counts one direction of a door");
    }
    counter.topic = row.text("topic", "");
    counter.report_every = seconds{row.integer("report_every_s", {0, 0, 86'400})};
    counter.url = row.text("url", "");
    counter.poll_every = seconds{row.integer("poll_every_s", {60, 1, 3'600})};
    counter.username = row.text("username", "");
    counter.password_file = row.text("password_file", "");
    if (!counter.url.empty() && !counter.url.starts_with("http://"))
        row.fault("url", "must begin with http://");
    Table fields = row.table("fields");
    for (const char* field : kCounterFields) counter.fields[field] = fields.text(field, "");
    return counter;
}

void read_doors(Table& root, AgentConfig& config) {
    std::set<std::string> names;
    for (Table& row : root.tables("door")) {
        DoorConfig door;
        door.id = own_name(row, "id", names);
        door.counts = row.flag("counts", true);
        door.zone = row.text("zone", "");
        config.doors.push_back(door);
    }
    names.clear();
    for (Table& row : root.tables("counter")) {
        config.counters.push_back(read_counter(row, own_name(row, "source", names), config));
    }
    names.clear();
    for (Table& row : root.tables("video")) {
        VideoConfig video;
        video.source = own_name(row, "source", names);
        video.url = row.required("url");
        video.scene = row.required("scene");
        Table doors = row.table("doors");
        for (const std::string& line : doors.keys()) {
            video.doors[line] = doors.text(line, "");
            check_door(row, video.doors[line], config);
        }
        video.loop = row.flag("loop", false);
        video.paced = row.flag("paced", true);
        video.detector = row.text("detector", video.detector);
        video.model = row.text("model", "");
        video.model_sha256 = row.text("model_sha256", "");
        video.every = row.integer("every", {1, 1, 30});
        config.videos.push_back(video);
    }
}

void read_footfall(Table footfall, FootfallConfig& config) {
    config.opens = footfall.time_of_day("opens", config.opens);
    config.closes = footfall.time_of_day("closes", config.closes);
    config.long_stay = std::chrono::minutes{footfall.integer("long_stay_min", {120, 10, 1440})};
}

// A door's zone is one that tags are heard in.
void check_door_zones(Table& root, const AgentConfig& config) {
    for (const DoorConfig& door : config.doors) {
        const bool known = std::ranges::any_of(
            config.zones, [&](const ZoneConfig& zone) { return zone.id == door.zone; });
        if (!door.zone.empty() && !known) {
            root.fault("door", "door " + door.id + " names no [[zone]]: " + door.zone);
        }
    }
}

void read_beacons(Table& root, AgentConfig& config) {
    std::set<std::string> names;
    for (Table& row : root.tables("gateway")) {
        GatewayConfig gateway;
        gateway.source = own_name(row, "source", names);
        constexpr const char* kFormats[] = {"theengs", "minew"};
        gateway.format = kFormats[row.choice("format", {"theengs", "minew"})];
        gateway.topic = row.required("topic");
        gateway.scanner = row.text("scanner", "");
        config.gateways.push_back(gateway);
    }
    names.clear();
    std::set<std::string> scanners;
    for (Table& row : root.tables("zone")) {
        ZoneConfig zone;
        zone.id = own_name(row, "id", names);
        zone.scanners = row.texts("scanners");
        for (const std::string& scanner : zone.scanners) {
            if (!scanners.insert(scanner).second)
                row.fault("scanners", "is in two zones: " + scanner);
        }
        config.zones.push_back(zone);
    }
    Table presence = root.table("presence");
    config.presence.window = milliseconds_of(presence, "window_ms", {4000, 500, 60'000});
    config.presence.margin_db = static_cast<int>(presence.integer("margin_db", {6, 0, 40}));
    config.presence.min_dwell = milliseconds_of(presence, "min_dwell_ms", {3000, 0, 600'000});
    config.presence.exit_silence =
        milliseconds_of(presence, "exit_silence_ms", {10'000, 1000, 3'600'000});
    if ((!config.gateways.empty() ||
         std::ranges::any_of(config.counters, [](const auto& c) { return !c.topic.empty(); })) &&
        !config.shop_broker.enabled) {
        root.fault("shop_broker", "is needed: a [[gateway]] or a [[counter]] listens to a topic");
    }
}

void check_cuts(Table& table, std::string_view key, const std::vector<std::int64_t>& cuts) {
    if (cuts.size() != 4 || !std::ranges::is_sorted(cuts, std::less_equal<>{}) ||
        cuts.front() < 0) {
        table.fault(key, "must be four rising numbers");
    }
}

void read_abuse(Table abuse, AbuseConfig& config) {
    const auto read = [&](std::string_view key, std::int64_t& value, std::int64_t least,
                          std::int64_t most) {
        value = abuse.integer(key, {value, least, most});
    };
    read("card_sales_day", config.card_sales_day, 2, 100);
    read("card_sales_rush", config.card_sales_rush, 2, 100);
    read("rush_min", config.rush_min, 1, 600);
    read("split_baskets", config.split_baskets, 2, 20);
    read("split_min", config.split_min, 1, 120);
    read("split_over_bp", config.split_over_bp, 1, 10'000);
    read("refunds_week", config.refunds_week, 2, 50);
    read("gift_grace_min", config.gift_grace_min, 0, 1'440);
    read("false_per_till_week_permille", config.false_per_till_week_permille, 1, 100);
}

void read_offers(Table& root, AgentConfig& config) {
    Table offers = root.table("offers");
    config.offers.campaigns_dir = offers.text("campaigns_dir", "");
    config.offers.code_prefix = offers.text("code_prefix", "29");
    if (!made_of(config.offers.code_prefix, kDigits, 5) || config.offers.code_prefix.size() < 2) {
        offers.fault("code_prefix", "must be 2 to 5 digits");
    }
    config.offers.zone_prompts_max = offers.integer("zone_prompts_max", {0, 0, 1'000});
    config.offers.staff_offers_max = offers.integer("staff_offers_max", {0, 0, 1'000});
    config.offers.queue_max = offers.integer("queue_max", {0, 0, 1'000});
    config.offers.queue_zones = offers.texts("queue_zones");
    config.offers.was_price_days = offers.integer("was_price_days", {30, 1, 90});
    read_abuse(root.table("abuse"), config.abuse);

    Table customers = root.table("customers");
    CustomersConfig& c = config.customers;
    c.recency_days = customers.integers("recency_days", c.recency_days);
    check_cuts(customers, "recency_days", c.recency_days);
    c.frequency = customers.integers("frequency", c.frequency);
    check_cuts(customers, "frequency", c.frequency);
    c.monetary_minor = customers.integers("monetary_minor", c.monetary_minor);
    check_cuts(customers, "monetary_minor", c.monetary_minor);
    c.at_risk_days = customers.integer("at_risk_days", {45, 1, 3650});
    c.dormant_days = customers.integer("dormant_days", {90, 1, 3650});
    c.lost_days = customers.integer("lost_days", {180, 1, 3650});
    if (c.at_risk_days >= c.dormant_days || c.dormant_days >= c.lost_days) {
        customers.fault("dormant_days", "must lie between at_risk_days and lost_days");
    }
    const std::string scores = customers.text("rfm", "cuts");
    c.quantiles = scores == "quantiles";
    if (!c.quantiles && scores != "cuts")
        customers.fault("rfm", "must be \"cuts\" or \"quantiles\"");
    c.link_cards = customers.flag("link_cards", false);
    c.tag_confidence_permille = customers.integer("tag_confidence_permille", {500, 0, 1000});
}

void read_retention(Table table, RetentionConfig& config) {
    const auto days = [&](std::string_view key, int fallback) {
        return static_cast<int>(table.integer(key, {fallback, 1, 3650}));
    };
    config.ledger_days = days("ledger_days", config.ledger_days);
    config.offers_days = days("offers_days", config.offers_days);
    config.footfall_days = days("footfall_days", config.footfall_days);
    config.health_days = days("health_days", config.health_days);
    config.local_days = days("local_days", config.local_days);
    config.quarantine_days = days("quarantine_days", config.quarantine_days);
}

}  // namespace

Result<AgentConfig> parse_agent_config(std::string_view text, const std::string& name) {
    TomlFile file{text, name};
    Table root = file.root();
    AgentConfig config;
    config.store = read_store(root.table("store"));

    Table http = root.table("http");
    const Endpoint listen = loopback_endpoint(http, "listen", "127.0.0.1:8480");
    config.http.host = listen.host;
    config.http.port = listen.port;
    config.http.unix_socket = http.text("unix_socket", config.http.unix_socket);

    config.uplink = read_broker(root.table("uplink"));
    config.shop_broker = read_broker(root.table("shop_broker"));
    read_pos(root.table("pos"), config);
    read_doors(root, config);
    read_footfall(root.table("footfall"), config.footfall);
    read_beacons(root, config);
    check_door_zones(root, config);
    config.reference_dir = root.table("reference").text("directory", "");
    read_offers(root, config);
    read_retention(root.table("retention"), config.retention);
    constexpr const char* kLevels[] = {"info", "debug", "warn", "error"};
    config.log_level =
        kLevels[root.table("log").choice("level", {"info", "debug", "warn", "error"})];

    if (const Status status = verdict(file); !status) return status.error();
    return config;
}

Result<AgentConfig> load_agent_config(const std::string& path) {
    const auto text = read_text_file(path);
    if (!text) return text.error();
    return parse_agent_config(*text, path);
}

}  // namespace aisle::config
