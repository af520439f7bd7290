#include "sync/hq/usual_line.hpp"

#include <algorithm>

namespace aisle::hq {
namespace {

constexpr std::size_t kWordBytesMax = 128;
constexpr std::size_t kDigitsMax = 18;  // whatever they are, they fit into 64 bits

bool is_plain(char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Front {
public:
    explicit Front(std::string_view text) : rest_{text} {}

    bool takes(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    // As JSON has them: no sign, no leading zero.
    bool takes_number(std::int64_t& number) {
        std::size_t digits = 0;
        number = 0;
        for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
            if (digits == kDigitsMax) return false;
            number = number * 10 + (rest_[digits] - '0');
        }
        if (digits == 0 || (digits > 1 && rest_.front() == '0')) return false;
        rest_.remove_prefix(digits);
        return true;
    }
    bool takes_word(std::string_view& word) {
        if (!takes("\"")) return false;
        const auto end = rest_.find('"');
        if (end == std::string_view::npos || end > kWordBytesMax) return false;
        word = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return std::ranges::all_of(word, is_plain);
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

bool read_stamp(Front& front, EventLine& line) {
    std::string_view at;
    if (!front.takes_word(at)) return false;
    line.at = parse_rfc3339(at);
    return line.at && front.takes(",\"boot\":") && front.takes_number(line.boot) &&
           front.takes(",\"mono\":") && front.takes_number(line.mono_us) &&
           front.takes(",\"clock\":") && front.takes_word(line.clock);
}

}  // namespace

bool read_usual(std::string_view text, EventLine& line) {
    Front front{text};
    if (!front.takes("{\"seq\":") || !front.takes_number(line.seq)) return false;
    if (front.takes(",\"from\":") && !front.takes_number(line.from)) return false;
    if (!front.takes(",\"kind\":") || !front.takes_word(line.kind)) return false;
    if (front.takes(",\"id\":") && !front.takes_word(line.event_id)) return false;
    if (front.takes(",\"at\":") && !read_stamp(front, line)) return false;
    if (!front.takes(",\"body\":")) return false;
    const std::string_view rest = front.rest();
    if (rest.size() < 3 || rest.front() != '{' || !rest.ends_with("}}")) return false;
    line.text = text;
    line.body = rest.substr(0, rest.size() - 1);
    return line.seq >= 1 && !line.kind.empty();
}

}  // namespace aisle::hq
