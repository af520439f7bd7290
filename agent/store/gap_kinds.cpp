#include "agent/store/gap_kinds.hpp"

#include <charconv>

namespace aisle::store {

std::string to_text(const KindCounts& counts) {
    std::string text;
    for (const auto& [kind, count] : counts) {
        if (!text.empty()) text += ',';
        text += kind + "=" + std::to_string(count);
    }
    return text;
}

void add_counts(KindCounts& counts, std::string_view text) {
    while (!text.empty()) {
        const auto item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const auto equals = item.find('=');
        if (equals == std::string_view::npos) continue;
        std::int64_t count = 0;
        std::from_chars(item.data() + equals + 1, item.data() + item.size(), count);
        counts[std::string{item.substr(0, equals)}] += count;
    }
}

std::string gap_body(std::string_view reason, std::int64_t n, std::string_view kinds) {
    std::string body = "{\"reason\":\"" + std::string{reason} + "\",\"n\":" + std::to_string(n);
    KindCounts counts;
    add_counts(counts, kinds);
    const char* before = ",\"kinds\":{\"";
    for (const auto& [kind, count] : counts) {
        body += before + kind + "\":" + std::to_string(count);
        before = ",\"";
    }
    return body + (counts.empty() ? "}" : "}}");
}

}  // namespace aisle::store
