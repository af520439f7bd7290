#include "agent/offers/draft_diff.hpp"

#include <algorithm>

namespace aisle::offers {
namespace {

constexpr std::size_t kGrantsKept = 64;  // of a subject, as in the shop

std::map<CampaignId, std::string> lines_of(const CampaignSet& set) {
    std::map<CampaignId, std::string> lines;
    const auto files = files_of_text(set.text());
    for (std::size_t i = 0; i < files.size(); ++i) lines[set.all()[i].id] = files[i].text;
    return lines;
}

// Whom caps and re-arming go by. The context keeps what was drawn, which tells it.
std::string subject_of(const Ask& ask) {
    if (!ask.member.empty()) return ask.member.value;
    if (!ask.edge.empty()) return ask.unit.substr(0, ask.unit.rfind('@'));
    if (!ask.unit.starts_with("visit:")) return ask.unit;
    return "tag:" + ask.unit.substr(6, ask.unit.rfind('@') - 6);
}

bool shown(const Win& win) {
    return win.reason == Reason::Chosen || win.reason == Reason::HoldoutEntitled;
}

}  // namespace

std::string_view to_text(DraftChange::Kind kind) {
    switch (kind) {
        case DraftChange::Kind::Same:
            return "same";
        case DraftChange::Kind::Changed:
            return "changed";
        case DraftChange::Kind::New:
            return "new";
        case DraftChange::Kind::Gone:
            break;
    }
    return "gone";
}

class DraftDiff::DraftLedger final : public Ledger {
public:
    DraftLedger(const DraftDiff& diff, const CampaignSet& then, const StoredContext& context)
        : diff_{diff}, then_{then}, kept_{then, context.answers} {}

    [[nodiscard]] std::optional<Reason> refuses(const Campaign& campaign,
                                                const Ask& ask) const override {
        if (const Campaign* const before = known(campaign)) return kept_.refuses(*before, ask);
        const auto book = diff_.books_.find(campaign.id);
        if (campaign.limits.redemptions && book != diff_.books_.end() &&
            book->second.offers >= *campaign.limits.redemptions)
            return Reason::Redemptions;
        return looks_back(campaign, ask);
    }
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override {
        if (const Campaign* const before = known(campaign)) return kept_.left(*before);
        if (!campaign.limits.budget) return std::nullopt;
        const auto book = diff_.books_.find(campaign.id);
        const Money spent = book == diff_.books_.end() ? Money{} : book->second.spent;
        return std::max(Money{}, *campaign.limits.budget - spent);
    }
    [[nodiscard]] std::optional<Earlier> drawn(const Campaign& campaign,
                                               const Unit& unit) const override {
        const Campaign* const before = known(campaign);
        return before ? kept_.drawn(*before, unit) : std::nullopt;
    }
    [[nodiscard]] std::int64_t promised(const std::string& sku) const override {
        return kept_.promised(sku);
    }

private:
    // The same campaign in the set of then, or null.
    [[nodiscard]] const Campaign* known(const Campaign& campaign) const {
        const auto at = diff_.same_.find(campaign.id);
        return at == diff_.same_.end() ? nullptr : &then_.all()[at->second];
    }
    [[nodiscard]] std::optional<Reason> looks_back(const Campaign& campaign, const Ask& ask) const {
        const auto at = diff_.grants_.find(subject_of(ask));
        if (at == diff_.grants_.end()) return std::nullopt;
        const auto recent = [&](milliseconds per) {
            return std::ranges::count_if(at->second, [&](const Grant& grant) {
                return grant.campaign == campaign.id && !(ask.asked && grant.ghost) &&
                       per.count() > 0 && ask.at.wall - grant.at.wall < per;
            });
        };
        if (!ask.asked && recent(campaign.trigger.rearm) > 0) return Reason::Rearm;
        if (!ask.member.empty()) {
            for (const CustomerCap& cap : campaign.limits.per_customer)
                if (recent(cap.per) >= cap.n) return Reason::CustomerCap;
            if (recent(campaign.limits.cooldown) > 0) return Reason::Cooldown;
        }
        const bool prompt = !ask.basket || ask.trigger == TriggerKind::Sale;
        if (prompt && recent(campaign.delivery.ttl) > 0) return Reason::DuplicateLive;
        return std::nullopt;
    }

