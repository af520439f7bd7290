#include <random>

#include "interpreted.hpp"
#include "judging.hpp"

// Conditions laid out flat answer as the same JSON walked from the top, three-valued.
namespace aisle::conditions {
namespace {

namespace json = boost::json;

class Maker {
public:
    explicit Maker(unsigned seed) : random_{seed} {}

    json::object condition(int depth) {
        json::object made;
        for (int left = small(3) + (depth == 0 ? 1 : 0); left > 0; --left) {
            const int kind = depth > 3 ? 9 : small(9);
            if (kind == 0)
                made["$and"] = several(depth);
            else if (kind == 1)
                made["$or"] = several(depth);
            else if (kind == 2)
                made["$nor"] = several(depth);
            else if (kind == 3)
                made["$not"] = condition(depth + 1);
            else
                made[key()] = field();
        }
        return made;
    }

    Facts facts() {
        Facts made;
        for (const char* const name : {"a", "b", "c", "d"}) {
            if (small(3) == 0) continue;
            switch (small(4)) {
                case 0:
                    made.set(name, std::int64_t{small(4)});
                    break;
                case 1:
                    made.set(name, 0.5 * small(8));
                    break;
                case 2:
                    made.set(name, std::string{word()});
                    break;
                default:
                    made.set(name, to_list({word(), "z"}));
            }
        }
        return made;
    }

private:
    int small(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    std::string key() { return std::string(1, static_cast<char>('a' + small(4))); }
    std::string word() { return small(2) ? "x" : "y"; }
    json::array several(int depth) {
        json::array all;
        for (int left = 1 + small(3); left > 0; --left) all.push_back(condition(depth + 1));
        return all;
    }
    json::value scalar() { return small(2) ? json::value(small(4)) : json::value(word()); }
    json::value field() {
        if (small(3) == 0) return scalar();
        json::object ops;
        for (int left = 1 + small(2); left > 0; --left) {
            switch (small(6)) {
                case 0:
                    ops["$gte"] = small(4);
                    break;
                case 1:
                    ops["$lt"] = small(4);
                    break;
                case 2:
                    ops["$ne"] = scalar();
                    break;
                case 3:
                    ops["$in"] = json::array{scalar(), scalar()};
                    break;
                case 4:
                    ops["$exists"] = small(2) == 1;
                    break;
                default:
                    ops["$eq"] = scalar();
            }
        }
        return ops;
    }

    std::mt19937 random_;
};

TEST(FlatConditions, AnswerAsTheTreeDoes) {
    Maker make{2};
    std::array<int, 3> seen{};
    for (int i = 0; i < 4'000; ++i) {
        // Several over one numbering, so that they share facts and questions.
        Slots slots;
        std::vector<json::object> trees;
        std::vector<Condition> compiled;
        for (int n = 0; n < 3; ++n) {
            trees.push_back(make.condition(0));
            auto one = Condition::compile(trees.back(), slots, "when");
            ASSERT_TRUE(one) << json::serialize(trees.back());
            compiled.push_back(*one);
        }
        const Facts facts = make.facts();
        Bound bound{slots, kit::kNoon};
        bound.add(facts);
        const bench::Interpreter walked{{&facts}, kit::kNoon};
        for (std::size_t n = 0; n < trees.size(); ++n) {
            const Truth truth = compiled[n].test(bound);
            ASSERT_EQ(truth, walked.test(trees[n])) << json::serialize(trees[n]);
            ++seen.at(static_cast<std::size_t>(truth));
        }
    }
    for (const int n : seen) EXPECT_GT(n, 500) << "each of the three answers is there";
}

}  // namespace
}  // namespace aisle::conditions
