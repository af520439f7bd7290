#include "agent/offers/answers.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace aisle::offers {
namespace json = boost::json;

std::optional<Reason> Witness::refuses(const Campaign& campaign, const Ask& ask) const {
    const auto reason = ledger_.refuses(campaign, ask);
    if (reason) heard_.refused.emplace_back(place(campaign), *reason);
    return reason;
}

std::optional<Money> Witness::left(const Campaign& campaign) const {
    const auto money = ledger_.left(campaign);
    if (money) heard_.left.emplace_back(place(campaign), *money);
    return money;
}

std::optional<Earlier> Witness::drawn(const Campaign& campaign, const Unit& unit) const {
    const auto earlier = ledger_.drawn(campaign, unit);
    // A price that is drawn by lot asks before the win asks again.
    const std::uint32_t here = place(campaign);
    if (earlier &&
        std::ranges::find(heard_.drawn, here, &LedgerAnswers::Arm::campaign) == heard_.drawn.end())
        heard_.drawn.push_back({.campaign = here,
                                .name = std::string{earlier->arm},
                                .bucket_version = earlier->bucket_version});
    return earlier;
}

std::int64_t Witness::promised(const std::string& sku) const {
    const std::int64_t pieces = ledger_.promised(sku);
    const bool told =
        std::ranges::find(heard_.promised, sku, &std::pair<std::string, std::int64_t>::first) !=
        heard_.promised.end();
    if (pieces != 0 && !told) heard_.promised.emplace_back(sku, pieces);
    return pieces;
}

std::int64_t KeptLedger::promised(const std::string& sku) const {
    const auto at =
        std::ranges::find(answers_.promised, sku, &std::pair<std::string, std::int64_t>::first);
    return at == answers_.promised.end() ? 0 : at->second;
}

std::optional<Reason> KeptLedger::refuses(const Campaign& campaign, const Ask&) const {
    const auto at = std::ranges::find(answers_.refused, place(campaign),
                                      &std::pair<std::uint32_t, Reason>::first);
    if (at != answers_.refused.end()) return at->second;
    if (campaign.limits.redemptions == 0) return Reason::Redemptions;
    return std::nullopt;
}

std::optional<Money> KeptLedger::left(const Campaign& campaign) const {
    const auto at =
        std::ranges::find(answers_.left, place(campaign), &std::pair<std::uint32_t, Money>::first);
    return at == answers_.left.end() ? campaign.limits.budget : at->second;
}

std::optional<Earlier> KeptLedger::drawn(const Campaign& campaign, const Unit&) const {
    const auto at =
        std::ranges::find(answers_.drawn, place(campaign), &LedgerAnswers::Arm::campaign);
    if (at == answers_.drawn.end()) return std::nullopt;
    return Earlier{.arm = at->name, .bucket_version = at->bucket_version};
}

namespace {

// Reads the parts of one answer; whatever is wrong is one fault.
class AnswerReader {
public:
    AnswerReader(const CampaignSet& set, FieldFaults& faults) : set_{set}, faults_{faults} {}

    std::optional<std::uint32_t> place(const json::value& value) {
        const auto number = integer(value);
        if (number && *number >= 0 && *number < std::ssize(set_.all()))
            return static_cast<std::uint32_t>(*number);
        wrong("names a campaign that the set does not have");
        return std::nullopt;
    }
    static std::optional<std::int64_t> integer(const json::value& value) {
        if (value.is_int64()) return value.get_int64();
        return std::nullopt;
    }
    // The parts of a list of lists of this size.
    template <typename Each>
    void tuples(const json::array* list, std::size_t size, Each each) {
        if (!list) return;
        for (const json::value& value : *list) {
            const json::array* const one = value.if_array();
            if (!one || one->size() != size) return wrong("must be lists of its parts");
            each(*one);
        }
    }
    void wrong(std::string why) { faults_.push_back({.path = "ledger", .reason = std::move(why)}); }

private:
    const CampaignSet& set_;
    FieldFaults& faults_;
};

}  // namespace

LedgerAnswers read_answers(const json::object& object, const CampaignSet& set,
                           FieldFaults& faults) {
    LedgerAnswers answers;
    Reader reader{object, "ledger", faults};
    AnswerReader parts{set, faults};
    const auto of = reader.text("set");
    if (!of || of->size() != kDigestKept || !set.digest().starts_with(*of)) {
        parts.wrong("is of another set of campaigns");
        return answers;
    }
    const json::object no_object;
    const json::object* const refused = reader.object("refused");
    for (const auto& [name, list] : refused ? *refused : no_object) {
        const auto reason = reason_from(name);
        if (!reason || !list.is_array()) parts.wrong("has a reason that is none");
        if (!reason || !list.is_array()) continue;
        for (const json::value& value : list.get_array())
            if (const auto place = parts.place(value))
                answers.refused.emplace_back(*place, *reason);
    }
    parts.tuples(reader.array("left"), 2, [&](const json::array& one) {
        const auto place = parts.place(one[0]);
        const auto money = AnswerReader::integer(one[1]);
        if (!money) parts.wrong("has an amount that is none");
        if (place && money) answers.left.emplace_back(*place, Money::minor(*money));
    });
    parts.tuples(reader.array("drawn"), 3, [&](const json::array& one) {
        const auto place = parts.place(one[0]);
        const auto version = AnswerReader::integer(one[2]);
        const bool good = one[1].is_string() && version && std::in_range<std::int32_t>(*version);
        if (!good) parts.wrong("has an arm that is none");
        if (place && good)
            answers.drawn.push_back({.campaign = *place,
                                     .name = std::string{one[1].get_string()},
                                     .bucket_version = static_cast<std::int32_t>(*version)});
    });
    parts.tuples(reader.array("promised"), 2, [&](const json::array& one) {
        const auto pieces = AnswerReader::integer(one[1]);
        if (!one[0].is_string() || !pieces) return parts.wrong("has a gift that is none");
        answers.promised.emplace_back(std::string{one[0].get_string()}, *pieces);
    });
    reader.finish();
    return answers;
}

}  // namespace aisle::offers
