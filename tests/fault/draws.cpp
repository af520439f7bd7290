#include "tests/fault/draws.hpp"

#include <algorithm>

#include "tests/kit/builders.hpp"

namespace aisle::fault {
namespace {

// Below the 30 days for which the quarantine is kept: the model prunes the journal alone.
constexpr milliseconds kElapsedMax = std::chrono::days{20};

struct KindOf {
    Stream stream;
    const char* kind;
};
constexpr KindOf kKinds[] = {{Stream::Footfall, "footfall_minute"},
                             {Stream::Offers, "offer"},
                             {Stream::Health, "health"},
                             {Stream::Local, "crossing"},
                             {Stream::Ledger, "budget"},
                             {Stream::Footfall, "zone_visit"}};

// The highest revision so far, with what the batch itself brings.
std::int32_t revision_of(const Model& model, const Batch& batch, const std::string& id) {
    const auto known = model.latest().find({"sale", id});
    std::int32_t revision = known == model.latest().end() ? 0 : known->second.revision;
    for (const Record& record : batch.records)
        if (record.event_id == id) revision = std::max(revision, record.revision);
    return revision;
}

// As epochs and checks are written.
std::string in_hex(std::uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

}  // namespace

Stamp Draws::stamp() {
    elapsed_ += milliseconds{below(5'000)};
    if (one_in(40) && elapsed_ < kElapsedMax) elapsed_ += std::chrono::hours{30};
    return kit::at(elapsed_);
}

std::string Draws::text(std::int64_t bytes) {
    constexpr std::size_t kLettersADraw = 12;
    std::string made;
    while (static_cast<std::int64_t>(made.size()) < bytes) {
        std::uint64_t drawn = random_();
        for (std::size_t i = 0; i < kLettersADraw; ++i, drawn >>= 5)
            made += static_cast<char>('a' + (drawn & 15));
    }
    made.resize(static_cast<std::size_t>(bytes));
    return made;
}

Record Draws::record() {
    const KindOf& drawn = kKinds[below(std::size(kKinds))];
    const std::int64_t bytes = one_in(30) ? below(9'000) : below(300);
    return {.stream = drawn.stream,
            .kind = drawn.kind,
            .at = stamp(),
            .body = "{\"n\":" + std::to_string(++made_) + ",\"t\":\"" + text(bytes) + "\"}"};
}

Record Draws::sale_record(const Model& model, const Batch& so_far) {
    const std::string id = "sale-" + std::to_string(below(400));
    const std::int32_t revision = revision_of(model, so_far, id) + 1;
    return {.stream = Stream::Ledger,
            .kind = "sale",
            .event_id = id,
            .revision = revision,
            .at = stamp(),
            .body = "{\"sale\":\"" + id + "\",\"t\":\"" + text(below(500)) + "\"}",
            .digest = text(8) + std::to_string(revision)};
}

Batch Draws::batch(const Model& model) {
    Batch made;
    const std::int64_t records = one_in(12) ? below(60) : below(6);
    for (std::int64_t i = 0; i < records; ++i)
        made.records.push_back(one_in(3) ? sale_record(model, made) : record());
    if (one_in(2)) {
        const char* room = one_in(2) ? "footfall" : "offers";
        made.state.push_back({room, std::to_string(below(12)), one_in(6) ? "" : text(below(200))});
    }
    if (one_in(3)) {
        made.positions.push_back({"till", "file-" + std::to_string(below(4)),
                                  one_in(8) ? "" : std::to_string(below(100'000))});
    }
    if (one_in(9)) {
        made.quarantine.push_back({.source = "till",
                                   .reason = "schema",
                                   .detail = text(12),
                                   .at = stamp(),
                                   .payload = text(below(3'000))});
    }
    return made;
}

Step Draws::sale(const Model& model) {
    Step step{.now = stamp()};
    const std::int64_t sales = 1 + below(4);
    for (std::int64_t i = 0; i < sales; ++i)
        step.batch.records.push_back(sale_record(model, step.batch));
    return step;
}

// Rows that were not yet sent, or one row whatever it is.
Step Draws::drop(const Model& model) {
    Step step{.kind = Step::Kind::DropRange, .stream = stream(), .text = "quota"};
    const Model::Lane& lane = model.lane(step.stream);
    if (lane.items.empty()) return {.kind = Step::Kind::Tend, .now = stamp()};
    const auto first =
        static_cast<std::size_t>(below(static_cast<std::int64_t>(lane.items.size())));
    const Model::Item& from = lane.items[first];
    const bool sent = from.from <= lane.frozen_to;
    const std::size_t last =
        sent ? first : std::min(first + static_cast<std::size_t>(below(6)), lane.items.size() - 1);
    step.from = from.from;
    step.seq = lane.items[last].seq;
    if (sent) step.text = "dead_letter";
    return step;
}

Step Draws::acknowledge(const Model& model) {
    Step step{.kind = Step::Kind::Acknowledge, .stream = stream()};
    const Model::Lane& lane = model.lane(step.stream);
    if (lane.items.empty()) return {.kind = Step::Kind::Tend, .now = stamp()};
    const auto count = static_cast<std::int64_t>(lane.items.size());
    step.seq = lane.items[static_cast<std::size_t>(below(count))].seq + 1;
    step.text = in_hex(static_cast<std::uint64_t>(step.seq));
    return step;
}

Step Draws::gap_before(const Model& model) {
    Step step{.kind = Step::Kind::GapBefore, .stream = stream(), .text = in_hex(0xc0ffee)};
    const Model::Lane& lane = model.lane(step.stream);
    if (lane.first == 1) return {.kind = Step::Kind::Tend, .now = stamp()};
    step.seq = 1 + below(lane.first - 1);
    if (step.seq == 1) step.text.clear();  // there is no line before the first
    return step;
}

Step Draws::next(const Model& model) {
    const std::int64_t draw = below(100);
    if (draw < 60) return {.batch = batch(model), .now = stamp()};
    if (draw < 72) {
        Step step{.kind = Step::Kind::Freeze, .stream = stream()};
        step.seq = model.lane(step.stream).first + below(40);
        return step;
    }
    if (draw < 84) return acknowledge(model);
    if (draw < 90) return drop(model);
    if (draw < 91) return gap_before(model);
    if (draw < 93) {
        return {.kind = Step::Kind::NewEpoch, .text = in_hex(random_())};
    }
    if (draw < 95) return {.kind = Step::Kind::Boot, .text = "boot-" + std::to_string(below(9))};
    if (draw < 98) return {.kind = Step::Kind::Prune, .now = stamp()};
    return {.kind = Step::Kind::Tend, .now = stamp()};
}

}  // namespace aisle::fault
