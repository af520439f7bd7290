// aislectl offers shares, why-not: who got what, and what to say to who did not.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "agent/app/aislectl/tool.hpp"
#include "agent/offers/fairness.hpp"
#include "agent/offers/why_not.hpp"
#include "agent/records/offer_records.hpp"
#include "agent/store/reads.hpp"

namespace aisle::app::ctl {
namespace {

namespace json = boost::json;

struct FairnessCall {
    std::string data = "/var/lib/aisle";
    std::string reason;
    std::string language = "en";
};

// Each offer once, as it was made; its steps are revisions of it.
Result<offers::Shares> shares_in(store::StoreReader& reader) {
    constexpr std::size_t kPage = 1000;
    offers::Shares shares;
    for (std::int64_t after = 0;;) {
        const auto rows =
            reader.read(JournalQuery{.kind = "offer", .after_id = after, .limit = kPage});
        if (!rows) return rows.error();
        for (const JournalRow& row : *rows) {
            after = row.id;
            if (row.record.revision != 1) continue;
            if (const auto offer = records::offer_from_json(row.record.body)) shares.add(*offer);
        }
        if (rows->size() < kPage) return shares;
    }
}

int shares(const FairnessCall& options, const Outcome& outcome) {
    auto reader = store::StoreReader::open(options.data);
    if (!reader) return fail(reader.error());
    const auto counted = shares_in(**reader);
    if (!counted) return fail(counted.error());
    const auto unequal = counted->unequal();
    for (const auto& [key, figures] : counted->all()) {
        json::object line;
        line["campaign"] = key.campaign.value;
        line["version"] = key.version;
        line["segment"] = key.segment;
        if (!key.lot.empty()) line["lot"] = key.lot;
        line["offers"] = figures.offers;
        line["value"] = figures.value.minor();
        line["least"] = figures.least.minor();
        line["most"] = figures.most.minor();
        line["unequal"] = std::ranges::find(unequal, key) != unequal.end();
        print(json::serialize(line), outcome);
    }
    if (counted->left_out() > 0)
        std::cerr << "aislectl: " << counted->left_out()
                  << " offers of further segments left out\n";
    return unequal.empty() ? kOk : 1;
}

int why_not(const FairnessCall& options, const Outcome& outcome) {
    const auto reason = offers::reason_from(options.reason);
    if (!reason) return fail(malformed(options.reason + " is no reason of docs/offers.md")), kUsage;
    json::object line;
    line["reason"] = options.reason;
    line["say"] = std::string{offers::why_not(*reason, options.language)};
    print(json::serialize(line), outcome);
    return kOk;
}

}  // namespace

void add_fairness(CLI::App& offers, Outcome& outcome) {
    auto options = std::make_shared<FairnessCall>();
    auto* shares_call = offers.add_subcommand(
        "shares", "offers by campaign and segment; answers 1 where a segment was promised less");
    shares_call->add_option("--data", options->data, "the agent's data directory")
        ->capture_default_str();
    shares_call->callback([options, &outcome] { outcome.exit = shares(*options, outcome); });
    auto* why_call =
        offers.add_subcommand("why-not", "what to say to somebody who asks: why not me?");
    why_call->add_option("reason", options->reason, "of the closed list")->required();
    why_call->add_option("--lang", options->language, "en, zh-CN")->capture_default_str();
    why_call->callback([options, &outcome] { outcome.exit = why_not(*options, outcome); });
}

}  // namespace aisle::app::ctl
