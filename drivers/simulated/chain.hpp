#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/money.hpp"

// The chain that the simulated shop belongs to: what it sells, who its members are, which tags it
// has enrolled.
namespace aisle::simulated {

struct Product {
    std::string sku;
    std::string gtin;  // 13 digits with a right check digit
    std::string text;
    std::string category;
    std::string brand;
    Money price;  // per piece, or per kg where by_weight
    Money cost;
    bool by_weight = false;
    std::string zone;
};

struct Member {
    std::string id;  // raw, as on the card: only the reference files and the tills know it
    std::string tier;
    bool wants_offers = false;
    bool links_tag = false;
};

struct Tag {
    std::string id;   // uuid/major/minor
    std::string mac;  // AA:BB:CC:DD:EE:FF
    std::string bearer;
    std::string label;
    int member = -1;  // index of the member who carries it
};

struct Chain {
    std::vector<Product> products;
    std::vector<Member> members;
    std::vector<Tag> trolleys;
    std::vector<Tag> member_tags;
    std::vector<std::string> zones;  // in the order of the walk
};

// The same for every seed but for who agreed to what.
Chain make_chain(std::uint64_t seed);

inline constexpr const char* kTagUuid = "7e1f0c52a3d94b6e8f21c4d5a6b7c8d9";

// The four files of the reference directory, by name.
struct ReferenceFile {
    std::string name;
    std::string bytes;
};
std::vector<ReferenceFile> reference_files(const Chain& chain, const std::string& consent_at);

}  // namespace aisle::simulated
