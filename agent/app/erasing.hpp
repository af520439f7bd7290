#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"

namespace aisle::app {

inline constexpr std::string_view kErasingRoom = "erasing";
// Persons at once; of one beyond them a crash may leave what stands under their other names.
inline constexpr std::size_t kErasingMax = 10'000;

// Whose records are on their way out. The engines forget a person in one transaction, and with the
// person which names were theirs; the journal lets go of the names one after the other, later.
// Until it has, the names are kept here, so that who asks again after a crash (HQ does until it is
// answered) asks for all of them. Loop thread only.
class Erasing {
public:
    void restore(std::span<const StateChange> rows);

    struct Begun {
        std::vector<MemberKey> names;  // each once, with those that an earlier try has left
        std::vector<StateChange> rows;
    };
    // `names` as the engines know them now; the rows belong into the transaction that forgets them.
    Begun begin(const MemberKey& member, const std::vector<std::string>& names);
    // Whom an earlier life has not finished with, each with all names.
    struct Open {
        MemberKey member;
        std::vector<MemberKey> names;
    };
    [[nodiscard]] std::vector<Open> open() const;
    // The journal has let go of all of them.
    std::vector<StateChange> done(const MemberKey& member);

private:
    std::map<std::string, std::vector<std::string>> open_;  // names by the key of the row
};

}  // namespace aisle::app
