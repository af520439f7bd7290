#include <gtest/gtest.h>

#include "drivers/pos/json_fields.hpp"
#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

std::string wide(const std::string& text, bool big, bool mark = true) {
    std::string out = !mark ? "" : big ? "\xfe\xff" : "\xff\xfe";
    for (const char c : text) {
        out += big ? '\0' : c;
        out += big ? c : '\0';
    }
    return out;
}

std::string cut(const std::string& bytes, const ByteRange& range) {
    return bytes.substr(range.from, range.to - range.from);
}

TillReader reader_of(const std::string& bytes) { return TillReader{shop(), bytes}; }

TEST(JsonLines, AreCompleteOnceEveryLineHasEnded) {
    const std::string line = posted_sale("1");
    EXPECT_TRUE(reader_of(line + "\n").complete());
    EXPECT_TRUE(reader_of(line + "\r\n").complete());
    EXPECT_TRUE(reader_of(line).complete()) << "its object is closed";
    EXPECT_TRUE(reader_of(line + "\n" + line).complete());
    EXPECT_TRUE(reader_of(line + "\n  ").complete());
}

TEST(JsonLines, AreNeverCompleteInsideALine) {
    const std::string bytes = posted_sale("1") + "\n" + posted_sale("2");
    for (std::size_t n = posted_sale("1").size() + 2; n < bytes.size(); ++n)
        EXPECT_FALSE(reader_of(bytes.substr(0, n)).complete()) << n;
}

TEST(JsonLines, HaveTheirByteRangesWithoutTheirEnds) {
    const std::string bytes =
        "\xef\xbb\xbf" + posted_sale("1") + "\n\n \t\n" + posted_sale("2") + "\n{}\n";
    const auto file = read(bytes);
    ASSERT_EQ(file.sales.size(), 2U);
    EXPECT_EQ(cut(bytes, file.sales[0].range), posted_sale("1"));
    EXPECT_EQ(cut(bytes, file.sales[1].range), posted_sale("2"));
    EXPECT_EQ(cut(bytes, file.rejects.at(0).range), "{}");
}

TEST(JsonLines, TellEachBadLineWithItsReason) {
    const auto file = read(posted_sale("1") + "\n{\"a\":\xff}\n[]\n" + posted_sale("2") + "\n{\"");
    EXPECT_EQ(file.sales.size(), 2U);
    ASSERT_EQ(file.rejects.size(), 3U);
    EXPECT_EQ(file.rejects[0].reason, "encoding");
    EXPECT_EQ(file.rejects[1].reason, "schema");
    EXPECT_EQ(file.rejects[2].reason, "incomplete");
    EXPECT_FALSE(file.complete);
}

TEST(JsonLines, RefuseALineAboveItsSize) {
    const std::string big(kTillRecordBytesMax + 1, ' ');
    const auto file = read(posted_sale("1") + "\n{" + big + "}\n" + posted_sale("2") + "\n");
    EXPECT_EQ(file.sales.size(), 2U);
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].reason, "limit");
}

TEST(JsonLines, TakeTheNameOfTheSourceFromTheSettings) {
    auto settings = shop();
    EXPECT_EQ(read_till_file(settings, posted_sale()).sales.at(0).draft.source, "till");
    settings.source = "north";
    EXPECT_EQ(read_till_file(settings, posted_sale()).sales.at(0).draft.source, "north");
    settings.source.clear();
    EXPECT_EQ(read_till_file(settings, posted_sale()).sales.at(0).draft.source, "till");
}

TEST(WideFiles, OfBothKindsNeedNoMark) {
    for (const bool big : {false, true}) {
        const std::string text = document(plain_sale());
        const auto file = read(wide(text, big, false));
        ASSERT_EQ(file.sales.size(), 1U) << big;
        EXPECT_EQ(file.sales[0].range.from, 2 * text.find("<Transaction>"));
        EXPECT_EQ(file.sales[0].raw,
                  text.substr(text.find("<Transaction>"),
                              text.find("</Transaction>") + 14 - text.find("<Transaction>")));
    }
}

TEST(WideFiles, MayBeJsonLines) {
    for (const bool big : {false, true}) {
        const std::string text = posted_sale("1") + "\n" + posted_sale("2") + "\n";
        const auto file = read(wide(text, big));
        ASSERT_EQ(file.sales.size(), 2U) << big;
        EXPECT_EQ(file.sales[1].range.from, 2 + 2 * (posted_sale("1").size() + 1));
        EXPECT_TRUE(file.complete);
    }
}

