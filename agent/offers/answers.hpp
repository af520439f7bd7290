#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "agent/offers/ask.hpp"
#include "agent/offers/json_reader.hpp"

// What the ledger answered while one decision was made, so that the same decision can be made again
// without a ledger. Only what mattered is kept: a campaign that was refused, money that was asked
// for, an arm that was drawn before. Everything else follows from set and context.
namespace aisle::offers {

// Campaigns by their place in CampaignSet::all(): the set's digest fixes it, and a place takes a
// third of an id's bytes.
struct LedgerAnswers {
    struct Arm {
        std::uint32_t campaign = 0;
        std::string name;
        std::int32_t bucket_version = 0;
    };
    std::vector<std::pair<std::uint32_t, Reason>> refused;
    std::vector<std::pair<std::uint32_t, Money>> left;
    std::vector<Arm> drawn;
    std::vector<std::pair<std::string, std::int64_t>> promised = {};  // pieces of a gift, by SKU

    [[nodiscard]] bool empty() const {
        return refused.empty() && left.empty() && drawn.empty() && promised.empty();
    }
};

// Stands between a decision and its ledger and writes down what is said.
class Witness final : public Ledger {
public:
    Witness(const CampaignSet& set, const Ledger& ledger) : set_{set}, ledger_{ledger} {}
    [[nodiscard]] std::optional<Reason> refuses(const Campaign& campaign,
                                                const Ask& ask) const override;
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override;
    [[nodiscard]] std::optional<Earlier> drawn(const Campaign& campaign,
                                               const Unit& unit) const override;
    [[nodiscard]] std::int64_t promised(const std::string& sku) const override;
    [[nodiscard]] const LedgerAnswers& heard() const { return heard_; }

private:
    [[nodiscard]] std::uint32_t place(const Campaign& campaign) const {
        return static_cast<std::uint32_t>(&campaign - set_.all().data());
    }

    const CampaignSet& set_;
    const Ledger& ledger_;
    mutable LedgerAnswers heard_;
};

// Gives the same answers again. Nothing was granted and everything is left where none was kept.
class KeptLedger final : public Ledger {
public:
    KeptLedger(const CampaignSet& set, LedgerAnswers answers)
        : set_{set}, answers_{std::move(answers)} {}
    [[nodiscard]] std::optional<Reason> refuses(const Campaign& campaign,
                                                const Ask& ask) const override;
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override;
    [[nodiscard]] std::optional<Earlier> drawn(const Campaign& campaign,
                                               const Unit& unit) const override;
    [[nodiscard]] std::int64_t promised(const std::string& sku) const override;

private:
    [[nodiscard]] std::uint32_t place(const Campaign& campaign) const {
        return static_cast<std::uint32_t>(&campaign - set_.all().data());
    }

    const CampaignSet& set_;
    LedgerAnswers answers_;
};

// How much of the digest stands in a context, so that places are never looked up in another set:
// enough to tell the sets of one shop apart.
inline constexpr std::size_t kDigestKept = 8;
// Faults: another set's, a place beyond the set, a reason that is none.
LedgerAnswers read_answers(const boost::json::object& object, const CampaignSet& set,
                           FieldFaults& faults);

}  // namespace aisle::offers
