#include "sync/wire/ended.hpp"

#include <algorithm>
#include <span>

#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"

namespace aisle::wire {
namespace {

std::string marks_json(const EndedEpoch& ended) {
    std::string out;
    for (const EndedMark& mark : ended.marks) {
        if (!out.empty()) out += ',';
        out += quoted(aisle::to_text(mark.stream)) + ":{\"next\":" + std::to_string(mark.next) +
               ",\"check\":" + quoted(mark.check) + "}";
    }
    return "{" + out + "}";
}

void read_marks(Fields& fields, EndedEpoch& ended) {
    Fields by_stream{fields.object_or_empty(ended.epoch)};
    for (const Stream stream : kUpStreams) {
        const std::string one = by_stream.object_or_empty(aisle::to_text(stream));
        if (one.empty()) continue;
        Fields mark{one};
        EndedMark read{stream, mark.integer("next"), mark.text("check")};
        const bool good = read.next >= 1 && (read.check.empty() || is_hex16(read.check));
        if (mark.bad() || !good) return fields.reject("bad mark of an ended epoch");
        ended.marks.push_back(std::move(read));
    }
    if (by_stream.bad()) fields.reject("bad marks of an ended epoch");
}

}  // namespace

std::string to_json(const std::vector<EndedEpoch>& ended) {
    std::string out;
    for (const EndedEpoch& one : std::span{ended}.first(std::min(ended.size(), kEndedEpochsMax))) {
        if (!out.empty()) out += ',';
        out += quoted(one.epoch) + ":" + marks_json(one);
    }
    return "{" + out + "}";
}

Result<std::vector<EndedEpoch>> parse_ended(std::string_view json) {
    Fields fields{json};
    std::vector<EndedEpoch> all;
    for (const std::string& epoch : fields.names()) {
        if (!is_hex16(epoch)) fields.reject("an ended epoch that is none");
        if (all.size() >= kEndedEpochsMax) fields.reject("too many ended epochs");
        if (fields.bad()) break;
        all.push_back({.epoch = epoch, .marks = {}});
        read_marks(fields, all.back());
    }
    if (fields.bad()) return fields.error();
    return all;
}

}  // namespace aisle::wire