TEST(WideFiles, PassOverPaddingAfterALossOfPower) {
    for (const bool big : {false, true}) {
        const auto file = read(wide(document(plain_sale()), big) + std::string(512, '\0'));
        EXPECT_EQ(file.sales.size(), 1U) << big;
        EXPECT_TRUE(file.rejects.empty()) << big;
        EXPECT_TRUE(file.complete) << big;
    }
}

TEST(WideFiles, AreUnfinishedWhereverTheyAreCut) {
    const std::string bytes = wide(document(plain_sale()), false);
    const std::size_t last = bytes.find(wide("</POSLog>", false, false)) + 17;
    for (std::size_t n = 3; n < last; ++n) {
        const auto file = read(bytes.substr(0, n));
        EXPECT_FALSE(file.complete) << n;
        for (const auto& reject : file.rejects) EXPECT_EQ(reject.reason, "incomplete") << n;
    }
}

TEST(WideFiles, OfLoneSurrogatesAreRefusedWhole) {
    std::string bytes = wide(document(plain_sale()), false);
    bytes.replace(bytes.find('g'), 2, "\x00\xd8", 2);
    const auto file = read(bytes);
    EXPECT_TRUE(file.sales.empty());
    EXPECT_EQ(file.rejects.at(0).reason, "encoding");
}

TEST(TillFiles, DeclaredInAnUnknownEncodingAreRefusedRecordByRecord) {
    std::string bytes = document(plain_sale("1") + plain_sale("2"));
    bytes.replace(bytes.find("UTF-8"), 5, "KOI8R");
    const auto file = read(bytes);
    ASSERT_EQ(file.rejects.size(), 2U);
    EXPECT_EQ(file.rejects[0].reason, "encoding");
    EXPECT_EQ(file.rejects[0].raw.substr(0, 13), "<Transaction>");
}

TEST(TillFiles, DeclaredAsLatin1AreRead) {
    std::string bytes = document(plain_sale());
    bytes.replace(bytes.find("UTF-8"), 5, "ISO-8859-1");
    bytes.replace(bytes.find("green  tea"), 10, "caf\xe9 \x80");
    EXPECT_EQ(read(bytes).sales.at(0).draft.lines.at(0).text, "café €");
}

TEST(TillFiles, HaveNoZeroByteInsideARecord) {
    std::string bytes = document(plain_sale("1") + plain_sale("2"));
    bytes[bytes.find("green  tea")] = '\0';
    const auto file = read(bytes);
    EXPECT_EQ(file.sales.size(), 1U);
    EXPECT_EQ(file.rejects.at(0).reason, "encoding");
}

TEST(TillFiles, CountAByteOrderMarkInTheirRanges) {
    const std::string bytes = "\xef\xbb\xbf" + document(plain_sale());
    const auto file = read(bytes);
    EXPECT_TRUE(cut(bytes, file.sales.at(0).range).starts_with("<Transaction>"));
}

TEST(TillFiles, AboveTheirSizeAreRefusedWhole) {
    const auto file = read(std::string(kTillFileBytesMax + 1, '<'));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].reason, "limit");
    EXPECT_TRUE(file.complete) << "no more bytes will make it readable";
}

TEST(TillFiles, RefuseARecordAboveItsSizeOnly) {
    const std::string big = transaction("<!--" + std::string(kTillRecordBytesMax, 'x') + "-->");
    const auto file = read(document(plain_sale("1") + big + plain_sale("2")));
    EXPECT_EQ(file.sales.size(), 2U);
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].reason, "limit");
}

TEST(TillFiles, OfAnUnknownProfileAreRefused) {
    const auto file = read_till_file(shop("acme"), document(plain_sale()));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].reason, "format");
}

TEST(TillFiles, AreReadAsTheFormatThatIsAskedFor) {
    auto settings = shop();
    settings.format = TillFormat::Poslog;
    EXPECT_TRUE(read_till_file(settings, posted_sale() + "\n").sales.empty());
    settings.format = TillFormat::Jsonl;
    const auto file = read_till_file(settings, "<a>\n" + posted_sale() + "\n");
    EXPECT_EQ(file.sales.size(), 1U);
    EXPECT_EQ(file.rejects.size(), 1U);
}

TEST(TillFiles, OfBlanksAreEmptyAndIncomplete) {
    for (const std::string bytes : {"", " \r\n\t", "\xef\xbb\xbf"}) {
        const auto file = read(bytes);
        EXPECT_FALSE(file.complete);
        ASSERT_EQ(file.rejects.size(), 1U);
        EXPECT_EQ(file.rejects[0].reason, "incomplete");
    }
}

