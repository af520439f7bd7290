#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <utility>

#include <boost/json.hpp>

#include "agent/offers/answers.hpp"
#include "agent/offers/shop_context.hpp"
#include "agent/offers/texts.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

// Every decision writes one, and it was the dearest part of a decision as a tree of JSON values: it
// goes straight into its text. The keys of an object stand in the order in which they are put.
class Writer {
public:
    explicit Writer(std::size_t expected) : text_(expected, '\0') {}

    void open(char bracket) { put(bracket), first_ = true; }
    void close(char bracket) { put(bracket), first_ = false; }
    void key(std::string_view name) {
        comma();
        quote(name);
        put(':');
        first_ = true;  // its value follows
    }
    void comma() {
        if (!first_) put(',');
        first_ = false;
    }
    // Of an object, as another writer has written them.
    void members(std::string_view text) {
        if (!text.empty()) comma(), put(text);
    }
    void value(std::string_view text) { comma(), quote(text); }
    void value(bool yes) { comma(), put(yes ? "true" : "false"); }
    void value(std::int64_t number) {
        comma();
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        put({digits.data(), end});
    }
    void value(double number) { comma(), put(json::serialize(json::value(number))); }
    void value(const std::string& text) { value(std::string_view{text}); }
    void value(const std::vector<conditions::Scalar>& list) {
        comma();
        open('[');
        for (const auto& one : list) std::visit([&](const auto& plain) { value(plain); }, one);
        close(']');
    }

    [[nodiscard]] std::string take() {
        text_.resize(used_);
        return std::move(text_);
    }

private:
    // Appending to a string costs a call a character.
    void put(char c) {
        if (used_ == text_.size()) text_.resize(2 * text_.size());
        text_[used_++] = c;
    }
    void put(std::string_view text) {
        if (text_.size() - used_ < text.size()) text_.resize(2 * text_.size() + text.size());
        text.copy(text_.data() + used_, text.size());
        used_ += text.size();
    }
    // What is neither a quote, a backslash nor below a space stands for itself.
    void quote(std::string_view text) {
        const auto plain = [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
        };
        if (!std::ranges::all_of(text, plain))
            return put(json::serialize(json::string(json::string_view{text.data(), text.size()})));
        put('"'), put(text), put('"');
    }

    std::string text_;  // never empty; what is behind `used_` is not written yet
    std::size_t used_ = 0;
    bool first_ = true;
};

// Whether `key` is told by `facts` as well. Keys are asked for in ascending order, so one walk
// along both lists answers all of them.
class Overruling {
public:
    Overruling(const conditions::Facts* facts, WallTime now) : now_{now} {
        if (facts) at_ = facts->all().data(), end_ = at_ + facts->all().size();
    }
    bool tells(std::string_view key) {
        while (at_ != end_ && at_->key < key) ++at_;
        return at_ != end_ && at_->key == key && at_->holds(now_);
    }

private:
    WallTime now_;
    const conditions::Fact* at_ = nullptr;
    const conditions::Fact* end_ = nullptr;
};

using Told = std::array<const conditions::Facts*, 3>;

Told told_by(const Ask& ask) { return {ask.event, ask.context, ask.customer}; }

// Of a fact that several tell the last one counts, as in the decision itself.
void put_facts(const Told& told, std::size_t i, WallTime now, Writer& out) {
    if (!told.at(i)) return;
    std::array<Overruling, 2> later{Overruling{i == 0 ? told[1] : nullptr, now},
                                    Overruling{i < 2 ? told[2] : nullptr, now}};
    for (const conditions::Fact& fact : told.at(i)->all()) {
        if (!fact.holds(now)) continue;
        const bool sooner = later[0].tells(fact.key);
        if (later[1].tells(fact.key) || sooner) continue;
        out.key(fact.key);
        std::visit([&](const auto& value) { out.value(value); }, fact.value);
    }
}

// Boost.JSON reads some doubles of 17 digits as a neighbour of what it has written.
bool survives_text(double number) {
    boost::system::error_code failed;
    const json::value read = json::parse(json::serialize(json::value(number)), failed);
    return !failed && read.is_double() && read.get_double() == number;
}

