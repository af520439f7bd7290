#pragma once

#include <functional>
#include <string>

#include "sync/hq/lease_book.hpp"

namespace aisle::hq {

// GET /api/v1/budgets:
// {"now","budgets":[{"campaign","total","spent","exposure","silent","free","recalled","stores":[
// {"store","epoch","granted","taken","returned","spent","exposure","away","until","heard",
// "wanted","closed"}]}]}. Money in minor units. `exposure` is the most that all stores together can
// still spend; `silent` is the part of it at stores that are away, who spend it unseen.
std::string budgets_json(const BudgetBook& book,
                         const std::function<bool(const std::string& store)>& away, WallTime now);

}  // namespace aisle::hq
