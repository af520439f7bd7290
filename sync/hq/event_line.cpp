#include "sync/hq/event_line.hpp"

#include <simdjson.h>

#include <string>

namespace aisle::hq {
namespace {

namespace ondemand = simdjson::ondemand;

// Ids and kinds are short words; a longer one is no word of ours.
constexpr std::size_t kWordBytesMax = 128;

Status bad(const char* what) { return malformed(what); }

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

Status read_field(std::string_view name, ondemand::value value, EventLine& line) {
    if (name == "seq") return integer(value, line.seq) ? Status{} : bad("bad seq");
    if (name == "from") return integer(value, line.from) ? Status{} : bad("bad from");
    if (name == "kind") return word(value, line.kind) ? Status{} : bad("bad kind");
    if (name == "id") return word(value, line.event_id) ? Status{} : bad("bad id");
    if (name == "boot") return integer(value, line.boot) ? Status{} : bad("bad boot");
    if (name == "mono") return integer(value, line.mono_us) ? Status{} : bad("bad mono");
    if (name == "clock") return word(value, line.clock) ? Status{} : bad("bad clock");
    if (name == "body") return read_body(value, line) ? Status{} : bad("bad body");
    if (name != "at") return {};  // of a later version
    std::string_view text;
    if (!word(value, text)) return bad("bad at");
    line.at = parse_rfc3339(text);
    return line.at ? Status{} : bad("bad at");
}

}  // namespace

struct LineReader::Parser {
    ondemand::parser parser;
};

LineReader::LineReader() : parser_{std::make_unique<Parser>()} {}
LineReader::~LineReader() = default;

// simdjson may look beyond the line: what follows is the next line, or the padding of the batch's
// text.
Status LineReader::read_line(std::string_view text, EventLine& line) {
    static_assert(wire::kTextPadding >= simdjson::SIMDJSON_PADDING);
    line.text = text;
    const simdjson::padded_string_view padded{text.data(), text.size(),
                                              text.size() + wire::kTextPadding};
    ondemand::document document;
    ondemand::object object;
    if (parser_->parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS)
        return bad("not a JSON object");
    for (auto field : object) {
        std::string_view name;
        ondemand::value value;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS ||
            field.value().get(value) != simdjson::SUCCESS)
            return bad("not JSON");
        if (auto read = read_field(name, value, line); !read) return read;
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return bad("more than one object");
    if (line.seq < 1 || line.kind.empty() || line.body.empty())
        return bad("seq, kind or body is missing");
    if (line.from == 0) line.from = line.seq;
    return {};
}

Result<std::vector<EventLine>> LineReader::read(const wire::OpenBatch& batch) {
    std::vector<EventLine> lines(batch.lines.size());
    std::int64_t expected = batch.header.first;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string where = "line " + std::to_string(i + 1) + ": ";
        if (const auto read = read_line(batch.lines[i], lines[i]); !read)
            return malformed(where + read.error().detail);
        // A seq beyond the header's last would also overflow `expected`.
        if (lines[i].from != expected || lines[i].seq < expected ||
            lines[i].seq > batch.header.last)
            return malformed(where + "does not follow on");
        expected = lines[i].seq + 1;
    }
    if (expected - 1 != batch.header.last) return malformed("the last line is not the header's");
    return lines;
}

}  // namespace aisle::hq
