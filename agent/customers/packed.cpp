#include "agent/customers/packed.hpp"

#include <utility>

#include "agent/core/varint.hpp"

namespace aisle::customers {
namespace {

std::int64_t ms(WallTime time) { return time.time_since_epoch().count(); }

class Packer {
public:
    explicit Packer(std::string& out) : out_{out} { out_.clear(); }

    void number(std::uint64_t n) { put_number(out_, n); }
    void integer(std::int64_t n) { put_integer(out_, n); }
    void money(Money amount) { integer(amount.minor()); }
    template <typename Items, typename Each>
    void list(const Items& items, Each each) {
        number(items.size());
        for (const auto& item : items) each(item);
    }
    // Words ascend, so that most differences take one byte where the words would take two. (In any
    // other order they come back as well: differences wrap around.)
    void words(const std::vector<Word>& all) {
        Word before = 0;
        list(all,
             [&](Word word) { number(static_cast<Word>(word - std::exchange(before, word))); });
    }
    // Most is counted once: then the difference says so itself.
    void counts(const Counts& all) {
        Word before = 0;
        list(all, [&](const Counted& one) {
            const Word step = one.what - std::exchange(before, one.what);
            number(std::uint64_t{step} << 1 | (one.n == 1 ? 1U : 0U));
            if (one.n != 1) integer(one.n);
        });
    }

private:
    std::string& out_;
};

class Unpacker : public VarintReader {
public:
    using VarintReader::VarintReader;

