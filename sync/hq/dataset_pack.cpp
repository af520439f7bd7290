#include "sync/hq/dataset_pack.hpp"

#include <sodium.h>
#include <array>

#include "sync/hq/keys_member_code.hpp"
#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

// Rows as they go down, cut into parts between lines.
class Parts {
public:
    void add(std::string_view line) {
        if (parts_.empty() || parts_.back().size() + line.size() > kPartRawBytes)
            parts_.emplace_back();
        parts_.back() += line;
        ++rows_;
    }
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    // A delta without rows is one empty part: it only says for how long the data hold.
    std::vector<std::string> take() {
        if (parts_.empty()) parts_.emplace_back();
        return std::move(parts_);
    }

private:
    std::vector<std::string> parts_;
    std::int64_t rows_ = 0;
};

bool for_store(const MasterRow& row, const std::string& store) {
    return row.store.empty() || row.store == store;
}

// A delta is worth it while it is below half of a snapshot.
std::optional<std::int64_t> base_of(const DatasetTable& table, const PackOrder& order,
                                    const PseudonymKey* store_key) {
    if (!order.base || *order.base < table.horizon || *order.base > table.version)
        return std::nullopt;
    // What the store has is under an earlier key. Versions count seconds, as the key's birth does.
    if (table.name == wire::Dataset::Members && store_key != nullptr &&
        store_key->made.time_since_epoch() / seconds{1} >= *order.base)
        return std::nullopt;
    std::int64_t changed = 0;
    std::int64_t all = 0;
    for (const auto& row : table.rows) {
        if (!for_store(row, order.store)) continue;
        if (row.changed > *order.base) ++changed;
        if (!row.gone) ++all;
    }
    return changed * 2 > all ? std::nullopt : order.base;
}

void append_line(std::string& line, const MasterRow& row, const MemberCoder* coder) {
    const std::string key = coder == nullptr ? row.key : coder->pseudonym(row.key);
    if (row.gone)
        line += "{\"key\":" + wire::quoted(key) + ",\"gone\":true}";
    else if (coder == nullptr)
        line += row.text;
    else
        line += "{\"member\":\"" + key + '"' + row.text;
    line += '\n';
}

}  // namespace

Result<Pack> pack_dataset(const DatasetTable& table, const PackOrder& order,
                          const PseudonymKey* store_key, const wire::SigningKey& key) {
    const bool members = table.name == wire::Dataset::Members;
    if (members && store_key == nullptr) return denied(order.store + " has no key at HQ");
    std::optional<MemberCoder> coder;
    if (members) coder.emplace(store_key->hex);

    Pack pack{.order = order, .version = table.version};
    pack.order.base = base_of(table, order, store_key);
    Parts parts;
    std::string line;
    for (const auto& row : table.rows) {
        if (!for_store(row, order.store)) continue;
        if (pack.order.base ? row.changed <= *pack.order.base : row.gone) continue;
        line.clear();
        append_line(line, row, coder ? &*coder : nullptr);
        parts.add(line);
    }
    pack.rows = parts.rows();
    wire::DatasetHeader header{.store = order.store,
                               .name = table.name,
                               .version = table.version,
                               .base = pack.order.base,
                               .valid_until = table.valid_until,
                               .n = parts.rows(),
                               .member_key = members ? store_key->id : std::string{}};
    const auto texts = parts.take();
    header.sha256 = wire::rows_digest(texts);
    header.parts = static_cast<std::int64_t>(texts.size());
    if (header.parts > wire::kDatasetPartsMax) return full("more parts than the wire allows");
    for (const auto& text : texts) {
        pack.parts.push_back(wire::compress_sealed(
            wire::seal(wire::Purpose::Data, key, wire::header_line(header) + '\n' + text)));
        ++header.part;
    }
    return pack;
}

}  // namespace aisle::hq