// Those that would not survive stand a second time, as their bits.
void put_bits(const conditions::Facts& told, WallTime now, Writer& out) {
    for (const conditions::Fact& fact : told.all()) {
        const auto* const number = std::get_if<double>(&fact.value);
        if (!number || !fact.holds(now) || survives_text(*number)) continue;
        out.key(fact.key), out.value(std::bit_cast<std::int64_t>(*number));
    }
}

void put_all_facts(const Ask& ask, const std::optional<ShopContext::Text>& shop, Writer& out) {
    const Told told = told_by(ask);
    out.key("facts");
    out.open('{');
    put_facts(told, 0, ask.at.wall, out);
    if (shop)
        out.members(shop->facts);
    else
        put_facts(told, 1, ask.at.wall, out);
    put_facts(told, 2, ask.at.wall, out);
    out.close('}');
}

void put_all_bits(const Ask& ask, const std::optional<ShopContext::Text>& shop, Writer& out) {
    Writer bits{256};
    if (ask.event) put_bits(*ask.event, ask.at.wall, bits);
    if (shop)
        bits.members(shop->bits);
    else if (ask.context)
        put_bits(*ask.context, ask.at.wall, bits);
    if (ask.customer) put_bits(*ask.customer, ask.at.wall, bits);
    const std::string text = bits.take();
    if (text.empty()) return;
    out.key("bits"), out.open('{');
    out.members(text);
    out.close('}');
}

void put_refused(const LedgerAnswers& answers, Writer& out) {
    if (answers.refused.empty()) return;
    auto refused = answers.refused;
    std::ranges::stable_sort(refused, {}, &std::pair<std::uint32_t, Reason>::second);
    out.key("refused");
    out.open('{');
    for (std::size_t i = 0; i < refused.size(); ++i) {
        const bool first = i == 0 || refused[i].second != refused[i - 1].second;
        if (first && i > 0) out.close(']');
        if (first) out.key(to_text(refused[i].second)), out.open('[');
        out.value(std::int64_t{refused[i].first});
    }
    out.close(']');
    out.close('}');
}

// {"set":"0123abcd","refused":{"cooldown":[3,17]},"left":[[3,1200]],"drawn":[[3,"A",0]]}; read by
// read_answers().
void put_answers(const LedgerAnswers& answers, std::string_view digest, Writer& out) {
    if (answers.empty()) return;
    out.key("ledger");
    out.open('{');
    out.key("set"), out.value(digest.substr(0, kDigestKept));
    put_refused(answers, out);
    if (!answers.left.empty()) out.key("left"), out.open('[');
    for (const auto& [campaign, money] : answers.left) {
        out.comma(), out.open('[');
        out.value(std::int64_t{campaign}), out.value(money.minor());
        out.close(']');
    }
    if (!answers.left.empty()) out.close(']');
    if (!answers.drawn.empty()) out.key("drawn"), out.open('[');
    for (const LedgerAnswers::Arm& arm : answers.drawn) {
        out.comma(), out.open('[');
        out.value(std::int64_t{arm.campaign}), out.value(arm.name);
        out.value(std::int64_t{arm.bucket_version});
        out.close(']');
    }
    if (!answers.drawn.empty()) out.close(']');
    if (!answers.promised.empty()) out.key("promised"), out.open('[');
    for (const auto& [sku, pieces] : answers.promised) {
        out.comma(), out.open('[');
        out.value(sku), out.value(pieces);
        out.close(']');
    }
    if (!answers.promised.empty()) out.close(']');
    out.close('}');
}

void put_line(const BasketLine& line, Writer& out) {
    out.comma();
    out.open('{');
    out.key("n"), out.value(std::int64_t{line.n});
    out.key("sku"), out.value(line.sku);
    if (!line.category.empty()) out.key("category"), out.value(line.category);
    if (!line.brand.empty()) out.key("brand"), out.value(line.brand);
    out.key("qty_milli"), out.value(line.qty_milli);
    out.key("gross"), out.value(line.gross.minor());
    if (line.discount != Money{}) out.key("discount"), out.value(line.discount.minor());
    out.close('}');
}

