#include "sync/hq/event_line.hpp"

#include <simdjson.h>

#include <boost/json.hpp>
#include <string>

#include "sync/hq/usual_line.hpp"
#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

namespace ondemand = simdjson::ondemand;

// Ids and kinds are short words; a longer one is no word of ours.
constexpr std::size_t kWordBytesMax = 128;

// Our words hold no escapes, so that they can stay views into the line.
bool word(ondemand::value value, std::string_view& out) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && token.back() != '"') token.remove_suffix(1);
    if (token.size() < 2 || token.front() != '"') return false;
    out = token.substr(1, token.size() - 2);
    return out.size() <= kWordBytesMax && out.find('\\') == std::string_view::npos;
}

bool integer(ondemand::value value, std::int64_t& out) {
    return value.get_int64().get(out) == simdjson::SUCCESS && out >= 0;
}

// False when the body is broken: simdjson must not be asked anything more about it then.
bool find_revision(ondemand::object& object, EventLine& line) {
    ondemand::value value;
    const auto found = object.find_field_unordered("revision").get(value);
    if (found != simdjson::SUCCESS && found != simdjson::NO_SUCH_FIELD) return false;
    std::int64_t revision = 0;
    if (found == simdjson::SUCCESS && value.get_int64().get(revision) == simdjson::SUCCESS)
        line.revision = revision;
    return object.reset().error() == simdjson::SUCCESS;
}

// The body as it stands; `revision` of an object on the way.
bool read_body(ondemand::value value, EventLine& line) {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::array) {
        ondemand::array array;
        return value.get_array().get(array) == simdjson::SUCCESS &&
               array.raw_json().get(line.body) == simdjson::SUCCESS;
    }
    if (type != ondemand::json_type::object) {
        line.body = value.raw_json_token();
        return true;
    }
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    if (!line.event_id.empty() && !find_revision(object, line)) return false;
    return object.raw_json().get(line.body) == simdjson::SUCCESS;
}

// What is wrong with the field; null: nothing.
const char* read_field(std::string_view name, ondemand::value value, EventLine& line) {
    if (name == "seq") return integer(value, line.seq) ? nullptr : "bad seq";
    if (name == "from") return integer(value, line.from) ? nullptr : "bad from";
    if (name == "kind") return word(value, line.kind) ? nullptr : "bad kind";
    if (name == "id") return word(value, line.event_id) ? nullptr : "bad id";
    if (name == "boot") return integer(value, line.boot) ? nullptr : "bad boot";
    if (name == "mono") return integer(value, line.mono_us) ? nullptr : "bad mono";
    if (name == "clock") return word(value, line.clock) ? nullptr : "bad clock";
    if (name == "body") return read_body(value, line) ? nullptr : "bad body";
    if (name == "was") {
        ondemand::object places;
        const bool good = value.get_object().get(places) == simdjson::SUCCESS &&
                          places.raw_json().get(line.was) == simdjson::SUCCESS;
        return good ? nullptr : "bad was";
    }
    if (name != "at") return nullptr;  // of a later version
    std::string_view text;
    if (!word(value, text)) return "bad at";
    line.at = parse_rfc3339(text);
    return line.at ? nullptr : "bad at";
}

// simdjson takes no numbers beyond 64 bits, which are JSON all the same.
bool is_json_with_long_numbers(std::string_view text) {
    boost::json::stream_parser parser;
    boost::system::error_code error;
    parser.write(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    return !error;
}

void make_gap(ReadLines& read, EventLine& line, std::int64_t from, std::int64_t to) {
    read.made.push_back(gap_body("unreadable", to - from + 1));
    line = {.text = line.text, .seq = to, .from = from, .kind = "gap", .body = read.made.back()};
}

// Gaps in place of the unreadable lines [begin, end), which stand for [from, to]. One each where
// the numbers come out even, else one for all; false if there are more lines than numbers.
struct Hole {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
};
bool fill(ReadLines& read, const Hole& hole) {
    const auto lines = static_cast<std::int64_t>(hole.end - hole.begin);
    const std::int64_t numbers = hole.to - hole.from + 1;
    if (lines == 0) return numbers == 0;
    if (numbers < lines) return false;
    if (numbers > lines) {
        make_gap(read, read.lines[hole.end - 1], hole.from, hole.to);
        for (std::size_t i = hole.begin; i + 1 < hole.end; ++i) read.lines[i].seq = -1;
        return true;
    }
    for (std::int64_t i = 0; i < lines; ++i)
        make_gap(read, read.lines[hole.begin + static_cast<std::size_t>(i)], hole.from + i,
                 hole.from + i);
    return true;
}

std::string where(std::size_t index, std::string_view what) {
    return "line " + std::to_string(index + 1) + ": " + std::string{what};
}

}  // namespace

