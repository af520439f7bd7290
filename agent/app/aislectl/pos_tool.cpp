// aislectl pos read: till files into aisle.sale/1, without a shop around them.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/intake/intake.hpp"
#include "agent/records/sale_json.hpp"
#include "agent/runtime/time_zone.hpp"
#include "drivers/pos/till_file.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct PosRead {
    std::string format = "auto";
    std::string profile = "generic";
    std::string store;
    std::string zone = "UTC";
    std::string currency;
    std::string source = "till";
    std::string quarantine;
    std::vector<std::string> files;
};

class Reader {
public:
    Reader(const PosRead& options, std::unique_ptr<TimeZone> zone, const Outcome& outcome)
        : options_{options}, zone_{std::move(zone)}, outcome_{outcome} {
        if (!options.quarantine.empty()) file_.open(options.quarantine, std::ios::trunc);
    }

    int read(const std::string& path) {
        auto bytes = read_input(path);
        if (!bytes) {
            std::cerr << "aislectl: " << bytes.error().detail << "\n";
            return kNoInput;
        }
        const auto format = pos::till_format_from(options_.format);
        if (!format) return fail(format.error()), kUsage;
        const pos::TillFileSettings settings{.format = *format,
                                             .profile = options_.profile,
                                             .driver = "aislectl/1",
                                             .source = options_.source,
                                             .store = StoreId{options_.store},
                                             .any_store = options_.store.empty(),
                                             .zone = zone_.get(),
                                             .currency = options_.currency,
                                             .origin = path};
        pos::TillFile file = pos::read_till_file(settings, std::move(*bytes));
        for (pos::TillDraft& sale : file.sales) accept(std::move(sale));
        for (const pos::TillReject& reject : file.rejects) {
            put_aside(reject.reason, reject.detail, reject.range.from, reject.range.to);
        }
        return file.sales.empty() && !file.rejects.empty() ? kBadInput : kOk;
    }

private:
    // The pseudonym needs a key, and a file on a desk has none: the same key for all, which says so
    // in its name.
    [[nodiscard]] intake::Intake intake_for(const Sale& sale) const {
        return intake::Intake{
            {.store = options_.store.empty() ? sale.store : StoreId{options_.store},
             .key = {.bytes = {}, .id = "desk"},
             .zone = zone_.get(),
             .currency = sale.currency,
             .minor_digits = sale.minor_digits}};
    }

    void accept(pos::TillDraft draft) {
        const intake::Intake intake = intake_for(draft.draft);
        const auto range = draft.range;
        auto cleaned = intake.sale({std::move(draft.draft), std::move(draft.raw)}, Stamp{});
        if (auto* clean = std::get_if<intake::CleanSale>(&cleaned)) {
            clean->sale.revision = 1;
            print(records::sale_json(clean->sale), outcome_);
            return;
        }
        const auto& item = std::get<Quarantined>(cleaned);
        put_aside(item.reason, item.detail, range.from, range.to);
    }

    void put_aside(const std::string& reason, const std::string& detail, std::size_t from,
                   std::size_t to) {
        json::object line;
        line["reason"] = reason;
        line["detail"] = detail;
        line["from"] = from;
        line["to"] = to;
        (file_.is_open() ? static_cast<std::ostream&>(file_) : std::cerr)
            << json::serialize(line) << "\n";
    }

    const PosRead& options_;
    std::unique_ptr<TimeZone> zone_;
    const Outcome& outcome_;
    std::ofstream file_;
};

int run(const PosRead& options, const Outcome& outcome) {
    auto zone = runtime::open_time_zone(options.zone);
    if (!zone) return fail(zone.error()), kUsage;
    Reader reader{options, std::move(*zone), outcome};
    int exit = kOk;
    for (const std::string& file : options.files) exit = std::max(exit, reader.read(file));
    return exit;
}

}  // namespace

void add_pos(CLI::App& app, Outcome& outcome) {
    auto* pos = app.add_subcommand("pos", "till files")->require_subcommand(1);
    auto options = std::make_shared<PosRead>();
    auto* read = pos->add_subcommand("read", "one aisle.sale/1 a line");
    read->add_option("--format", options->format, "auto, poslog, jsonl")->capture_default_str();
    read->add_option("--profile", options->profile, "generic, ncr")->capture_default_str();
    read->add_option("--store", options->store, "take sales of this store only");
    read->add_option("--tz", options->zone, "IANA zone of local times")->capture_default_str();
    read->add_option("--currency", options->currency, "where the file tells none");
    read->add_option("--source", options->source, "name of the till system")->capture_default_str();
    read->add_option("--quarantine", options->quarantine,
                     "file for what cannot be read (default: stderr)");
    read->add_option("files", options->files, "till files")->required();
    read->callback([options, &outcome] { outcome.exit = run(*options, outcome); });
}

}  // namespace aisle::app::ctl