    Word word() { return static_cast<Word>(number()); }
    std::int32_t small() { return static_cast<std::int32_t>(integer()); }
    Money money() { return Money::minor(integer()); }
    template <typename Item, typename Each>
    void list(std::vector<Item>& items, Each each) {
        items.resize(number());
        for (Item& item : items) each(item);
    }
    void words(std::vector<Word>& all) {
        Word before = 0;
        list(all, [&](Word& one) { one = before += word(); });
    }
    void counts(Counts& all) {
        Word before = 0;
        list(all, [&](Counted& one) {
            const std::uint64_t bits = number();
            one.what = before += static_cast<Word>(bits >> 1);
            one.n = (bits & 1) != 0 ? 1 : integer();
        });
    }
};

// Lines and kind share a number; the detail is told to be there or not.
void pack_purchase(Packer& out, const KeptPurchase& purchase, WallTime before) {
    out.integer(ms(purchase.at) - ms(before));
    out.number(purchase.sale);
    out.money(purchase.total);
    out.number(static_cast<std::uint64_t>(purchase.lines) << 2 | (purchase.purchase ? 2U : 0U) |
               (purchase.detailed ? 1U : 0U));
    if (!purchase.detailed) return;
    out.words(purchase.categories);
    out.words(purchase.brands);
}

void unpack_purchase(Unpacker& in, KeptPurchase& purchase, WallTime before) {
    purchase.at = before + milliseconds{in.integer()};
    purchase.sale = static_cast<std::uint16_t>(in.number());
    purchase.total = in.money();
    const std::uint64_t bits = in.number();
    purchase.lines = static_cast<std::int32_t>(bits >> 2);
    purchase.purchase = (bits & 2) != 0;
    purchase.detailed = (bits & 1) != 0;
    if (!purchase.detailed) return;
    in.words(purchase.categories);
    in.words(purchase.brands);
}

void pack_tag(Packer& out, const KeptTag& tag) {
    const bool plain = tag.confidence_permille == kCertain && tag.source == kNoWord && !tag.until;
    out.number(static_cast<std::uint64_t>(tag.tag) << 1 | (plain ? 0U : 1U));
    if (plain) return;
    out.integer(tag.confidence_permille);
    out.number(tag.source);
    out.integer(tag.until ? ms(*tag.until) + 1 : 0);
}

void unpack_tag(Unpacker& in, KeptTag& tag) {
    const std::uint64_t bits = in.number();
    tag.tag = static_cast<Word>(bits >> 1);
    if ((bits & 1) == 0) return;
    tag.confidence_permille = in.small();
    tag.source = in.word();
    if (const std::int64_t until = in.integer(); until != 0)
        tag.until = WallTime{milliseconds{until - 1}};
}

void pack_consent(Packer& out, const KeptConsent& consent) {
    out.number(consent.purpose);
    out.integer(ms(consent.at));
    out.number(static_cast<std::uint64_t>(consent.version) << 2 | (consent.granted ? 2U : 0U) |
               (consent.by_file ? 1U : 0U));
}

void unpack_consent(Unpacker& in, KeptConsent& consent) {
    consent.purpose = in.word();
    consent.at = WallTime{milliseconds{in.integer()}};
    const std::uint64_t bits = in.number();
    consent.version = static_cast<Word>(bits >> 2);
    consent.granted = (bits & 2) != 0;
    consent.by_file = (bits & 1) != 0;
}

void pack_walk(Packer& out, const Walk& walk) {
    const bool more = walk.since_return != 0 || walk.last != WallTime{};
    out.number(static_cast<std::uint64_t>(walk.purchases) << 4 |
               static_cast<std::uint64_t>(walk.stage) << 1 | (more ? 1U : 0U));
    if (!more) return;
    out.integer(walk.since_return);
    out.integer(ms(walk.last));
}

Walk unpack_walk(Unpacker& in) {
    const std::uint64_t bits = in.number();
    Walk walk{.stage = static_cast<LifecycleStage>(bits >> 1 & 7),
              .purchases = static_cast<std::int32_t>(bits >> 4)};
    if ((bits & 1) == 0) return walk;
    walk.since_return = in.small();
    walk.last = WallTime{milliseconds{in.integer()}};
    return walk;
}

void pack_prices(Packer& out, const Prices& prices) {
    for (const Money amount : {prices.gross, prices.off, prices.full, prices.net})
        out.money(amount);
}

}  // namespace

void pack(const Profile& profile, std::string& bytes) {
    Packer out{bytes};
    out.number(profile.tier);
    out.number(profile.birthday);
    out.list(profile.tags, [&](const KeptTag& tag) { pack_tag(out, tag); });
    out.list(profile.consent, [&](const KeptConsent& one) { pack_consent(out, one); });
    out.counts(profile.scores);
    out.counts(profile.categories);
    out.counts(profile.brands);
    out.counts(profile.hours);
    out.list(profile.zones, [&](const ZoneSum& sum) {
        out.number(sum.zone), out.integer(sum.visits), out.integer(sum.dwell_s);
    });
    out.money(profile.spent);
    pack_prices(out, profile.prices);
    out.integer(profile.purchases);
    pack_walk(out, profile.folded);
    out.number(static_cast<std::uint64_t>(profile.stage));
    WallTime before{};
    out.list(profile.kept, [&](const KeptPurchase& purchase) {
        pack_purchase(out, purchase, before);
        before = purchase.at;
    });
}

Profile unpack(std::span<const std::uint8_t> bytes) {
    Unpacker in{bytes};
    Profile profile;
    profile.tier = in.word();
    profile.birthday = static_cast<std::uint16_t>(in.number());
    in.list(profile.tags, [&](KeptTag& tag) { unpack_tag(in, tag); });
    in.list(profile.consent, [&](KeptConsent& one) { unpack_consent(in, one); });
    in.counts(profile.scores);
    in.counts(profile.categories);
    in.counts(profile.brands);
    in.counts(profile.hours);
    in.list(profile.zones, [&](ZoneSum& sum) {
        sum.zone = in.word(), sum.visits = in.integer(), sum.dwell_s = in.integer();
    });
    profile.spent = in.money();
    for (Money* const amount :
         {&profile.prices.gross, &profile.prices.off, &profile.prices.full, &profile.prices.net})
        *amount = in.money();
    profile.purchases = in.small();
    profile.folded = unpack_walk(in);
    profile.stage = static_cast<LifecycleStage>(in.number());
    WallTime before{};
    in.list(profile.kept, [&](KeptPurchase& purchase) {
        unpack_purchase(in, purchase, before);
        before = purchase.at;
    });
    return profile;
}

}  // namespace aisle::customers