std::string gap_body(std::string_view reason, std::int64_t rows) {
    return "{\"reason\":" + wire::quoted(reason) + ",\"n\":" + std::to_string(rows) + "}";
}

struct LineReader::Parser {
    ondemand::parser parser;
    simdjson::dom::parser strict;  // the other one passes over what it is not asked for
};

LineReader::LineReader() : parser_{std::make_unique<Parser>()} {}
LineReader::~LineReader() = default;

// The body is parsed once, to its last byte, and the rest of the line read by its form. Whatever is
// out of the ordinary is left to the way that takes any JSON and knows what is wrong.
bool LineReader::read_usual_line(std::string_view text, EventLine& line) {
    if (!read_usual(text, line)) return false;
    simdjson::dom::element body;
    if (parser_->strict.parse(line.body.data(), line.body.size(), false).get(body) !=
        simdjson::SUCCESS)
        return false;
    if (!line.event_id.empty()) {
        // A name with an escape in it is not looked through by the other way.
        if (line.body.find('\\') != std::string_view::npos) return false;
        std::int64_t revision = 0;
        if (body["revision"].get(revision) == simdjson::SUCCESS) line.revision = revision;
    }
    if (line.from == 0) line.from = line.seq;
    return true;
}

// simdjson may look beyond the line: what follows is the next line, or the padding of the batch's
// text.
const char* LineReader::read_line(std::string_view text, EventLine& line) {
    static_assert(wire::kTextPadding >= simdjson::SIMDJSON_PADDING);
    if (read_usual_line(text, line)) return nullptr;
    line = {.text = text};
    const simdjson::padded_string_view padded{text.data(), text.size(),
                                              text.size() + wire::kTextPadding};
    ondemand::document document;
    ondemand::object object;
    if (parser_->parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS)
        return "not a JSON object";
    for (auto field : object) {
        std::string_view name;
        ondemand::value value;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS ||
            field.value().get(value) != simdjson::SUCCESS)
            return "not JSON";
        if (const char* fault = read_field(name, value, line); fault != nullptr) return fault;
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return "more than one object";
    if (line.seq < 1 || line.kind.empty() || line.body.empty())
        return "seq, kind or body is missing";
    if (parser_->strict.parse(line.body.data(), line.body.size(), false).error() !=
            simdjson::SUCCESS &&
        !is_json_with_long_numbers(line.body))
        return "the body is not JSON";
    if (line.from == 0) line.from = line.seq;
    return nullptr;
}

Result<ReadLines> LineReader::read(const wire::OpenBatch& batch) {
    ReadLines read;
    read.lines.resize(batch.lines.size());
    std::int64_t expected = batch.header.first;
    std::size_t hole = 0;  // the first of the unreadable lines just before this one
    for (std::size_t i = 0; i < batch.lines.size(); ++i) {
        EventLine& line = read.lines[i];
        if (const char* fault = read_line(batch.lines[i], line); fault != nullptr) {
            if (read.unreadable++ == 0) read.fault = where(i, fault);
            continue;
        }
        // A seq beyond the header's last would also overflow `expected`.
        const bool follows = line.from >= expected && line.seq >= line.from &&
                             line.seq <= batch.header.last &&
                             fill(read, {hole, i, expected, line.from - 1});
        if (!follows) return malformed(where(i, "does not follow on"));
        expected = line.seq + 1;
        hole = i + 1;
    }
    if (read.unreadable == batch.lines.size()) return malformed(read.fault);
    if (!fill(read, {hole, batch.lines.size(), expected, batch.header.last}))
        return malformed("the last line is not the header's");
    if (read.unreadable > 0)
        std::erase_if(read.lines, [](const auto& line) { return line.seq < 0; });
    return read;
}

}  // namespace aisle::hq
