#include "drivers/pos/xml_records.hpp"

namespace aisle::pos {
namespace {

constexpr std::string_view kTransaction = "Transaction";
constexpr std::string_view kNameEnds = " \t\r\n/>";

}  // namespace

bool XmlRecords::pass(std::string_view end) {
    const auto found = text_.find(end, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + end.size();
    return true;
}

// A `>` inside an attribute's value does not end a tag; `<` cannot stand in one, so a lost quote
// costs one tag only.
XmlRecords::Token XmlRecords::take_tag() {
    const bool closing = text_.substr(at_).starts_with("</");
    at_ += closing ? 2 : 1;
    const auto name_end = text_.find_first_of(kNameEnds, at_);
    if (name_end == std::string_view::npos) return Token::Cut;
    name_ = text_.substr(at_, name_end - at_);
    const auto colon = name_.rfind(':');
    if (colon != std::string_view::npos) name_.remove_prefix(colon + 1);
    char quote = 0;
    for (at_ = name_end; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '<') return Token::Passed;  // malformed: left to the parser
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            const bool empty = text_[at_ - 1] == '/';
            ++at_;
            return closing ? Token::Close : empty ? Token::Empty : Token::Open;
        }
    }
    return Token::Cut;
}

XmlRecords::Token XmlRecords::take_token() {
    const auto found = text_.find('<', at_);
    if (found == std::string_view::npos) {
        at_ = token_from_ = text_.size();
        return Token::Cut;
    }
    at_ = token_from_ = found;
    const auto rest = text_.substr(at_);
    name_ = {};
    if (rest.starts_with("<!--")) return pass("-->") ? Token::Passed : Token::Cut;
    if (rest.starts_with("<![CDATA[")) return pass("]]>") ? Token::Passed : Token::Cut;
    if (rest.starts_with("<?")) return pass("?>") ? Token::Passed : Token::Cut;
    if (rest.starts_with("<!")) return Token::Doctype;
    return take_tag();
}

XmlRecord XmlRecords::take_transaction(std::size_t from) {
    for (;;) {
        const Token token = take_token();
        const bool transaction = name_ == kTransaction;
        if (token == Token::Close && transaction) return {XmlRecord::Sort::Whole, from, at_};
        if ((token == Token::Open || token == Token::Empty) && transaction) {
            at_ = token_from_;
            return {XmlRecord::Sort::Broken, from, token_from_};
        }
        if (token == Token::Cut) {
            ended_ = true;
            return {XmlRecord::Sort::Incomplete, from, text_.size()};
        }
        // Behind a declaration inside of a record only that record is lost: the parser refuses it.
        if (token == Token::Doctype) at_ = token_from_ + 2;
    }
}

// Whether the document had been finished when the text ended.
std::optional<XmlRecord> XmlRecords::take_rest() {
    ended_ = true;
    const bool dangling = token_from_ < text_.size();
    if (any_element_ && depth_ == 0 && !dangling) return std::nullopt;
    return XmlRecord{XmlRecord::Sort::Incomplete, dangling ? token_from_ : text_.size(),
                     text_.size()};
}

std::optional<XmlRecord> XmlRecords::next() {
    while (!ended_) {
        const Token token = take_token();
        switch (token) {
            case Token::Cut:
                return take_rest();
            case Token::Doctype:
                ended_ = true;
                return XmlRecord{XmlRecord::Sort::Doctype, token_from_, text_.size()};
            case Token::Passed:
                break;
            case Token::Close:
                if (depth_ > 0 && name_ != kTransaction) --depth_;
                break;
            case Token::Empty:
                any_element_ = true;
                break;
            case Token::Open:
                any_element_ = true;
                if (name_ == kTransaction) return take_transaction(token_from_);
                ++depth_;
        }
    }
    return std::nullopt;
}

}  // namespace aisle::pos
