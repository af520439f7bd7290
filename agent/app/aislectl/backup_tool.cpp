// aislectl backup: one consistent copy of the agent's database, with the agent up or down, and the
// way back.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/store/backup.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct BackupCall {
    std::string data = "/var/lib/aisle";
    std::string file;
    bool restore = false;
};

int run(const BackupCall& options, const Outcome& outcome) {
    const store::BackupCall call{.data_dir = options.data, .file = options.file};
    const bool missing = options.restore && !std::filesystem::exists(options.file);
    const Status done = options.restore
                            ? store::restore_backup(call, runtime::SystemClock{0}.now().wall)
                            : store::backup(call);
    if (!done) {
        const int exit = fail(done.error());
        if (missing) return kNoInput;
        return done.error().fault == Fault::Full ? kIo : exit;
    }
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(
        options.restore ? options.data + "/aisle.db" : options.file, ignored);
    json::object answer;
    answer[options.restore ? "restored" : "backup"] = options.file;
    answer["data"] = options.data;
    answer["bytes"] = static_cast<std::int64_t>(bytes);
    print(json::serialize(answer), outcome);
    return kOk;
}

}  // namespace

void add_backup(CLI::App& app, Outcome& outcome) {
    auto options = std::make_shared<BackupCall>();
    auto* call = app.add_subcommand("backup", "copy the agent's database, or bring a copy back");
    call->add_option("--data", options->data, "the agent's data directory")->capture_default_str();
    call->add_flag("--restore", options->restore,
                   "put FILE in the database's place (the agent must be down); the next start "
                   "begins a new epoch");
    call->add_option("FILE", options->file, "the copy")->required();
    call->callback([options, &outcome] { outcome.exit = run(*options, outcome); });
}

}  // namespace aisle::app::ctl
