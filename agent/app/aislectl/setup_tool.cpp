// aislectl init, config check, doctor: before an agent is started for the first time, and when it
// will not start.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/app/camera_module.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/app/keys.hpp"
#include "agent/runtime/time_zone.hpp"
#include "agent/store/reads.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct SetupCall {
    std::string config = "/etc/aisle/aisle.toml";
    std::string data = "/var/lib/aisle";
};

int init(const SetupCall& options, const Outcome& outcome) {
    const Status made = create_keys(options.data);
    if (!made) return fail(made.error());
    json::object answer;
    answer["keys"] = options.data + "/keys";
    print(json::serialize(answer), outcome);
    return kOk;
}

int check_config(const SetupCall& options, const Outcome& outcome) {
    const auto config = config::load_agent_config(options.config);
    if (!config) {
        std::cerr << config.error().detail << "\n";
        return config.error().fault == Fault::Unavailable ? kNoInput : kConfig;
    }
    json::object answer;
    answer["config"] = options.config;
    answer["store"] = config->store.id;
    answer["good"] = true;
    print(json::serialize(answer), outcome);
    return kOk;
}

class Doctor {
public:
    explicit Doctor(const Outcome& outcome) : outcome_{outcome} {}

    void look(const char* what, const Status& status) {
        json::object line;
        line["check"] = what;
        line["good"] = status.has_value();
        if (!status) line["why"] = status.error().detail, ill_ = true;
        print(json::serialize(line), outcome_);
    }
    [[nodiscard]] int exit() const { return ill_ ? kUnavailable : kOk; }

private:
    const Outcome& outcome_;
    bool ill_ = false;
};

template <typename T>
Status status_of(const Result<T>& result) {
    return result ? Status{} : Status{result.error()};
}

Status directory(const std::string& path) {
    if (path.empty() || std::filesystem::is_directory(path)) return {};
    return unavailable(path + " is not there");
}

int doctor(const SetupCall& options, const Outcome& outcome) {
    Doctor doctor{outcome};
    const auto config = config::load_agent_config(options.config);
    doctor.look("config", status_of(config));
    if (!config) return kConfig;
    const auto zone = runtime::open_time_zone(config->store.zone);
    doctor.look("time zone", status_of(zone));
    doctor.look("keys", status_of(load_keys(config->store.data_dir)));
    doctor.look("database", status_of(store::StoreReader::open(config->store.data_dir)));
    if (zone) {
        doctor.look("campaigns", status_of(load_campaigns(config->offers.campaigns_dir, **zone)));
    }
    for (const auto& dir : config->poslog_dirs)
        doctor.look("till directory", directory(dir.directory));
    doctor.look("reference directory", directory(config->reference_dir));
    if (!config->videos.empty()) doctor.look("camera module", status_of(camera_module()));
    return doctor.exit();
}

}  // namespace

void add_setup(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<SetupCall>();
    auto* init_call = app.add_subcommand("init", "make the shop's keys");
    init_call->add_option("--data", options->data, "the agent's data directory")
        ->capture_default_str();
    init_call->callback([options, &outcome] { outcome.exit = init(*options, outcome); });

    auto* config_call = app.add_subcommand("config", "settings")->require_subcommand(1);
    auto* check_call = config_call->add_subcommand("check", "say what is wrong with them");
    check_call->add_option("--config", options->config, "settings")->capture_default_str();
    check_call->callback([options, &outcome] { outcome.exit = check_config(*options, outcome); });

    auto* doctor_call = app.add_subcommand("doctor", "look at all that the agent needs");
    doctor_call->add_option("--config", options->config, "settings")->capture_default_str();
    doctor_call->callback([options, &outcome] { outcome.exit = doctor(*options, outcome); });
}

}  // namespace aisle::app::ctl
