#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// Tells, in bytes that may be broken XML or JSON, what stands in which sort of field. It does not
// parse: it looks for
// `<Name>`, `name="` and `"name":` and takes what follows. Pure, linear in the size.
namespace aisle::intake {

enum class FieldSort {
    Free,    // anything else: card numbers are looked for by their digits
    Code,    // article, receipt and transaction codes: left alone
    Secret,  // card, member and operator fields, stripes, signatures: struck out whole
};

struct FieldSpan {
    std::size_t from = 0;
    std::size_t to = 0;
    FieldSort sort = FieldSort::Free;
};

// Half-open spans that cover `bytes` from end to end, in order.
std::vector<FieldSpan> field_spans(std::string_view bytes);

// Of an element's, an attribute's or a key's name; a namespace prefix and upper case do not matter.
FieldSort field_sort(std::string_view name);

}  // namespace aisle::intake