TEST(TillFiles, TellTheirLineage) {
    auto settings = shop("ncr");
    settings.driver = "aislectl/1";
    settings.origin = "a.xml";
    const auto file = read_till_file(settings, document(plain_sale()));
    const Lineage& lineage = file.sales.at(0).draft.lineage;
    EXPECT_EQ(lineage.source, "till");
    EXPECT_EQ(lineage.driver, "aislectl/1");
    EXPECT_EQ(lineage.profile, "ncr");
    EXPECT_EQ(lineage.origin, "a.xml");
    EXPECT_EQ(lineage.byte_to, static_cast<std::int64_t>(file.sales[0].range.to));
}

struct StoreCase {
    const char* told;
    const char* vendor;
    bool any;
    const char* store;
};

TEST(TillFiles, NameTheShopOurWayOnlyWhereItIsOurs) {
    for (const auto& [told, vendor, any, store] :
         {StoreCase{"s-0001", "", false, "s-0001"}, StoreCase{"9", "9", false, "s-0001"},
          StoreCase{"9", "", false, "9"}, StoreCase{"09", "9", false, "09"},
          StoreCase{"8", "9", true, "s-0001"}, StoreCase{"", "9", false, "s-0001"}}) {
        auto settings = shop();
        settings.vendor_store = vendor;
        settings.any_store = any;
        std::string bytes = document(plain_sale());
        bytes.replace(bytes.find("s-0001"), 6, told);
        EXPECT_EQ(read_till_file(settings, bytes).sales.at(0).draft.store.value, store) << told;
    }
}

TEST(TillReader, CanStopBetweenAnyTwoRecords) {
    TillReader reader = reader_of(document(plain_sale("1") + plain_sale("2")));
    ASSERT_TRUE(reader.next());
    TillReader moved = std::move(reader);
    EXPECT_TRUE(moved.complete()) << "asking does not move it";
    const auto second = moved.next();
    ASSERT_TRUE(second);
    EXPECT_EQ(std::get<TillDraft>(*second).draft.seq, 2);
    EXPECT_FALSE(moved.next());
    EXPECT_FALSE(moved.next());
}

TEST(TillFormats, AreKnownByTheirWords) {
    EXPECT_EQ(till_format_from("auto").value(), TillFormat::Auto);
    EXPECT_EQ(till_format_from("poslog").value(), TillFormat::Poslog);
    for (const char* text : {"", "POSLOG", "xml", "json"}) {
        const auto format = till_format_from(text);
        ASSERT_FALSE(format) << text;
        EXPECT_EQ(format.error().detail, "unknown format: auto, poslog, jsonl are read");
    }
}

// Reads one field of any type and tells what was wrong with it.
template <typename Read>
std::string problem_of(const std::string& json, Read read) {
    const auto status =
        read_json_object(json, [&](std::string_view, JsonValue value) { read(value); });
    return status ? std::string{} : status.error().detail;
}

TEST(JsonFields, NameThePathOfWhatIsWrong) {
    const auto deep = [](JsonValue& value) {
        value.object([](std::string_view, JsonValue inner) {
            inner.objects([](std::string_view, JsonValue last) { last.fail("no good"); },
                          [](std::size_t) { return true; });
        });
    };
    EXPECT_EQ(problem_of(R"({"a":{"b":[{},{"c":1}]}})", deep), "a.b[1].c: no good");
    EXPECT_EQ(problem_of(R"({"a":7})", deep), "a: not an object");
}

TEST(JsonFields, TellTheFirstThingThatIsWrongOnly) {
    int read = 0;
    const auto status =
        read_json_object(R"({"a":1,"b":2})", [&](std::string_view, JsonValue value) {
            ++read;
            value.fail("first");
            value.fail("second");
        });
    EXPECT_EQ(status.error().detail, "a: first");
    EXPECT_EQ(read, 1);
}

TEST(JsonFields, KeepTheDigitsOfAnIdAsTheyAreWritten) {
    std::string id;
    const auto read = [&](JsonValue& value) { value.text_or_digits(id); };
    EXPECT_EQ(problem_of(R"({"a": 00007 })", read), "");
    EXPECT_EQ(id, "00007");
    EXPECT_EQ(problem_of(R"({"a": 201511121602084680006 })", read), "");
    EXPECT_EQ(id, "201511121602084680006");
    EXPECT_EQ(problem_of("{\"a\":" + std::string(65, '1') + "}", read),
              "a: neither a text nor digits");
    EXPECT_EQ(problem_of(R"({"a":null})", read), "");
    EXPECT_EQ(id, "");
}

TEST(JsonFields, CutALongNameInTheReason) {
    const std::string name(200, 'n');
    EXPECT_EQ(problem_of("{\"" + name + "\":1}", [](JsonValue& value) { value.fail("bad"); }),
              std::string(64, 'n') + ": bad");
}

}  // namespace
}  // namespace aisle::pos
