#pragma once

#include <string>
#include <string_view>

// Card numbers never touch disk, log or wire (PCI DSS 3.2-3.4; reference/pos.md section 4). Pure.
namespace aisle::intake {

struct Masked {
    std::string text;
    int cards = 0;   // card numbers replaced by `PAN:<brand>:****1234`
    int tracks = 0;  // magnetic stripe data dropped
};

// Free text: 14 to 19 digits, also in groups with single spaces or dashes between, are a card
// number if a brand's IIN range, that brand's length and Luhn's check agree. A run of 13 digits is
// left alone: GTIN-13 fills that space.
Masked mask_text(std::string_view text);

// Raw bytes of a till file or request, also broken ones: as mask_text, but what stands in an
// element or a JSON key for codes (POSItemID, ItemID, gtin, sku, ...) is left alone, and all digits
// in one for cards (AccountNumber, CardNumber, Track..., ...) are struck out whether or not they
// check.
Masked mask_bytes(std::string_view bytes);

}  // namespace aisle::intake