void put_basket(const Basket& basket, Writer& out) {
    out.key("basket");
    out.open('{');
    out.key("key"), out.value(basket.key);
    if (!basket.till.empty()) out.key("till"), out.value(basket.till.value);
    out.key("lines");
    out.open('[');
    for (const BasketLine& line : basket.lines) put_line(line, out);
    out.close(']');
    if (!basket.gifts.empty()) {
        out.key("gifts");
        out.open('{');
        for (const auto& [campaign, sku] : basket.gifts) out.key(campaign), out.value(sku);
        out.close('}');
    }
    out.close('}');
}

void put_trigger(const Ask& ask, Writer& out) {
    out.key("trigger");
    out.open('{');
    out.key("type"), out.value(to_text(ask.trigger));
    if (ask.dwell_s) out.key("dwell_s"), out.value(*ask.dwell_s);
    if (ask.dwell_from_s >= 0) out.key("dwell_from_s"), out.value(ask.dwell_from_s);
    if (!ask.edge.empty()) out.key("edge"), out.value(ask.edge);
    if (ask.asked) out.key("asked"), out.value(true);
    if (ask.withheld_member) out.key("withheld_member"), out.value(true);
    if (!ask.unit.empty()) out.key("unit"), out.value(ask.unit);
    out.close('}');
}

}  // namespace

ShopContext::ShopContext(const CampaignSet& set, const conditions::Facts& facts, WallTime now)
    : set_{&set}, told_{&facts}, bound_{set.slots(), now}, made_{now} {
    bound_.add(facts);
    const auto ends = [&](const std::optional<WallTime>& at) {
        if (at && now < *at) until_ = std::min(until_, *at);
    };
    for (const conditions::Fact& fact : facts.all()) ends(fact.valid_from), ends(fact.valid_to);
    Writer text{2'048}, bits{256};
    put_facts({nullptr, &facts, nullptr}, 1, now, text);
    put_bits(facts, now, bits);
    facts_ = text.take();
    bits_ = bits.take();
}

bool ShopContext::holds(const CampaignSet& set, const conditions::Facts* facts,
                        WallTime now) const {
    return set_ == &set && told_ == facts && made_ <= now && now < until_;
}

// Keys are in order, so that looking at both ends nearly always is enough.
std::optional<ShopContext::Text> ShopContext::text_beside(const conditions::Facts* customer) const {
    const Text text{.facts = facts_, .bits = bits_};
    if (!customer || customer->empty() || told_->empty()) return text;
    const auto& his = customer->all();
    const auto& shops = told_->all();
    if (his.back().key < shops.front().key) return text;
    const auto first = std::ranges::lower_bound(shops, his.front().key, {}, &conditions::Fact::key);
    if (first == shops.end() || his.back().key < first->key) return text;
    return std::nullopt;
}

std::string context_json(const Ask& ask, const ShopContext* ready, const LedgerAnswers& answers,
                         std::string_view digest) {
    std::optional<ShopContext::Text> shop;
    if (ready) shop = ready->text_beside(ask.customer);
    Writer out{4'096};
    out.open('{');
    out.key("v"), out.value(kContextVersion);
    out.key("now"), out.value(to_rfc3339(ask.at.wall));
    put_trigger(ask, out);
    put_all_facts(ask, shop, out);
    if (ask.basket) put_basket(*ask.basket, out);
    if (!ask.coupons.empty()) {
        out.key("coupons");
        out.open('[');
        for (const Presented& one : ask.coupons) out.value(one.campaign.value);
        out.close(']');
    }
    if (!ask.member.empty()) out.key("member"), out.value(ask.member.value);
    if (!ask.zone.empty()) out.key("zone"), out.value(ask.zone.value);
    if (!ask.store.empty()) out.key("store"), out.value(ask.store.value);
    put_all_bits(ask, shop, out);
    put_answers(answers, digest, out);
    out.close('}');
    return out.take();
}

}  // namespace aisle::offers
