#include "drivers/simulated/truth.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace aisle::simulated {
namespace {

namespace json = boost::json;

struct Fact {
    milliseconds at;
    std::string line;
};

class Truth {
public:
    Truth(const Plan& plan, TruthSpan span) : plan_{plan}, span_{span} {}

    void add(const char* kind, milliseconds at, json::object fields) {
        if (at <= span_.from || at > span_.to) return;
        json::object line;
        line["kind"] = kind;
        line["at"] = to_rfc3339(plan_.settings.start + at);
        for (auto& field : fields) line[field.key()] = std::move(field.value());
        facts_.push_back({at, json::serialize(line)});
    }

    std::vector<std::string> lines() {
        std::ranges::stable_sort(facts_, {}, &Fact::at);
        std::vector<std::string> all;
        for (Fact& fact : facts_) all.push_back(std::move(fact.line));
        return all;
    }

private:
    const Plan& plan_;
    TruthSpan span_;
    std::vector<Fact> facts_;
};

void add_shopper(Truth& truth, const Shopper& shopper, const DueRule& due) {
    const auto who = [&] {
        json::object fields;
        fields["shopper"] = shopper.number;
        return fields;
    };
    truth.add("entry", shopper.enters, who());
    truth.add("exit", shopper.leaves, who());
    if (shopper.tag == nullptr) return;
    for (const Stay& stay : shopper.stays) {
        json::object visit = who();
        visit["zone"] = stay.zone;
        visit["dwell_ms"] = (stay.to - stay.from).count();
        visit["label"] = shopper.tag->label;
        truth.add("zone_visit", stay.to, std::move(visit));
        if (stay.zone != due.zone || stay.to - stay.from < due.dwell) continue;
        json::object offer = who();
        offer["zone"] = stay.zone;
        truth.add("offer_due", stay.from + due.dwell, std::move(offer));
    }
}

void add_receipt(Truth& truth, const Receipt& receipt) {
    static constexpr std::array<const char*, 6> kTypes{"sale", "return",  "exchange",
                                                       "void", "no_sale", "control"};
    static constexpr std::array<const char*, 5> kStatuses{"completed", "suspended", "cancelled",
                                                          "post_voided", "training"};
    json::object fields;
    fields["sale"] = receipt.sale.sale.value;
    fields["revision"] = receipt.sale.revision;
    fields["type"] = kTypes.at(static_cast<std::size_t>(receipt.sale.type));
    fields["status"] = kStatuses.at(static_cast<std::size_t>(receipt.sale.status));
    fields["total"] = receipt.sale.total.minor();
    truth.add("sale", receipt.dropped, std::move(fields));
}

}  // namespace

std::vector<std::string> truth_lines(const Plan& plan, const DueRule& due, TruthSpan span) {
    Truth truth{plan, span};
    for (const Shopper& shopper : plan.shoppers) {
        // A day has many shoppers and a second few: the others' lines are not even begun.
        const bool here = shopper.enters <= span.to && shopper.leaves > span.from;
        if (here) add_shopper(truth, shopper, due);
    }
    for (const Receipt& receipt : plan.receipts) {
        if (receipt.dropped > span.from && receipt.dropped <= span.to) add_receipt(truth, receipt);
    }
    return truth.lines();
}

std::vector<std::string> truth_lines(const Plan& plan, const DueRule& due, milliseconds at) {
    return truth_lines(plan, due, TruthSpan{.from = milliseconds::min(), .to = at});
}

}  // namespace aisle::simulated
