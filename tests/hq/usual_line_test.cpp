#include "sync/hq/usual_line.hpp"

#include <gtest/gtest.h>

#include <tuple>

#include "batches.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::hq {
namespace {

auto fields_of(const EventLine& line) {
    return std::tuple{line.seq,  line.from,    line.kind,  line.event_id, line.revision, line.at,
                      line.boot, line.mono_us, line.clock, line.was,      line.body};
}

// One batch of one line, read; the batch is kept, as the line points into it.
struct Single {
    Single(const std::string& text, std::int64_t first)
        : batch{std::move(*wire::open_batch(
              wire::pack_batch(header_for(first, 7), std::vector<std::string>{text})))},
          read{reader.read(batch)} {}
    [[nodiscard]] bool good() const { return read && read->unreadable == 0; }
    [[nodiscard]] const EventLine& line() const { return read->lines.front(); }

    LineReader reader;
    wire::OpenBatch batch;
    Result<ReadLines> read;
};

// A blank behind the brace means the same, and is not how our agents write.
std::string unusual(std::string text) {
    if (!text.empty()) text.insert(1, " ");
    return text;
}

struct Sample {
    std::string text;
    std::int64_t first = 7;  // the number that its batch begins with
};

std::vector<Sample> samples() {
    OutboxRow gap{.seq = 7, .from = 3};
    gap.record = {.kind = "gap", .body = R"({"reason":"quota","n":5})"};
    return {{line_for(7)},
            {line_for(7, R"({"revision":2,"a":[1,{"b":"c"}],"revision":3})", "sale", "00ff")},
            {line_for(7, R"({"text":"caf\u00e9 \"x\"","total":12345})", "sale", "00ff")},
            {line_for(7, "{\"text\":\"\xC3\xA9\"}")},
            {wire::line_of(gap), 3}};
}

TEST(UsualLine, IsWhatOurOwnAgentsWrite) {
    for (const auto& [text, first] : samples()) {
        EventLine line;
        EXPECT_TRUE(read_usual(text, line)) << text;
        EXPECT_EQ(line.seq, 7) << text;
    }
}

TEST(UsualLine, MeansTheSameToTheParserThatTakesAnyJson) {
    for (const auto& [text, first] : samples()) {
        const Single usual{text, first};
        const Single other{unusual(text), first};
        ASSERT_TRUE(usual.good()) << text;
        ASSERT_TRUE(other.good()) << text;
        EXPECT_EQ(fields_of(usual.line()), fields_of(other.line())) << text;
    }
}

TEST(UsualLine, SpoiltIsReadTheSameOrRefusedByBoth) {
    int usual = 0;
    for (std::uint32_t seed = 0; seed < 6'000; ++seed) {
        const auto good = samples();
        const auto& sample = good[seed % good.size()];
        std::string text = kit::mutant(sample.text, seed);
        std::erase(text, '\n');
        EventLine line;
        if (!read_usual(text, line)) continue;
        ++usual;
        const Single one{text, sample.first};
        const Single other{unusual(text), sample.first};
        ASSERT_EQ(one.good(), other.good()) << seed << " " << text;
        if (one.good()) {
            ASSERT_EQ(fields_of(one.line()), fields_of(other.line())) << seed << " " << text;
        }
    }
    EXPECT_GT(usual, 200);
}

TEST(UsualLine, IsNoneWithFieldsOfALaterVersionEarlierPlacesOrOtherBodies) {
    for (const char* text :
         {R"({"seq":7,"kind":"k","new":1,"body":{}})", R"({"seq":7,"kind":"k","body":[1]})",
          R"({"seq":7,"kind":"k","was":{"epoch":"0123456789abcdef","seq":9},"body":{}})",
          R"({"kind":"k","seq":7,"body":{}})", R"({"seq":07,"kind":"k","body":{}})",
          R"({"seq":7,"kind":"k","body":{} })",
          R"({"seq":1234567890123456789,"kind":"k","body":{}})"}) {
        EventLine line;
        EXPECT_FALSE(read_usual(text, line)) << text;
    }
}

}  // namespace
}  // namespace aisle::hq