    const DraftDiff& diff_;
    const CampaignSet& then_;
    KeptLedger kept_;
};

DraftDiff::DraftDiff(const CampaignSet& draft) : draft_{draft}, lines_{lines_of(draft)} {
    for (const auto& [id, line] : lines_) changes_[id].kind = DraftChange::Kind::New;
}

void DraftDiff::know(const CampaignSet& then) {
    if (then_ == then.digest()) return;
    then_ = then.digest();
    same_.clear();
    const auto before = lines_of(then);
    for (const auto& [id, line] : before) {
        const auto now = lines_.find(id);
        const bool same = now != lines_.end() && now->second == line;
        DraftChange& change = changes_[id];
        change.kind = same                  ? DraftChange::Kind::Same
                      : now != lines_.end() ? DraftChange::Kind::Changed
                                            : DraftChange::Kind::Gone;
        if (same) same_[id] = static_cast<std::uint32_t>(then.find(id) - then.all().data());
    }
}

Status DraftDiff::take(const CampaignSet& then, const Decision& stored) {
    const auto context = read_context(then, stored.context);
    if (!context) return context.error();
    if (context->version != kContextVersion)
        return malformed("the context does not tell what the ledger answered");
    know(then);
    ++decisions_;
    Ask ask = context->pointed();
    const WallTime now = ask.at.wall;
    ask.at = stored.at;
    ask.at.wall = now;
    if (ask.trigger == TriggerKind::Basket) free_basket(context->basket.key);
    const Decided before = decide(then, ask, KeptLedger{then, context->answers});
    const Decided after = decide(draft_, ask, DraftLedger{*this, then, *context});
    compare(then, before, after);
    book(ask, after);
    return {};
}

// What this basket held is given back when it is asked about again.
void DraftDiff::free_basket(const std::string& key) {
    const auto asked = baskets_.extract(key);
    if (asked.empty()) return;
    auto& grants = grants_[asked.mapped()];
    std::erase_if(grants, [&](const Grant& grant) {
        if (grant.basket != key) return false;
        Book& book = books_[grant.campaign];
        book.spent -= grant.value;
        --book.offers;
        return true;
    });
}

void DraftDiff::compare(const CampaignSet& then, const Decided& before, const Decided& after) {
    struct Pair {
        std::optional<Money> before, after;
    };
    std::map<CampaignId, Pair> shown_now;
    const auto add = [&](const CampaignSet& set, const Decided& decided,
                         DraftSide DraftChange::*side, std::optional<Money> Pair::*value) {
        for (const Win& win : decided.wins) {
            const CampaignId& id = set.all()[win.campaign].id;
            DraftSide& sum = changes_[id].*side;
            if (!shown(win)) {
                ++sum.withheld;
                continue;
            }
            ++sum.offers;
            sum.value += win.price.worth;
            shown_now[id].*value = win.price.worth;
        }
    };
    add(then, before, &DraftChange::before, &Pair::before);
    add(draft_, after, &DraftChange::after, &Pair::after);
    bool other = false;
    for (const auto& [id, pair] : shown_now) {
        DraftChange& change = changes_[id];
        if (pair.before == pair.after) continue;
        other = true;
        ++(!pair.before ? change.won : !pair.after ? change.lost : change.revalued);
    }
    if (other) ++changed_;
}

void DraftDiff::book(const Ask& ask, const Decided& after) {
    const std::string subject = subject_of(ask);
    for (const Win& win : after.wins) {
        const Campaign& campaign = draft_.all()[win.campaign];
        const bool ghost = !shown(win);
        Grant grant{.campaign = campaign.id,
                    .at = ask.at,
                    .value = ghost ? Money{} : win.price.worth,
                    .ghost = ghost};
        if (ask.trigger == TriggerKind::Basket) {
            grant.basket = ask.basket->key;
            baskets_[grant.basket] = subject;
        }
        if (!ghost) {
            Book& book = books_[campaign.id];
            book.spent += win.price.worth;
            ++book.offers;
        }
        auto& grants = grants_[subject];
        grants.push_back(std::move(grant));
        if (grants.size() > kGrantsKept) grants.pop_front();
    }
}

}  // namespace aisle::offers
