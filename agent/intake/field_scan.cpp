#include "agent/intake/field_scan.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace aisle::intake {
namespace {

constexpr std::size_t kNameBytesMax = 64;

constexpr std::array<std::string_view, 20> kCodes{
    "positemid", "itemid",        "gtin",   "gtin14", "ean", "upc",           "sku",
    "barcode",   "serialnumber",  "sn",     "uuid",   "seq", "vendor_id",     "receipt_number",
    "key",       "transactionid", "itemno", "sale",   "plu", "sequencenumber"};

constexpr std::array<std::string_view, 35> kSecrets{"accountnumber",
                                                    "primaryaccountnumber",
                                                    "pan",
                                                    "cardnumber",
                                                    "card_number",
                                                    "card_hash",
                                                    "cvv",
                                                    "cvc",
                                                    "pin",
                                                    "pinblock",
                                                    "password",
                                                    "member",
                                                    "memberid",
                                                    "member_id",
                                                    "customer",
                                                    "customerid",
                                                    "customer_id",
                                                    "customeruid",
                                                    "customername",
                                                    "loyaltyid",
                                                    "loyaltyaccount",
                                                    "operatorname",
                                                    "cashiername",
                                                    "phone",
                                                    "mobile",
                                                    "email",
                                                    "fullname",
                                                    "firstname",
                                                    "lastname",
                                                    "telephonenumber",
                                                    "emailaddress",
                                                    "receiptdata",
                                                    "trailertext",
                                                    "signature",
                                                    "loyaltyaccountid"};

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':' || c == '.';
}

std::string_view name_at(std::string_view bytes, std::size_t at) {
    std::size_t end = at;
    while (end < bytes.size() && end - at < kNameBytesMax && is_name(bytes[end])) ++end;
    return bytes.substr(at, end - at);
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t skip_blanks(std::string_view bytes, std::size_t at) {
    while (at < bytes.size() && is_blank(bytes[at])) ++at;
    return at;
}

// Where a quoted text ends that begins at `at`, behind its opening quote; a backslash hides a
// quote.
std::size_t quoted_end(std::string_view bytes, std::size_t at, char quote) {
    for (; at < bytes.size() && bytes[at] != quote; ++at) {
        if (bytes[at] == '\\' && at + 1 < bytes.size()) ++at;
    }
    return std::min(at, bytes.size());
}

class Scanner {
public:
    explicit Scanner(std::string_view bytes) : bytes_{bytes} {}

    std::vector<FieldSpan> run() {
        while (at_ < bytes_.size()) step();
        return std::move(spans_);
    }

private:
    void step() {
        const char c = bytes_[at_];
        if (c == '<') return open_element();
        if (c == '>') in_tag_ = false;
        const bool quote = c == '"' || c == '\'';
        if (quote && in_tag_ && before_blanks(at_) > 0 && bytes_[before_blanks(at_) - 1] == '=')
            return take_attribute(c);
        if (c == '"' && take_key()) return;
        take(at_ + 1, in_tag_ || c == '>' ? FieldSort::Free : element_);
    }

    // Comments, CDATA and instructions belong to the element around them.
    void open_element() {
        const std::size_t next = at_ + 1;
        if (next < bytes_.size() && bytes_[next] != '!' && bytes_[next] != '?') {
            const auto name = name_at(bytes_, next);
            element_ = name.empty() ? FieldSort::Free : field_sort(name);
            if (is_drawing(name)) return skip_element(name);
            in_tag_ = true;
        }
        take(next, FieldSort::Free);
    }

    // A signature is drawn as an SVG: nothing inside of it is for us.
    static bool is_drawing(std::string_view name) {
        return name == "svg" || name.ends_with(":svg");
    }

    void skip_element(std::string_view name) {
        const std::string close = "</" + std::string{name};
        const auto end = bytes_.find(close, at_);
        take(end == std::string_view::npos ? bytes_.size() : end, FieldSort::Secret);
        element_ = FieldSort::Free;
    }

    // Where the blanks in front of `at` begin: XML allows them around the `=`.
    [[nodiscard]] std::size_t before_blanks(std::size_t at) const {
        while (at > 0 && is_blank(bytes_[at - 1])) --at;
        return at;
    }

    void take_attribute(char quote) {
        const std::size_t name_end = before_blanks(before_blanks(at_) - 1);
        std::size_t from = name_end;
        while (from > 0 && is_name(bytes_[from - 1]) && name_end - from < kNameBytesMax) --from;
        const auto sort = field_sort(bytes_.substr(from, name_end - from));
        take(at_ + 1, FieldSort::Free);
        take(quoted_end(bytes_, at_, quote), sort);
        if (at_ < bytes_.size()) take(at_ + 1, FieldSort::Free);
    }

    // `"name" :` and its value, unless that is an object or an array.
    bool take_key() {
        const auto name = name_at(bytes_, at_ + 1);
        std::size_t at = at_ + 1 + name.size();
        if (name.empty() || at >= bytes_.size() || bytes_[at] != '"') return false;
        at = skip_blanks(bytes_, at + 1);
        if (at >= bytes_.size() || bytes_[at] != ':') return false;
        at = skip_blanks(bytes_, at + 1);
        take(at, FieldSort::Free);
        if (at >= bytes_.size() || bytes_[at] == '{' || bytes_[at] == '[') return true;
        const bool quoted = bytes_[at] == '"';
        if (quoted) take(at + 1, FieldSort::Free);
        const auto bare_end = std::min(bytes_.find_first_of(",}]\n", at_), bytes_.size());
        take(quoted ? quoted_end(bytes_, at_, '"') : bare_end, field_sort(name));
        if (quoted && at_ < bytes_.size()) take(at_ + 1, FieldSort::Free);
        return true;
    }

    void take(std::size_t to, FieldSort sort) {
        if (to <= at_) return;
        const bool joins = !spans_.empty() && spans_.back().sort == sort;
        if (joins) {
            spans_.back().to = to;
        } else {
            spans_.push_back({at_, to, sort});
        }
        at_ = to;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    bool in_tag_ = false;
    FieldSort element_ = FieldSort::Free;
    std::vector<FieldSpan> spans_;
};

}  // namespace

FieldSort field_sort(std::string_view name) {
    const auto colon = name.rfind(':');
    if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
    std::string low;
    for (const char c : name) low += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (std::ranges::find(kCodes, low) != kCodes.end()) return FieldSort::Code;
    if (low.starts_with("track") || low.starts_with("signature")) return FieldSort::Secret;
    return std::ranges::find(kSecrets, low) != kSecrets.end() ? FieldSort::Secret : FieldSort::Free;
}

std::vector<FieldSpan> field_spans(std::string_view bytes) { return Scanner{bytes}.run(); }

}  // namespace aisle::intake
