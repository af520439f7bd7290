#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// Cuts a POSLog into its transactions before anything is parsed, so that a broken one cannot hide
// the next. Works on any encoding in which `<` is never part of another character (UTF-8, GBK,
// GB18030, Latin-1). Pure.
namespace aisle::pos {

struct XmlRecord {
    enum class Sort {
        Whole,       // from `<Transaction` to the end of its closing tag
        Broken,      // another transaction begins before this one has ended
        Incomplete,  // the text ends inside of it, or inside the document around
        Doctype,     // a document type: nothing behind it is read
    };
    Sort sort = Sort::Whole;
    std::size_t from = 0;
    std::size_t to = 0;
};

class XmlRecords {
public:
    explicit XmlRecords(std::string_view text) : text_{text} {}

    // Nothing at the end.
    std::optional<XmlRecord> next();

private:
    enum class Token { Open, Close, Empty, Passed, Doctype, Cut };
    Token take_token();
    Token take_tag();
    bool pass(std::string_view end);
    std::optional<XmlRecord> take_rest();
    XmlRecord take_transaction(std::size_t from);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t token_from_ = 0;
    std::string_view name_;  // local name of the tag just taken
    std::size_t depth_ = 0;  // open elements around the transactions
    bool any_element_ = false;
    bool ended_ = false;
};

}  // namespace aisle::pos
