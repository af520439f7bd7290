#include <deque>
#include <map>
#include <random>
#include <set>

#include "event_store_contract.hpp"
#include "hq_world.hpp"

// Devices of one identity that are cloned and put back to older images, whose batches are lost,
// doubled and reordered: in the end HQ shows what they have told, each record once.
namespace aisle::hq::contract {
namespace {

// What a device knows of its past; an image of its card is a copy of it.
struct Card {
    std::string epoch = kEpoch;
    std::vector<LineSpec> rows;  // of this epoch; seq = index + 1
    std::size_t acked = 0;
    std::set<std::string> sales;  // that its journal knows
    std::int64_t boot = 1;
};

struct Letter {
    std::size_t device = 0;  // who reads the answer
    Inbound inbound;
};

class Play {
public:
    Play(Bench& bench, std::uint64_t seed) : bench_{bench}, random_{seed} {
        devices_.emplace_back();
    }

    void run(int steps) {
        for (int i = 0; i < steps; ++i) step();
        // The weather clears up: whoever is left sends until HQ has all.
        for (int round = 0; round < 400 && !settled(); ++round)
            for (std::size_t device = 0; device < devices_.size(); ++device) {
                send(device);
                deliver_all();
            }
        ASSERT_TRUE(settled());
        compare();
    }

private:
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
    std::string fresh_epoch() {
        const std::string digits = std::to_string(++epochs_);
        return std::string(16 - digits.size(), '0') + digits;
    }

    void step() {
        const std::size_t draw = below(100);
        const std::size_t device = below(devices_.size());
        if (draw < 30) return add(device);
        if (draw < 55) return send(device);
        if (draw < 92) return deliver_one();
        if (draw < 94 && devices_.size() < 4) return devices_.push_back(devices_[device]);
        if (draw < 96) return images_.push_back(devices_[device]);
        if (draw < 98 && !images_.empty()) return put_back(device);
        if (draw < 99) return bench_.reopen();
        ++devices_[device].boot;
    }

    void add(std::size_t device) {
        Card& card = devices_[device];
        LineSpec row{.boot = card.boot, .mono_ms = ++told_};
        if (below(3) == 0) {
            const std::string sale = "sale" + std::to_string(below(40));
            if (!card.sales.insert(sale).second) return;
            row.kind = "sale";
            row.id = sale;
            row.body = R"({"sale":")" + sale + R"(","revision":1,"lineage":{"n":)" +
                       std::to_string(told_) + "}}";
        } else {
            row.body = R"({"n":)" + std::to_string(told_) + "}";
        }
        row.seq = static_cast<std::int64_t>(card.rows.size()) + 1;
        card.rows.push_back(row);
    }

    void send(std::size_t device) {
        const Card& card = devices_[device];
        if (card.acked == card.rows.size()) return;
        // Mostly on from what is acknowledged, sometimes from before or from beyond.
        std::size_t first = card.acked;
        if (below(8) == 0) first -= std::min(first, below(4));
        if (below(8) == 0) first = std::min(card.rows.size() - 1, first + below(4));
        const std::size_t rows = std::min(card.rows.size() - first, 1 + below(6));
        std::vector<std::string> lines;
        for (std::size_t i = 0; i < rows; ++i) lines.push_back(line_of(card.rows[first + i]));
        auto header = header_for(card.rows[first].seq, card.rows[first + rows - 1].seq);
        header.epoch = card.epoch;
        if (first > 0) header.prev = wire::check_of(line_of(card.rows[first - 1]));
        letters_.push_back({device, inbound(header, lines)});
    }

    void deliver_one() {
        if (letters_.empty()) return;
        const std::size_t chosen = below(std::min<std::size_t>(letters_.size(), 6));
        const Letter letter = letters_[chosen];
        const std::size_t fate = below(10);  // 0: lost, 1: doubled
        if (fate != 1) letters_.erase(letters_.begin() + static_cast<std::ptrdiff_t>(chosen));
        if (fate == 0) return;
        for (const auto& answer : bench_.apply({letter.inbound}).answers)
            for (auto& card : devices_)
                if (below(5) != 0) take(card, answer.ack);
    }

    void deliver_all() {
        while (!letters_.empty()) {
            const Letter letter = letters_.front();
            letters_.pop_front();
            for (const auto& answer : bench_.apply({letter.inbound}).answers)
                for (auto& card : devices_) take(card, answer.ack);
        }
    }

    // The agent's rule.
    void take(Card& card, const wire::Ack& ack) {
        if (ack.epoch != card.epoch) return;
        const auto next = static_cast<std::size_t>(ack.next - 1);
        if (ack.kind != wire::AckKind::Fork && next <= card.acked) return;
        const bool ours = next <= card.rows.size() && next > 0 &&
                          wire::check_of(line_of(card.rows[next - 1])) == ack.check;
        if (ack.kind == wire::AckKind::Fork || !ours) return begin_epoch(card);
        card.acked = next;
    }

    void begin_epoch(Card& card) {
        std::vector<LineSpec> rest{card.rows.begin() + static_cast<std::ptrdiff_t>(card.acked),
                                   card.rows.end()};
        for (auto& row : rest) {
            row.was.insert(row.was.begin(), {card.epoch, row.seq});
            if (row.was.size() > kOriginsMax) {
                row.was.resize(kOriginsMax);
                forgetful_.insert(row.body);
            }
            row.seq = &row - rest.data() + 1;
        }
        card.rows = std::move(rest);
        card.epoch = fresh_epoch();
        card.acked = 0;
    }

    // A restored image begins a new epoch at once; what was on the card since is gone, and its
    // tills tell their last sales again.
    void put_back(std::size_t device) {
        devices_[device] = images_[below(images_.size())];
        begin_epoch(devices_[device]);
    }

    [[nodiscard]] bool settled() const {
        return std::ranges::all_of(devices_,
                                   [](const Card& card) { return card.acked == card.rows.size(); });
    }

    void compare() {
        std::map<std::string, int> shown;
        for (const auto& event : bench_.events()) {
            ++shown[event.kind == "sale" ? event.event_id : event.body];
            if (event.kind == "sale") {
                EXPECT_EQ(event.revision, 1) << event.event_id;
            }
        }
        // A record without an identity that outlived more epochs than it may name can no longer be
        // told from another one.
        for (const auto& [what, times] : shown)
            if (!forgetful_.contains(what)) {
                EXPECT_EQ(times, 1) << what;
            }
        for (const auto& card : devices_) {
            for (const auto& row : card.rows)
                EXPECT_TRUE(shown.contains(row.kind == "sale" ? row.id : row.body)) << row.body;
            for (const auto& sale : card.sales) EXPECT_TRUE(shown.contains(sale)) << sale;
        }
        bench_.completeness();
    }

    Bench& bench_;
    std::mt19937_64 random_;
    std::vector<Card> devices_;
    std::vector<Card> images_;
    std::deque<Letter> letters_;
    std::set<std::string> forgetful_;
    std::int64_t told_ = 0;
    int epochs_ = 0;
};

}  // namespace

void play_epochs(Bench& bench, std::uint64_t seed, int steps) { Play{bench, seed}.run(steps); }

}  // namespace aisle::hq::contract
