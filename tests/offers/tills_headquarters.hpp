#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>

#include "tills_oracle.hpp"

namespace aisle::offers::tills {

// The chain's side of leased budgets: what is granted is gone at once and comes back only by the
// store's own word, which is a sum and may come twice, late or out of order. A store that is cut
// off neither hears nor says anything.
class Headquarters {
public:
    struct Grant {
        std::string id;
        std::string campaign;
        std::int64_t amount = 0;
    };

    void set(const std::string& campaign, std::int64_t total) { books_[campaign].total = total; }

    void ask(int store, const std::string& campaign) {
        Book& book = books_[campaign];
        std::int64_t free = book.total;
        for (const auto& [who, part] : book.parts) free -= part.granted - part.returned;
        const std::int64_t amount = std::min(free, book.total / 20 + 2'500);
        if (amount <= 0) return;
        book.parts[store].granted += amount;
        on_the_way[store].push_back(
            {.id = std::to_string(++grants_), .campaign = campaign, .amount = amount});
    }
    void returned(int store, const std::string& campaign, std::int64_t sum) {
        auto& part = books_[campaign].parts[store];
        part.returned = std::max(part.returned, sum);
    }

    std::map<int, std::deque<Grant>> on_the_way;  // until the store has committed them

private:
    struct Part {
        std::int64_t granted = 0;
        std::int64_t returned = 0;
    };
    struct Book {
        std::int64_t total = 0;
        std::map<int, Part> parts;
    };
    std::map<std::string, Book> books_;
    std::int64_t grants_ = 0;
};

}  // namespace aisle::offers::tills
